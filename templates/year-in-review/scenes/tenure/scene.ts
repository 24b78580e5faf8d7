import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { tenureSchema } from '../../tenure.ts';
import { wordsForTenure } from '../../tenure-words.ts';

export const tenure = defineScene({
  inputs: z.object({
    tenure: tenureSchema,
    /** ISO `YYYY-MM`: the day would make a clip nobody else can share, and is not shown. */
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
