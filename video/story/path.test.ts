import { describe, expect, it } from 'vitest';
import type { BoundScene } from './time-scene.ts';
import { pathStills } from './path.ts';

const scene = (node: string, durationInFrames: number): BoundScene => ({
  node,
  scene: node,
  inputs: {},
  durationInFrames,
  personal: false,
});
const path = [scene('a', 40), scene('b', 25), scene('c', 60)];
const at = (node: string, frame: number, durationInFrames: number) => ({
  nodes: [node],
  frame,
  durationInFrames,
});
const stills = (poster: ReturnType<typeof at>, teaser: ReturnType<typeof at>, fps = 30) =>
  pathStills({ fps, poster, teaser, scenes: {} }, path);

/** Frames of the path that a teaser shows. */
function shownFrames({ teaser }: ReturnType<typeof pathStills>): readonly number[] {
  const starts = [0, 40, 65];
  return teaser.flatMap(({ step, still: { fromFrame, count, step: apart } }) =>
    Array.from({ length: count }, (_, index) => (starts[step] ?? 0) + fromFrame + index * apart),
  );
}

describe('the stills of a path', () => {
  it('say which frame of which clip is the poster', () => {
    expect(stills(at('b', 7, 1), at('a', 0, 1)).poster).toEqual({
      step: 1,
      still: { kind: 'poster', frame: 7 },
    });
    expect(stills(at('c', 500, 1), at('a', 0, 1)).poster).toEqual({
      step: 2,
      still: { kind: 'poster', frame: 59 },
    });
  });

  it('continue evenly where a teaser crosses from clip to clip', () => {
    const crossing = stills(at('a', 0, 1), at('a', 32, 60));
    expect(crossing.teaser.map(({ step }) => step)).toEqual([0, 1, 2]);
    expect(shownFrames(crossing)).toEqual(Array.from({ length: 20 }, (_, index) => 32 + 3 * index));
    expect(crossing.teaserRate).toBe(10);
  });

  it('skip a clip that lies between two frames', () => {
    const short = pathStills({ fps: 30, poster: at('a', 0, 1), teaser: at('a', 0, 42), scenes: {} }, [
      scene('a', 40),
      scene('b', 1),
      scene('c', 1),
    ]);
    expect(short.teaser.map(({ step, still }) => [step, still.count])).toEqual([[0, 14]]);
  });

  it('begin earlier where the path ends too soon, and are fewer a second where it is long', () => {
    expect(shownFrames(stills(at('a', 0, 1), at('c', 50, 60)))[0]).toBe(125 - 60);
    const whole = stills(at('a', 0, 1), at('a', 0, 1_000), 10);
    expect(shownFrames(whole)).toEqual(Array.from({ length: 42 }, (_, index) => 3 * index));
    expect(whole.teaserRate).toBeCloseTo(10 / 3);
  });
});
