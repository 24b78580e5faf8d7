import { z } from 'zod';
import { defineScene, imageInput } from 'bespoke/template';
import { brand } from './brand.ts';
import { wordsForYear } from './months.ts';
import { offerFor } from './offers.ts';
import { plans } from './record.ts';
import { wordsForTenure } from './tenure-words.ts';
import { tenureBands, tenureSchema } from './tenure.ts';

export const intro = defineScene({
  inputs: z.object({}),
  durationInFrames: 108,
  captions: () => [
    { fromFrame: 0, toFrame: 30, text: '[Warm keys open, a pulse begins]' },
    { fromFrame: 30, toFrame: 100, text: 'Your year in review' },
  ],
  sounds: [{ file: 'whoosh.wav', atFrame: 96, gain: 0.16 }],
});

export const greeting = defineScene({
  inputs: z.object({ firstName: z.string(), photo: imageInput, locale: z.string() }),
  durationInFrames: 72,
  captions: ({ firstName }) => [
    { fromFrame: 4, toFrame: 38, text: `Hello, ${firstName}` },
    { fromFrame: 38, toFrame: 70, text: 'Twelve months, and every one of them yours.' },
  ],
  sounds: [{ file: 'whoosh.wav', atFrame: 60, gain: 0.16 }],
});

export const category = defineScene({
  inputs: z.object({ category: z.string() }),
  durationInFrames: 108,
  captions: ({ category }) => [
    { fromFrame: 4, toFrame: 30, text: '[The music gathers]' },
    { fromFrame: 30, toFrame: 102, text: `You kept coming back to ${category}` },
  ],
  sounds: [{ file: 'whoosh.wav', atFrame: 96, gain: 0.18 }],
});

export const year = defineScene({
  inputs: z.object({ months: z.array(z.number().min(0)).length(12), locale: z.string() }),
  durationInFrames: 144,
  captions: ({ months, locale }) => {
    const words = wordsForYear(months, locale);
    const best = words.best === undefined ? '' : ` (${words.best.value})`;
    return [
      { fromFrame: 2, toFrame: 26, text: '[The beat drops in]' },
      { fromFrame: 26, toFrame: 74, text: `${words.total} ${words.caption}` },
      { fromFrame: 74, toFrame: 138, text: `${words.label}: ${words.highlight}${best}` },
    ];
  },
  sounds: [
    { file: 'chime.wav', atFrame: 72, gain: 0.2 },
    { file: 'whoosh.wav', atFrame: 132, gain: 0.18 },
  ],
});

export const tenure = defineScene({
  inputs: z.object({
    tenure: tenureSchema,
    /** ISO `YYYY-MM`: the day is not shown, and with it no one else could share the clip. */
    joined: z.string().regex(/^\d{4}-\d{2}$/),
    city: z.string(),
    locale: z.string(),
  }),
  durationInFrames: 72,
  captions: ({ tenure: length, joined, city, locale }) => {
    const words = wordsForTenure(length, joined, locale);
    const what = words.number === undefined ? words.words : `${words.number} ${words.words}`;
    return [
      { fromFrame: 4, toFrame: 38, text: `${words.lead} ${what}` },
      { fromFrame: 38, toFrame: 70, text: `${words.joinedLabel} ${words.joined}, ${city}` },
    ];
  },
  sounds: [{ file: 'whoosh.wav', atFrame: 60, gain: 0.16 }],
});

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

export const outro = defineScene({
  inputs: z.object({}),
  durationInFrames: 72,
  captions: () => [
    { fromFrame: 2, toFrame: 20, text: '[The music resolves]' },
    { fromFrame: 20, toFrame: 66, text: `Here’s to the next twelve. ${brand.name}` },
  ],
});
