import type { RunningWorker } from '../worker/compose.ts';
import { withinTime } from '../worker/core/within-time.ts';

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
  const late = new Error('late');
  const drained = Promise.all([worker?.stop('drain'), ...others]);
  try {
    await withinTime(drained, graceSeconds * 1000, () => late);
    return false;
  } catch (error) {
    if (error !== late) throw error;
  }
  // A drain that goes on may fail or end when its jobs are given back; it has nothing more to say.
  await worker?.stop('abort');
  return true;
}
