import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { compareWords, planNames } from '../../copy.ts';
import { currencies, homes } from '../../record.ts';
import { beats } from '../../rhythm.ts';

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
