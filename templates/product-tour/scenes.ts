import { z } from 'zod';
import { defineScene, imageInput } from 'bespoke/template';
import { brand } from './brand.ts';
import {
  compareWords,
  featureFigures,
  featureWords,
  greetingWords,
  hubLine,
  kinds,
  nightWords,
  offerWords,
  planNames,
  questionWords,
  resultWords,
  seenCount,
  sizingWords,
  stormWords,
  sunWords,
  tagWords,
} from './copy.ts';
import { currencies, homes, mostPeople } from './record.ts';
import { beats } from './rhythm.ts';
import { batteryAtDusk, strikes } from './scenes/storm-times.ts';

export const greeting = defineScene({
  inputs: z.object({ firstName: z.string(), photo: imageInput, locale: z.string() }),
  durationInFrames: beats(8),
  captions: ({ firstName }) => [
    { fromFrame: 0, toFrame: 18, text: '[Bright, plucked music]' },
    { fromFrame: 18, toFrame: 58, text: `${greetingWords.before}, ${firstName}` },
    { fromFrame: 58, toFrame: 132, text: greetingWords.after },
  ],
  sounds: [{ file: 'chime.wav', atFrame: 18, gain: 0.22 }],
});

/** The hub: it loops, and is shorter once something has been looked at. */
export const house = defineScene({
  inputs: z.object({
    sun: z.boolean(),
    store: z.boolean(),
    drive: z.boolean(),
    warmth: z.boolean(),
  }),
  durationInFrames: (seen) => beats(seenCount(seen) === 0 ? 8 : 6),
  captions: (seen) => [
    { fromFrame: 6, toFrame: 50, text: hubLine(seen) },
    {
      fromFrame: 50,
      toFrame: 102,
      text: `${tagWords.sun}, ${tagWords.store}, ${tagWords.drive}, ${tagWords.warmth} – or: ${tagWords.evening}`,
    },
  ],
});

export const sun = defineScene({
  inputs: z.object({ home: z.enum(homes) }),
  durationInFrames: beats(7),
  captions: ({ home }) => [
    { fromFrame: 10, toFrame: 56, text: sunWords[home].line },
    { fromFrame: 56, toFrame: 116, text: sunWords[home].after },
  ],
  sounds: [{ file: 'switch.wav', atFrame: 36, gain: 0.3 }],
});

/** One of the things indoors. */
export const feature = defineScene({
  inputs: z.object({ name: z.enum(['store', 'drive', 'warmth']) }),
  durationInFrames: beats(7),
  captions: ({ name }) => [
    { fromFrame: 10, toFrame: 56, text: featureWords[name].line },
    { fromFrame: 56, toFrame: 92, text: featureWords[name].after },
    { fromFrame: 92, toFrame: 116, text: featureFigures[name] },
  ],
  sounds: [{ file: 'switch.wav', atFrame: 36, gain: 0.3 }],
});

export const storm = defineScene({
  inputs: z.object({}),
  durationInFrames: beats(19),
  captions: () => [
    { fromFrame: 22, toFrame: 52, text: stormWords.clock },
    { fromFrame: 54, toFrame: 90, text: `[Thunder] ${stormWords.line}` },
    { fromFrame: 90, toFrame: 162, text: `${stormWords.left(batteryAtDusk)} ${stormWords.question}` },
    { fromFrame: 162, toFrame: 234, text: '[Thunder, further away] [Rain]' },
    { fromFrame: 234, toFrame: 318, text: stormWords.question },
  ],
  sounds: [
    { file: 'thunder.wav', atFrame: strikes[0], gain: 0.5 },
    { file: 'thunder.wav', atFrame: strikes[1], gain: 0.26 },
  ],
});

/** The evening after the decision. */
export const night = defineScene({
  inputs: z.object({ kept: z.enum(kinds) }),
  durationInFrames: beats(9),
  captions: ({ kept }) => [
    { fromFrame: 10, toFrame: 50, text: nightWords[kept].line },
    { fromFrame: 50, toFrame: 108, text: nightWords[kept].after },
    { fromFrame: 108, toFrame: 156, text: nightWords[kept].morning },
  ],
  sounds: [{ file: 'switch.wav', atFrame: 20, gain: 0.3 }],
});

export const compare = defineScene({
  inputs: z.object({
    prices: z.object({ today: z.number(), one: z.number(), all: z.number() }),
    /** Whether they are the person's own, or those of a home like theirs. */
    own: z.boolean(),
    home: z.enum(homes),
    currency: z.enum(currencies),
    locale: z.string(),
  }),
  durationInFrames: beats(10),
  captions: ({ prices, own, home, currency, locale }) => {
    const words = compareWords(own, home, prices, currency, locale);
    return [
      { fromFrame: 8, toFrame: 48, text: words.line },
      { fromFrame: 48, toFrame: 84, text: `${planNames.today}: ${words.today}` },
      {
        fromFrame: 84,
        toFrame: 126,
        text: `${planNames.one}: ${words.one}. ${planNames.all}: ${words.all}.`,
      },
      { fromFrame: 126, toFrame: 174, text: words.saved },
    ];
  },
  sounds: [{ file: 'chime.wav', atFrame: 84, gain: 0.18 }],
});

export const question = defineScene({
  inputs: z.object({}),
  durationInFrames: beats(7),
  captions: () => [
    { fromFrame: 8, toFrame: 60, text: questionWords.line },
    { fromFrame: 60, toFrame: 116, text: questionWords.after },
  ],
});

/** The recommendation: from the answer, what was kept on in the dark, and who lives there. */
export const result = defineScene({
  inputs: z.object({
    firstName: z.string(),
    people: z.number().int().min(1).max(mostPeople),
    kept: z.enum(kinds),
    locale: z.string(),
  }),
  durationInFrames: beats(9),
  captions: ({ firstName, people, kept, locale }) => {
    const words = resultWords(people, kept, locale);
    return [
      { fromFrame: 8, toFrame: 52, text: `${firstName}: ${words.line}` },
      { fromFrame: 52, toFrame: 92, text: `${words.size} ${words.unit}` },
      { fromFrame: 92, toFrame: 154, text: words.after },
    ];
  },
  sounds: [{ file: 'chime.wav', atFrame: 40, gain: 0.2 }],
});

/** Shown while a result is being rendered. */
export const sizing = defineScene({
  inputs: z.object({}),
  durationInFrames: beats(7),
  captions: () => [
    { fromFrame: 8, toFrame: 56, text: sizingWords.line },
    { fromFrame: 56, toFrame: 116, text: sizingWords.after },
  ],
});

export const offer = defineScene({
  inputs: z.object({ home: z.enum(homes) }),
  durationInFrames: beats(10),
  captions: ({ home }) => [
    { fromFrame: 8, toFrame: 60, text: offerWords[home].line },
    { fromFrame: 60, toFrame: 112, text: offerWords[home].after },
    { fromFrame: 112, toFrame: 172, text: `Book it at ${brand.website}` },
  ],
  sounds: [{ file: 'chime.wav', atFrame: 54, gain: 0.2 }],
});
