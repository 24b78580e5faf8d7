import { z } from 'zod';
import { imageInput } from '../../../../video/story/image.ts';
import { defineScene } from '../../../../video/story/scene.ts';
import { greetingWords } from '../../copy.ts';
import { beats } from '../../rhythm.ts';

export const greeting = defineScene({
  inputs: z.object({ firstName: z.string(), photo: imageInput, locale: z.string() }),
  durationInFrames: beats(8),
  captions: ({ firstName }) => [
    { fromFrame: 0, toFrame: 18, text: '[Bright, plucked music]' },
    { fromFrame: 18, toFrame: 58, text: `${greetingWords.before}, ${firstName}` },
    { fromFrame: 58, toFrame: 132, text: greetingWords.after },
  ],
  sounds: [{ file: 'chime.wav', atFrame: 18, gain: 0.22 }],
});
