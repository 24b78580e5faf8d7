import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { invoiceLines, invoiceWords } from '../../copy.ts';
import { plans } from '../../record.ts';

export const invoice = defineScene({
  inputs: z.object({ plan: z.enum(plans) }),
  durationInFrames: 112,
  captions: ({ plan }) => {
    const [first, second, third] = invoiceLines(plan).map(([what, how]) => `${what}: ${how}`);
    return [
      { fromFrame: 6, toFrame: 36, text: invoiceWords.line },
      { fromFrame: 36, toFrame: 60, text: first ?? '' },
      { fromFrame: 60, toFrame: 84, text: second ?? '' },
      { fromFrame: 84, toFrame: 108, text: third ?? '' },
    ];
  },
  sounds: [{ file: 'whoosh.wav', atFrame: 103, gain: 0.14 }],
});
