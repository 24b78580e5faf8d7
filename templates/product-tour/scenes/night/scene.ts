import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { kinds, nightWords } from '../../copy.ts';
import { beats } from '../../rhythm.ts';

/** What became of the evening. */
export const night = defineScene({
  inputs: z.object({ kept: z.enum(kinds) }),
  durationInFrames: beats(9),
  captions: ({ kept }) => [
    { fromFrame: 10, toFrame: 50, text: nightWords[kept].line },
    { fromFrame: 50, toFrame: 108, text: nightWords[kept].after },
    { fromFrame: 108, toFrame: 156, text: nightWords[kept].morning },
  ],
  sounds: [{ file: 'switch.wav', atFrame: 20, gain: 0.3 }],
});
