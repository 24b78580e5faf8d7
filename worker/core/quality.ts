import type { Encoding } from './ports.ts';

/**
 * Draft keeps fps and frame counts and draws a third of the width and height, so that timing can be
 * judged; both sides stay even at every format.
 */
export const qualities = {
  draft: { scale: 1 / 3, crf: 24, preset: 'veryfast', jpegQuality: 80 },
  standard: { scale: 1, crf: 20, preset: 'veryfast', jpegQuality: 90 },
  high: { scale: 1, crf: 16, preset: 'medium', jpegQuality: 97 },
} as const satisfies Readonly<Record<string, Encoding>>;

export type Quality = keyof typeof qualities;
