import { z } from 'zod';
import { defineScene } from '../../../../video/story/scene.ts';
import { openings } from '../../copy.ts';

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
