import type { PartHealth } from './dependencies.ts';

const rememberedMs = 2_000;

/** Asks at most every two seconds, however many ask us: looking at a store writes to it. */
export function createHealthMemory(
  health: () => Promise<readonly PartHealth[]>,
  now: () => Date,
): () => Promise<readonly PartHealth[]> {
  let asked: { readonly at: number; readonly answer: Promise<readonly PartHealth[]> } | undefined;
  return () => {
    const time = now().getTime();
    if (asked === undefined || time - asked.at >= rememberedMs) asked = { at: time, answer: health() };
    return asked.answer;
  };
}
