import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { personalWords } from '../../copy.ts';
import { segments } from '../../record.ts';

/** The only scene that is about one person. */
export const personal = defineScene({
  inputs: z.object({
    firstName: z.string(),
    renewalDate: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
    segment: z.enum(segments),
    locale: z.string(),
  }),
  durationInFrames: 75,
  captions: ({ firstName, renewalDate, segment, locale }) => {
    const { before, date } = personalWords(segment, renewalDate, locale);
    return [
      { fromFrame: 6, toFrame: 24, text: `${firstName},` },
      { fromFrame: 24, toFrame: 72, text: `${before} ${date}.` },
    ];
  },
  sounds: [
    { file: 'chime.wav', atFrame: 18, gain: 0.16 },
    { file: 'whoosh.wav', atFrame: 66, gain: 0.14 },
  ],
});
