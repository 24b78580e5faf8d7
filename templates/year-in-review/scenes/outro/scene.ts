import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { brand } from '../../brand.ts';

export const outro = defineScene({
  inputs: z.object({}),
  durationInFrames: 72,
  captions: () => [
    { fromFrame: 2, toFrame: 20, text: '[The music resolves]' },
    { fromFrame: 20, toFrame: 66, text: `Here’s to the next twelve. ${brand.name}` },
  ],
});
