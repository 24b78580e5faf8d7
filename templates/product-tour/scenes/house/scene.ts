import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { hubWords, tagWords } from '../../copy.ts';
import { beats } from '../../rhythm.ts';

const inputs = z.object({
  sun: z.boolean(),
  store: z.boolean(),
  drive: z.boolean(),
  warmth: z.boolean(),
});

/** What was looked at, of four. */
export const seenCount = (seen: z.infer<typeof inputs>): number => Object.values(seen).filter(Boolean).length;

export const hubLine = (seen: z.infer<typeof inputs>): string =>
  seenCount(seen) === 0 ? hubWords.first : seenCount(seen) === 4 ? hubWords.all : hubWords.again;

/** The hub: it loops, and is shorter once something has been looked at. */
export const house = defineScene({
  inputs,
  durationInFrames: (seen) => beats(seenCount(seen) === 0 ? 8 : 6),
  captions: (seen) => [
    { fromFrame: 6, toFrame: 50, text: hubLine(seen) },
    {
      fromFrame: 50,
      toFrame: 102,
      text: `${tagWords.sun}, ${tagWords.store}, ${tagWords.drive}, ${tagWords.warmth} – or: ${tagWords.evening}`,
    },
  ],
});
