import { z } from 'zod';
import { imageInput } from '../../../../video/story/image.ts';
import { defineScene } from '../../../../video/story/scene.ts';

export const greeting = defineScene({
  inputs: z.object({ firstName: z.string(), photo: imageInput, locale: z.string() }),
  durationInFrames: 72,
  captions: ({ firstName }) => [
    { fromFrame: 4, toFrame: 38, text: `Hello, ${firstName}` },
    { fromFrame: 38, toFrame: 70, text: 'Twelve months, and every one of them yours.' },
  ],
  sounds: [{ file: 'whoosh.wav', atFrame: 60, gain: 0.16 }],
});
