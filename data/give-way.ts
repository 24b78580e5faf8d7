import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a computation may hold the event loop, in milliseconds. */
const longestHoldMs = 20;

/** In each turn of the event loop, one of the waiting computations continues. */
let waiting: Promise<void> = Promise.resolve();

/**
 * Lets a long computation share the event loop with the other work of its process. Call the result between
 * small steps and await its return value: `undefined` while the computation has not held the loop for long.
 */
export function createGiveWay(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < longestHoldMs) return undefined;
    waiting = waiting.then(() => nextTurn());
    return waiting.then(() => {
      since = performance.now();
    });
  };
}
