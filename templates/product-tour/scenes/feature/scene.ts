import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { featureFigures, featureWords } from '../../copy.ts';
import { beats } from '../../rhythm.ts';

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
