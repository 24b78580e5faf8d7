import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { benefits as words } from '../../copy.ts';
import { plans } from '../../record.ts';

export const benefits = defineScene({
  inputs: z.object({ plan: z.enum(plans) }),
  durationInFrames: 112,
  captions: ({ plan }) => {
    const { line, things } = words[plan];
    return [
      { fromFrame: 6, toFrame: 32, text: line },
      { fromFrame: 32, toFrame: 50, text: things[0] },
      { fromFrame: 50, toFrame: 68, text: things[1] },
      { fromFrame: 68, toFrame: 108, text: things[2] },
    ];
  },
  sounds: [{ file: 'whoosh.wav', atFrame: 103, gain: 0.14 }],
});
