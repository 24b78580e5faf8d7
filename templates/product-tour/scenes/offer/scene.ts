import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { brand } from '../../brand.ts';
import { offerWords } from '../../copy.ts';
import { homes } from '../../record.ts';
import { beats } from '../../rhythm.ts';

export const offer = defineScene({
  inputs: z.object({ home: z.enum(homes) }),
  durationInFrames: beats(10),
  captions: ({ home }) => [
    { fromFrame: 8, toFrame: 60, text: offerWords[home].line },
    { fromFrame: 60, toFrame: 112, text: offerWords[home].after },
    { fromFrame: 112, toFrame: 172, text: `Book it at ${brand.website}` },
  ],
  sounds: [{ file: 'chime.wav', atFrame: 54, gain: 0.2 }],
});
