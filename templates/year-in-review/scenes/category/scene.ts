import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';

export const category = defineScene({
  inputs: z.object({ category: z.string() }),
  durationInFrames: 108,
  captions: ({ category }) => [
    { fromFrame: 4, toFrame: 30, text: '[The music gathers]' },
    { fromFrame: 30, toFrame: 102, text: `You kept coming back to ${category}` },
  ],
  sounds: [{ file: 'whoosh.wav', atFrame: 96, gain: 0.18 }],
});
