import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { questionWords } from '../../copy.ts';
import { beats } from '../../rhythm.ts';

export const question = defineScene({
  inputs: z.object({}),
  durationInFrames: beats(7),
  captions: () => [
    { fromFrame: 8, toFrame: 60, text: questionWords.line },
    { fromFrame: 60, toFrame: 116, text: questionWords.after },
  ],
});
