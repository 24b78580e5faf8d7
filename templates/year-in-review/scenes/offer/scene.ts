import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { offerFor } from '../../offers.ts';
import { plans } from '../../record.ts';
import { tenureBands } from '../../tenure.ts';

export const offer = defineScene({
  inputs: z.object({ plan: z.enum(plans), tenureBand: z.enum(tenureBands) }),
  durationInFrames: 144,
  captions: ({ plan, tenureBand }) => {
    const words = offerFor(plan, tenureBand);
    return [
      { fromFrame: 6, toFrame: 44, text: words.thanks },
      { fromFrame: 44, toFrame: 96, text: `${words.amount} ${words.what}` },
      { fromFrame: 96, toFrame: 138, text: words.detail },
    ];
  },
  sounds: [
    { file: 'chime.wav', atFrame: 36, gain: 0.18 },
    { file: 'whoosh.wav', atFrame: 132, gain: 0.16 },
  ],
});
