import { z } from 'zod';
import { defineScene } from 'bespoke/template';
import { brand } from './brand.ts';
import {
  benefitWords,
  closing,
  invoiceLines,
  invoiceWords,
  offerFor,
  openings,
  personalWords,
} from './copy.ts';
import { plans, segments } from './record.ts';

/** Segments with this opening; those at risk have one of their own. */
const openingSegments = ['loyal', 'new', 'business'] as const;

export const opening = defineScene({
  inputs: z.object({ segment: z.enum(openingSegments) }),
  durationInFrames: 75,
  captions: ({ segment }) => [
    { fromFrame: 0, toFrame: 10, text: '[Calm, confident music]' },
    { fromFrame: 10, toFrame: 42, text: openings[segment].line },
    { fromFrame: 42, toFrame: 72, text: openings[segment].after },
  ],
  sounds: [{ file: 'whoosh.wav', atFrame: 66, gain: 0.14 }],
});

export const comeback = defineScene({
  inputs: z.object({}),
  durationInFrames: 75,
  captions: () => [
    { fromFrame: 0, toFrame: 10, text: '[Calm, confident music]' },
    { fromFrame: 10, toFrame: 42, text: openings['at-risk'].line },
    { fromFrame: 42, toFrame: 72, text: openings['at-risk'].after },
  ],
  sounds: [
    { file: 'chime.wav', atFrame: 24, gain: 0.12 },
    { file: 'whoosh.wav', atFrame: 66, gain: 0.14 },
  ],
});

/** The only scene that is about one person. */
export const personal = defineScene({
  inputs: z.object({
    firstName: z.string(),
    /** ISO `YYYY-MM-DD`, or `YYYY-MM` where only the month is shown. */
    renewalDate: z.string().regex(/^\d{4}-\d{2}(?:-\d{2})?$/),
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

export const benefits = defineScene({
  inputs: z.object({ plan: z.enum(plans) }),
  durationInFrames: 112,
  captions: ({ plan }) => {
    const { line, things } = benefitWords[plan];
    return [
      { fromFrame: 6, toFrame: 32, text: line },
      { fromFrame: 32, toFrame: 50, text: things[0] },
      { fromFrame: 50, toFrame: 68, text: things[1] },
      { fromFrame: 68, toFrame: 108, text: things[2] },
    ];
  },
  sounds: [{ file: 'whoosh.wav', atFrame: 103, gain: 0.14 }],
});

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

export const outro = defineScene({
  inputs: z.object({}),
  durationInFrames: 84,
  captions: () => [
    { fromFrame: 4, toFrame: 30, text: closing.line },
    { fromFrame: 30, toFrame: 66, text: `${closing.call} ${brand.website}` },
    { fromFrame: 66, toFrame: 84, text: '[The music comes to rest]' },
  ],
});
