import { setTimeout as sleep } from 'node:timers/promises';

/** What bounds a piece of work. */
export interface TimeLimit {
  readonly ms: number;
  /** The caller's own, which is passed on to the work. */
  readonly signal?: AbortSignal;
  /** What the work is aborted with, and its caller gets, when the time is up. */
  readonly late: () => Error;
}

/**
 * Does work within a time limit. When the time is up, the work's signal fires and the caller has the
 * error at once, whether or not the work heeds its signal. When the caller's own signal fires, the work's
 * fires too, and the caller waits for the work to end.
 *
 * The timer is held here until the work has ended. `AbortSignal.timeout` is not used anywhere: combined with
 * another signal by `AbortSignal.any` it is collected as garbage before it fires (nodejs/node#57736).
 *
 * @param work is also given a function that begins the time again, for work that consists of many pieces.
 */
export async function withTimeLimit<T>(
  { ms, signal, late }: TimeLimit,
  work: (signal: AbortSignal, renew: () => void) => Promise<T>,
): Promise<T> {
  const limited = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = late();
      // Before the signal fires, so that the caller gets this error and not one that the work throws when aborted.
      reject(error);
      limited.abort(error);
    }, ms);
  });
  const passOn = (): void => limited.abort(signal?.reason);
  signal?.addEventListener('abort', passOn, { once: true });
  if (signal?.aborted === true) passOn();
  const working = (async () => work(limited.signal, () => timer?.refresh()))();
  try {
    return await Promise.race([working, deadline]);
  } finally {
    clearTimeout(timer);
    timer = undefined;
    signal?.removeEventListener('abort', passOn);
    working.catch(() => undefined);
  }
}

/** Waits for an operation that nothing can abort for at most `ms` milliseconds, then rejects with what `late` makes. */
export function withinTime<T>(operation: Promise<T>, ms: number, late: () => Error): Promise<T> {
  return withTimeLimit({ ms, late }, () => operation);
}

/** Waits for `work`, and rejects at once with the signal's reason when that fires, whether or not the work heeds it. */
export async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => {
      const reason: unknown = signal.reason;
      reject(reason instanceof Error ? reason : new Error('aborted', { cause: reason }));
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    work.catch(() => undefined);
  }
}

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
