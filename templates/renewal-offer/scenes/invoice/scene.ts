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
      { fromFrame: 6, toFrame: 30, text: invoiceWords.line },
      { fromFrame: 30, toFrame: 46, text: first ?? '' },
      { fromFrame: 46, toFrame: 62, text: second ?? '' },
      { fromFrame: 62, toFrame: 78, text: third ?? '' },
      { fromFrame: 78, toFrame: 108, text: `${invoiceWords.total}: 1` },
    ];
  },
  sounds: [{ file: 'whoosh.wav', atFrame: 103, gain: 0.14 }],
});
