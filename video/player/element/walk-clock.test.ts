import { expect, it } from 'vitest';
import type { Piece } from './piece.ts';
import { WalkClock } from './walk-clock.ts';

const piece = (durationInFrames: number): Piece => ({
  bytes: { chunks: [], whole: true, more: () => Promise.resolve() },
  durationInFrames,
});

it('runs on across joints, and leaves out what was skipped', () => {
  const clock = new WalkClock(10);
  const [first, second] = [piece(20), piece(30)];
  expect(clock.duration).toBeNaN();
  expect(clock.note({ piece: first, frame: 0 })).toBe(true);
  expect([clock.at(0), clock.duration]).toEqual([0, 2]);
  expect(clock.note({ piece: first, frame: 9 })).toBe(false);
  // Left after ten frames.
  expect(clock.note({ piece: second, frame: 0 })).toBe(true);
  expect([clock.at(0), clock.duration]).toEqual([1, 4]);
  expect([clock.seekable.start(0), clock.seekable.end(0)]).toEqual([1, 4]);
});

it('goes only to frames of the piece on screen', () => {
  const clock = new WalkClock(10);
  clock.note({ piece: piece(20), frame: 19 });
  clock.note({ piece: piece(30), frame: 0 });
  expect([0, 2, 2.5, 4.9, 99].map((seconds) => clock.frameAt(seconds))).toEqual([0, 0, 5, 29, 29]);
});
