import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Piece } from './piece.ts';
import { endingAt, paintedAt, placeBehind, type Placement } from './placement.ts';

const piece = (durationInFrames: number): Piece => ({
  bytes: { chunks: [], whole: true, more: () => Promise.resolve() },
  durationInFrames,
});

function place(pieces: readonly (readonly [Piece, boolean])[], fps: number): readonly Placement[] {
  return pieces.reduce<readonly Placement[]>(
    (placed, [each, joined]) => [...placed, placeBehind(placed, each, fps, joined)],
    [],
  );
}

const walks = fc.record({
  fps: fc.constantFrom(10, 15, 24, 25, 30, 50, 60),
  lengths: fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.boolean()), {
    minLength: 1,
    maxLength: 40,
  }),
});

describe('pieces on a clock', () => {
  it('show each frame once, in order, however many joints came before', () => {
    fc.assert(
      fc.property(walks, ({ fps, lengths }) => {
        const pieces = lengths.map(([length, joined]) => [piece(length), joined] as const);
        const placed = place(pieces, fps);
        for (const { piece: each, start } of placed.slice(-3)) {
          for (const frame of [0, Math.floor(each.durationInFrames / 2), each.durationInFrames - 1]) {
            // Browsers keep time in whole microseconds.
            const seconds = Math.floor((start + frame / fps) * 1e6) / 1e6;
            expect(paintedAt(placed, seconds, fps)).toMatchObject({ piece: each, frame });
          }
        }
      }),
    );
  });

  it('touch where they are joined, and are apart where they are not', () => {
    const [first, joined, apart] = place(
      [
        [piece(61), true],
        [piece(30), true],
        [piece(30), false],
      ],
      30,
    );
    expect(joined?.start).toBe(first?.end);
    expect(apart?.start).toBeCloseTo((joined?.end ?? 0) + 1, 9);
    expect(paintedAt([first, joined, apart] as Placement[], (joined?.end ?? 0) + 0.5, 30)).toBeUndefined();
  });

  it('end with their last frame, and a little behind it', () => {
    const placed = place([[piece(30), true]], 30);
    const [only] = placed;
    expect(endingAt(placed, 28 / 30, 30)).toBeUndefined();
    expect(endingAt(placed, 29 / 30, 30)).toBe(only);
    expect(endingAt(placed, 1.001, 30)).toBe(only);
  });
});
