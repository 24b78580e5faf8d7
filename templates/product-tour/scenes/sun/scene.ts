import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { sunWords } from '../../copy.ts';
import { homes } from '../../record.ts';
import { beats } from '../../rhythm.ts';

export const sun = defineScene({
  inputs: z.object({ home: z.enum(homes) }),
  durationInFrames: beats(7),
  captions: ({ home }) => [
    { fromFrame: 10, toFrame: 56, text: sunWords[home].line },
    { fromFrame: 56, toFrame: 116, text: sunWords[home].after },
  ],
  sounds: [{ file: 'switch.wav', atFrame: 36, gain: 0.3 }],
});
