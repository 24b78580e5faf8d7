/** Prints a measurement. */
export const say = (what: string, value: number, unit: string): void => {
  process.stdout.write(`${what.padEnd(62)} ${value.toFixed(1).padStart(9)} ${unit}\n`);
};

/** How long something takes. */
export async function millisecondsOf(run: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}
