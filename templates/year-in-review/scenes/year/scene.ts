import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { wordsForYear } from '../../year-words.ts';

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
