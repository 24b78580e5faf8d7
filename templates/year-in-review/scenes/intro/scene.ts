import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';

export const intro = defineScene({
  inputs: z.object({}),
  durationInFrames: 108,
  captions: () => [
    { fromFrame: 0, toFrame: 30, text: '[Warm keys open, a pulse begins]' },
    { fromFrame: 30, toFrame: 100, text: 'Your year in review' },
  ],
  sounds: [{ file: 'whoosh.wav', atFrame: 96, gain: 0.16 }],
});
