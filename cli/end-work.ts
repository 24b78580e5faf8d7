import type { RunningWorker } from '../worker/compose.ts';
import { withinTime } from '../worker/core/within-time.ts';

/** Seconds that running work may take to end after a process was asked to stop. */
export const defaultGrace = 30;

/**
 * Ends a worker. Running clips have that time to end; then their jobs return to the queue.
 *
 * @param others further work that has the same time to end.
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
  // The drain may still fail or end when its jobs are returned; its outcome no longer matters.
  await worker?.stop('abort');
  return true;
}
