import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { stormWords } from '../../copy.ts';
import { beats } from '../../rhythm.ts';

/** When the question is asked, and when it is too late to answer. */
export const stormWindow = { appearsAtFrame: beats(4), locksAtFrame: beats(11) } as const;

export const storm = defineScene({
  inputs: z.object({}),
  durationInFrames: beats(13),
  captions: () => [
    { fromFrame: 8, toFrame: 34, text: stormWords.clock },
    { fromFrame: 34, toFrame: 72, text: `[Thunder] ${stormWords.line}` },
    { fromFrame: 72, toFrame: 120, text: stormWords.left },
    { fromFrame: 120, toFrame: 210, text: stormWords.question },
  ],
  sounds: [{ file: 'thunder.wav', atFrame: 50, gain: 0.5 }],
});
