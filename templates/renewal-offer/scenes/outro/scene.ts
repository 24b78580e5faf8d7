import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { brand } from '../../brand.ts';
import { closing } from '../../copy.ts';

export const outro = defineScene({
  inputs: z.object({}),
  durationInFrames: 84,
  captions: () => [
    { fromFrame: 4, toFrame: 30, text: closing.line },
    { fromFrame: 30, toFrame: 66, text: `${closing.call} ${brand.website}` },
    { fromFrame: 66, toFrame: 84, text: '[The music comes to rest]' },
  ],
});
