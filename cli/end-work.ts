import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningWorker } from '../worker/compose.ts';

/** Seconds that running work may take to end after a process was asked to stop. */
export const defaultGrace = 30;

/**
 * Ends a worker: running clips may end within the time, then they are given back.
 *
 * @param others what else has to end within that time; nobody waits for it any longer.
 * @returns whether anything was cut short.
 */
export async function endWork(
  worker: Pick<RunningWorker, 'stop'> | undefined,
  graceSeconds: number,
  others: readonly Promise<unknown>[] = [],
): Promise<boolean> {
  const late = new AbortController();
  const timeUp = sleep(graceSeconds * 1000, true, { signal: late.signal }).catch(() => false);
  const drained = Promise.all([worker?.stop('drain'), ...others]).then(() => false);
  const cut = await Promise.race([drained, timeUp]);
  late.abort();
  if (!cut) return false;
  // What is given back here may make the drain that was begun fail or end; it has nothing more to tell.
  drained.catch(() => undefined);
  await worker?.stop('abort');
  return true;
}
