import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a computation may hold the event loop, in milliseconds. */
const longestHoldMs = 20;

/** Of all computations that wait for their next turn, one gets it in each turn of the event loop. */
let waiting: Promise<void> = Promise.resolve();

/**
 * Lets a long computation share the event loop with what else its process does. Call the result between
 * small steps, and wait for what it returns: nothing while the computation has not held the loop for long.
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
