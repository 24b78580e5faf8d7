import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { sizingWords } from '../../copy.ts';
import { beats } from '../../rhythm.ts';

/** Stands in while a result is being drawn. */
export const sizing = defineScene({
  inputs: z.object({}),
  durationInFrames: beats(7),
  captions: () => [
    { fromFrame: 8, toFrame: 56, text: sizingWords.line },
    { fromFrame: 56, toFrame: 116, text: sizingWords.after },
  ],
});
