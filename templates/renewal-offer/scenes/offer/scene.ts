import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { offerFor } from '../../copy.ts';
import { plans, segments } from '../../record.ts';

export const offer = defineScene({
  inputs: z.object({ segment: z.enum(segments), plan: z.enum(plans) }),
  durationInFrames: 113,
  captions: ({ segment, plan }) => {
    const words = offerFor(segment, plan);
    return [
      { fromFrame: 4, toFrame: 20, text: `${words.before}:` },
      { fromFrame: 20, toFrame: 68, text: `${words.amount} ${words.unit} ${words.what}` },
      { fromFrame: 68, toFrame: 109, text: words.detail },
    ];
  },
  sounds: [
    { file: 'chime.wav', atFrame: 16, gain: 0.2 },
    { file: 'whoosh.wav', atFrame: 104, gain: 0.14 },
  ],
});
