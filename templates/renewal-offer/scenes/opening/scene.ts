import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { openings } from '../../copy.ts';

/** Segments with this opening; those at risk have one of their own. */
const openingSegments = ['loyal', 'new', 'business'] as const;

export const opening = defineScene({
  inputs: z.object({ segment: z.enum(openingSegments) }),
  durationInFrames: 75,
  captions: ({ segment }) => [
    { fromFrame: 0, toFrame: 10, text: '[Calm, confident music]' },
    { fromFrame: 10, toFrame: 42, text: openings[segment].line },
    { fromFrame: 42, toFrame: 72, text: openings[segment].after },
  ],
  sounds: [{ file: 'whoosh.wav', atFrame: 66, gain: 0.14 }],
});
