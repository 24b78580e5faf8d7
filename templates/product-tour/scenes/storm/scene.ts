import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { stormWords } from '../../copy.ts';
import { beats } from '../../rhythm.ts';

/** When the question is asked, and when it is too late to answer. */
export const stormWindow = { appearsAtFrame: beats(5), locksAtFrame: beats(17) } as const;

/** When lightning strikes; the first takes the street's power. */
export const strikes = [beats(3), beats(9), beats(14)] as const;

/** What is left in the battery when the lights go out, in hundredths; it goes on falling. */
export const batteryAtDusk = 38;

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
