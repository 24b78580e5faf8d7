import { setTimeout as sleep } from 'node:timers/promises';

/** How often the tables are asked whether running work is still wanted. */
const lookMs = 1_000;

/**
 * Does work for as long as it is wanted, and aborts it soon after it is not.
 *
 * @param isWanted asks the tables, so that it does not matter which process cancelled the work. When asking
 * fails, the work continues.
 * @returns `undefined` when the work was no longer wanted before it was done.
 */
export async function whileWanted<T>(
  isWanted: () => Promise<boolean>,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const unwanted = new AbortController();
  const ended = new AbortController();

  async function look(): Promise<void> {
    while (!unwanted.signal.aborted) {
      await sleep(lookMs, undefined, { signal: ended.signal }).catch(() => undefined);
      if (ended.signal.aborted) return;
      if (!(await isWanted().catch(() => true))) unwanted.abort();
    }
  }

  void look();
  try {
    return await work(AbortSignal.any([signal, unwanted.signal]));
  } catch (error) {
    if (unwanted.signal.aborted && !signal.aborted) return undefined;
    throw error;
  } finally {
    ended.abort();
  }
}
