import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { kinds, resultWords } from '../../copy.ts';
import { mostPeople } from '../../record.ts';
import { beats } from '../../rhythm.ts';

/** What fits this home: the answer, what was kept in the dark, and who lives there. */
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
