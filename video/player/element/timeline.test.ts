import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Segment, endingAt, paintedAt, placeBehind, type Placement, MediaClock } from './timeline.ts';

const segment = (durationInFrames: number): Segment => ({
  bytes: { chunks: [], whole: true, more: () => Promise.resolve() },
  durationInFrames,
});

function place(segments: readonly (readonly [Segment, boolean])[], fps: number): readonly Placement[] {
  return segments.reduce<readonly Placement[]>(
    (placed, [each, joined]) => [...placed, placeBehind(placed, each, fps, joined)],
    [],
  );
}

const sessions = fc.record({
  fps: fc.constantFrom(10, 15, 24, 25, 30, 50, 60),
  lengths: fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.boolean()), {
    minLength: 1,
    maxLength: 40,
  }),
});

describe('segments on a clock', () => {
  it('show each frame once, in order, however many boundaries came before', () => {
    fc.assert(
      fc.property(sessions, ({ fps, lengths }) => {
        const segments = lengths.map(([length, joined]) => [segment(length), joined] as const);
        const placed = place(segments, fps);
        for (const { segment: each, start } of placed.slice(-3)) {
          for (const frame of [0, Math.floor(each.durationInFrames / 2), each.durationInFrames - 1]) {
            // Browsers keep time in whole microseconds.
            const seconds = Math.floor((start + frame / fps) * 1e6) / 1e6;
            expect(paintedAt(placed, seconds, fps)).toMatchObject({ segment: each, frame });
          }
        }
      }),
    );
  });

  it('touch where they are joined, and are apart where they are not', () => {
    const [first, joined, apart] = place(
      [
        [segment(61), true],
        [segment(30), true],
        [segment(30), false],
      ],
      30,
    );
    expect(joined?.start).toBe(first?.end);
    expect(apart?.start).toBeCloseTo((joined?.end ?? 0) + 1, 9);
    expect(paintedAt([first, joined, apart] as Placement[], (joined?.end ?? 0) + 0.5, 30)).toBeUndefined();
  });

  it('end with their last frame, and a little behind it', () => {
    const placed = place([[segment(30), true]], 30);
    const [only] = placed;
    expect(endingAt(placed, 28 / 30, 30)).toBeUndefined();
    expect(endingAt(placed, 29 / 30, 30)).toBe(only);
    expect(endingAt(placed, 1.001, 30)).toBe(only);
  });
});

it('runs on across boundaries, and leaves out what was skipped', () => {
  const clock = new MediaClock(10);
  const [first, second] = [segment(20), segment(30)];
  expect(clock.duration).toBeNaN();
  expect(clock.note({ segment: first, frame: 0 })).toBe(true);
  expect([clock.at(0), clock.duration]).toEqual([0, 2]);
  expect(clock.note({ segment: first, frame: 9 })).toBe(false);
  // Left after ten frames.
  expect(clock.note({ segment: second, frame: 0 })).toBe(true);
  expect([clock.at(0), clock.duration]).toEqual([1, 4]);
  expect([clock.seekable.start(0), clock.seekable.end(0)]).toEqual([1, 4]);
});

it('goes only to frames of the segment on screen', () => {
  const clock = new MediaClock(10);
  clock.note({ segment: segment(20), frame: 19 });
  clock.note({ segment: segment(30), frame: 0 });
  expect([0, 2, 2.5, 4.9, 99].map((seconds) => clock.frameAt(seconds))).toEqual([0, 0, 5, 29, 29]);
});
