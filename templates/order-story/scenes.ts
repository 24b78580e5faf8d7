import { defineScene, imageInput, moneyInput, type SpokenLine } from 'bespoke/template';
import { z } from 'zod';
import {
  amountWords,
  closingWords,
  dayWords,
  greetingWords,
  openingWords,
  totalWords,
  voiceLocale,
} from './copy.ts';

const accent = z.string().regex(/^#[0-9a-f]{6}$/);

/** A scene stays so long after its last word. */
const afterSpeech = 24;

/** As long as a scene's picture needs, or what it says. */
const untilSaid = (frames: number, spoken: readonly SpokenLine[]): number =>
  Math.max(frames, ...spoken.map(({ toFrame }) => toFrame + afterSpeech));

/** A parcel opens. The same for everyone. */
export const opening = defineScene({
  inputs: z.object({ store: z.string(), accent }),
  durationInFrames: 96,
  captions: ({ store }) => [
    { fromFrame: 0, toFrame: 34, text: '[Quiet piano music]' },
    { fromFrame: 34, toFrame: 92, text: `${store}: ${openingWords}` },
  ],
});

/** The customer's name, and how many things they ordered. */
export const greeting = defineScene({
  inputs: z.object({
    firstName: z.string(),
    firstNameSaid: z.string().optional(),
    store: z.string(),
    accent,
    /** Pieces, of all products. */
    count: z.int().min(1),
    products: z.array(z.object({ name: z.string(), picture: imageInput })),
  }),
  durationInFrames: (_inputs, spoken) => untilSaid(90, spoken),
  speech: ({ firstName, firstNameSaid, count }) => [
    { text: `Hello ${firstName}.`, atFrame: 12, names: { [firstName]: firstNameSaid } },
    { text: greetingWords(count) },
  ],
});

/** One product, shared by all who ordered it. */
export const product = defineScene({
  inputs: z.object({
    name: z.string(),
    detail: z.string().optional(),
    price: moneyInput,
    picture: imageInput,
    locale: z.string(),
    accent,
  }),
  durationInFrames: (_inputs, spoken) => untilSaid(75, spoken),
  speech: ({ name, detail }) => [
    { text: detail === undefined ? `${name}.` : `${name}, ${detail}.`, atFrame: 14 },
  ],
});

/** The whole order as a receipt, its sum and the day of its arrival. */
export const total = defineScene({
  inputs: z.object({
    products: z.array(z.object({ name: z.string(), quantity: z.int(), price: moneyInput })),
    total: moneyInput.optional(),
    arrives: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
    locale: z.string(),
    accent,
  }),
  durationInFrames: (_inputs, spoken) => untilSaid(120, spoken),
  speech: ({ total: sum, arrives }) => [
    ...(sum === undefined
      ? []
      : [{ text: `${totalWords.sum}, that is ${amountWords(sum, voiceLocale)}.`, atFrame: 16 }]),
    { text: `${totalWords.before} ${dayWords(arrives, voiceLocale)}.` },
  ],
});

/** The parcel closes. The same for everyone. */
export const closing = defineScene({
  inputs: z.object({ store: z.string(), accent, words: z.string() }),
  durationInFrames: 120,
  captions: ({ store, words }) => [
    { fromFrame: 14, toFrame: 60, text: closingWords.before },
    { fromFrame: 60, toFrame: 100, text: `${words} ${closingWords.button}.` },
    { fromFrame: 100, toFrame: 120, text: `${store} [The music comes to rest]` },
  ],
});
