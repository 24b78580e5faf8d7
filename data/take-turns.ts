/** Runs what it is given one after another, in the order in which it is given. */
export function takeTurns(): <T>(run: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return async (run) => {
    const mine = last.then(run);
    // The next one runs whether this one succeeds or not.
    last = mine.catch(() => undefined);
    return mine;
  };
}
