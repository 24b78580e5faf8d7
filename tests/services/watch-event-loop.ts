import { setTimeout as sleep } from 'node:timers/promises';

/** What happened to the process while something ran in it. */
export interface Watched<T> {
  readonly result: T;
  /**
   * The longest time for which nothing else could run, in milliseconds of the processor: what other processes take
   * meanwhile does not count.
   */
  readonly longestMs: number;
  /** How much the process grew. */
  readonly grownBytes: number;
}

const tickMs = 5;

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Runs something and measures what else its process could do meanwhile, and how much memory it took. */
export async function watchEventLoop<T>(run: () => Promise<T>): Promise<Watched<T>> {
  const before = process.memoryUsage.rss();
  let most = before;
  let longestMs = 0;
  let last = { wall: performance.now(), cpu: cpuMs() };
  const tick = (): void => {
    const now = { wall: performance.now(), cpu: cpuMs() };
    longestMs = Math.max(longestMs, Math.min(now.wall - last.wall, now.cpu - last.cpu));
    last = now;
    most = Math.max(most, process.memoryUsage.rss());
  };
  const timer = setInterval(tick, tickMs);
  try {
    const result = await run();
    // A hold is noticed when it is over.
    await sleep(2 * tickMs);
    tick();
    return { result, longestMs, grownBytes: most - before };
  } finally {
    clearInterval(timer);
  }
}
