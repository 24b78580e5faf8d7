import { describe, expect, it } from 'vitest';
import { earlyZ, plannedConversions, plannedZ } from './statistics.ts';
import { compared, excludesZero, seeded, shareOf } from './test-groups.ts';

describe('several comparisons', () => {
  const { convert } = seeded(7);
  /** Of campaigns without an effect: the share in which any of these pairs seems to differ. */
  const wrong = (
    sizes: readonly number[],
    pairs: readonly (readonly [number, number])[],
    comparisons: number,
  ) =>
    shareOf(() => {
      const groups = sizes.map((people) => convert(people, 0.05));
      return pairs.some(([one, other]) => {
        const [a, b] = [groups[one], groups[other]];
        return (
          a !== undefined && b !== undefined && excludesZero(compared(a, b, plannedZ(comparisons)).difference)
        );
      });
    });
  const everyPair = [0, 1, 2, 3].flatMap((one) =>
    [0, 1, 2, 3].slice(one + 1).map((other) => [one, other] as const),
  );
  const segments = [0, 2, 4, 6, 8].map((at) => [at, at + 1] as const);

  it('of four variants with each other are wrong together in at most 5 %, and not without the correction', () => {
    const sizes = [1000, 1000, 1000, 1000];
    expect(wrong(sizes, everyPair, everyPair.length)).toBeLessThanOrEqual(0.05);
    expect(wrong(sizes, everyPair, 1)).toBeGreaterThan(0.12);
  });

  it('within five segments are wrong together in at most 5 %', () => {
    const sizes = segments.flatMap(() => [1800, 200]);
    expect(wrong(sizes, segments, segments.length)).toBeLessThanOrEqual(0.05);
    expect(wrong(sizes, segments, 1)).toBeGreaterThan(0.12);
  });

  it('reach as far as tables of the normal distribution say', () => {
    // Two-sided 5 %, 1 % and 0.5 %.
    expect(plannedZ()).toBeCloseTo(1.959964, 5);
    expect(plannedZ(5)).toBeCloseTo(2.575829, 5);
    expect(plannedZ(10)).toBeCloseTo(2.807034, 5);
    expect(earlyZ(1, 6)).toBeGreaterThan(earlyZ(1));
  });
});

describe('the number of conversions that a control group is planned to have', () => {
  it.each([
    [400, 0.03],
    [4000, 0.03],
    [1000, 0.1],
    [200, 0.5],
  ])('is reached in about 19 of 20 campaigns with that base rate: %i, %f', (heldOut, baseRate) => {
    const { convert } = seeded(8);
    const planned = plannedConversions(heldOut, baseRate);
    const reached = shareOf(() => convert(heldOut, baseRate).converted >= planned);
    expect(reached).toBeGreaterThan(0.92);
    expect(reached).toBeLessThan(0.98);
  });

  it('is at least one', () => {
    expect(plannedConversions(5, 0.01)).toBe(1);
  });
});
