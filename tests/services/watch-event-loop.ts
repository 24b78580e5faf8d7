import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** What happened to the process while something ran in it. */
export interface Watched<T> {
  readonly result: T;
  /** The longest time for which nothing else could run. */
  readonly longestMs: number;
  /** How much the process grew. */
  readonly grownBytes: number;
}

/** Runs something and measures what else its process could do meanwhile, and how much memory it took. */
export async function watchEventLoop<T>(run: () => Promise<T>): Promise<Watched<T>> {
  const resolution = 5;
  const delay = monitorEventLoopDelay({ resolution });
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, resolution);
  delay.enable();
  try {
    const result = await run();
    // A hold is noticed when it is over.
    await sleep(2 * resolution);
    most = Math.max(most, process.memoryUsage.rss());
    return { result, longestMs: delay.max / 1e6, grownBytes: most - before };
  } finally {
    clearInterval(timer);
    delay.disable();
  }
}
