import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { stormWords } from '../../copy.ts';
import { beats } from '../../rhythm.ts';

/** When the question is asked, and when it is too late to answer. */
export const stormWindow = { appearsAtFrame: beats(4), locksAtFrame: beats(11.5) } as const;

export const storm = defineScene({
  inputs: z.object({}),
  durationInFrames: beats(13),
  captions: () => [
    { fromFrame: 22, toFrame: 52, text: stormWords.clock },
    { fromFrame: 54, toFrame: 106, text: `[Thunder] ${stormWords.line}` },
    { fromFrame: 106, toFrame: 126, text: stormWords.left },
    { fromFrame: 126, toFrame: 210, text: `${stormWords.left} ${stormWords.question}` },
  ],
  sounds: [{ file: 'thunder.wav', atFrame: 54, gain: 0.5 }],
});
