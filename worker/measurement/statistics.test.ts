import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareMeans,
  compareMeansEarly,
  compareRates,
  conversionRate,
  earlyZ,
  FEWEST_WITH_VALUE,
  type Group,
  peopleNeeded,
  plannedZ,
  type RateComparison,
  smallestLift,
  type ValueGroup,
} from './statistics.ts';
import { compared, excludesZero, seeded, shareOf } from './test-groups.ts';

const group = (converted: number, people: number): Group => ({ converted, people });

/** A group with a few people or many, of whom any number converted. */
const anyGroup = fc
  .integer({ min: 1, max: 100_000 })
  .chain((people) => fc.record({ people: fc.constant(people), converted: fc.nat(people) }));

describe('published examples', () => {
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('rate of %i/%i: Newcombe 1998 (17:857), table I, method 3', (converted, people, from, to) => {
    const interval = conversionRate(group(converted, people))?.interval;
    expect(interval?.from).toBeCloseTo(from, 4);
    expect(interval?.to).toBeCloseTo(to, 4);
  });

  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('difference of %i/%i and %i/%i: Newcombe 1998 (17:873), table II, method 10', (a, m, b, n, from, to) => {
    const { difference } = compared(group(a, m), group(b, n));
    expect(difference.from).toBeCloseTo(from, 4);
    expect(difference.to).toBeCloseTo(to, 4);
  });

  it('ratio: Fagerland, Lydersen and Laake 2017, Statistical Analysis of Contingency Tables, chapter 4', () => {
    const { lift } = compared(group(7, 34), group(1, 34));
    expect(lift.estimate).toBeCloseTo(6, 10);
    expect(lift.from).toBeCloseTo(0.1537, 4);
    expect(lift.to).toBeCloseTo(40.9763, 4);
  });

  it("size and smallest difference: examples of R's power.prop.test, and 199 for 10 % against 20 %", () => {
    expect(peopleNeeded({ baseRate: 0.5, lift: 0.5, heldOutShare: 0.5 }, 0.9)).toEqual({
      sent: 77,
      heldOut: 77,
    });
    expect(smallestLift({ sent: 50, heldOut: 50, baseRate: 0.5 }, 0.9)?.difference).toBeCloseTo(0.3026, 4);
    expect(peopleNeeded({ baseRate: 0.1, lift: 1, heldOutShare: 0.5 })).toEqual({ sent: 199, heldOut: 199 });
  });
});

describe('rates', () => {
  it('has no rate for no people', () => {
    expect(conversionRate(group(0, 0))).toBeUndefined();
    expect(compareRates(group(1, 2), group(0, 0))).toBeUndefined();
  });

  it('has intervals that contain the estimate and are possible', () => {
    fc.assert(
      fc.property(anyGroup, anyGroup, fc.double({ min: 0.1, max: 10, noNaN: true }), (a, b, z) => {
        const { sent, difference, lift } = compared(a, b, z);
        expect(sent.interval.from).toBeGreaterThanOrEqual(0);
        expect(sent.interval.from).toBeLessThanOrEqual(sent.rate);
        expect(sent.interval.to).toBeGreaterThanOrEqual(sent.rate);
        expect(sent.interval.to).toBeLessThanOrEqual(1);
        expect(difference.from).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(difference.from).toBeLessThanOrEqual(difference.estimate);
        expect(difference.to).toBeGreaterThanOrEqual(difference.estimate);
        expect(difference.to).toBeLessThanOrEqual(1 + 1e-12);
        expect(lift.from).toBeGreaterThanOrEqual(-1);
        expect(lift.from).toBeLessThanOrEqual((lift.estimate ?? Infinity) + 1e-9);
        const to = lift.to ?? Infinity;
        expect(to * (1 + 1e-9) + 1e-9).toBeGreaterThanOrEqual(lift.estimate ?? 0);
      }),
    );
  });

  it('gives the negative difference and the inverse ratio when the groups are exchanged', () => {
    fc.assert(
      fc.property(anyGroup, anyGroup, (a, b) => {
        const [there, back] = [compared(a, b), compared(b, a)];
        expect(back.difference.from).toBeCloseTo(-there.difference.to, 12);
        expect(back.difference.to).toBeCloseTo(-there.difference.from, 12);
        if (there.lift.to !== undefined && there.lift.to > -1)
          expect((back.lift.from + 1) * (there.lift.to + 1)).toBeCloseTo(1, 6);
      }),
    );
  });

  it('is narrower with more people', () => {
    fc.assert(
      fc.property(anyGroup, anyGroup, fc.integer({ min: 2, max: 50 }), (a, b, times) => {
        const more = (few: Group): Group => group(few.converted * times, few.people * times);
        const width = ({ difference: { from, to } }: RateComparison): number => to - from;
        expect(width(compared(more(a), more(b)))).toBeLessThan(width(compared(a, b)));
      }),
    );
  });

  it('shows a ratio exactly when it shows a difference', () => {
    fc.assert(
      fc.property(anyGroup, anyGroup, (a, b) => {
        const { difference, lift } = compared(a, b);
        fc.pre(Math.min(Math.abs(difference.from), Math.abs(difference.to)) > 1e-9);
        expect(lift.from > 0).toBe(difference.from > 0);
        expect((lift.to ?? Infinity) < 0).toBe(difference.to < 0);
      }),
    );
  });

  it('says what zero counts allow', () => {
    expect(compared(group(0, 900), group(0, 100)).lift).toEqual({
      estimate: undefined,
      from: -1,
      to: undefined,
    });
    const none = compared(group(0, 900), group(9, 100)).lift;
    expect(none).toMatchObject({ estimate: -1, from: -1 });
    expect(none.to).toBeLessThan(0);
    const some = compared(group(90, 900), group(0, 100)).lift;
    expect(some).toMatchObject({ estimate: undefined, to: undefined });
    expect(some.from).toBeGreaterThan(0);
  });
});

describe('plans', () => {
  it('shows a lift of 108 % or more with 4,000 people, 10 % held out and a base rate of 3 %', () => {
    const plan = { sent: 3600, heldOut: 400, baseRate: 0.03 };
    expect(smallestLift(plan)?.lift).toBeCloseTo(1.076, 3);
    expect(peopleNeeded({ baseRate: 0.03, lift: 0.85, heldOutShare: 0.1 })).toEqual({
      sent: 5320,
      heldOut: 592,
    });
  });

  it('says when nothing can be shown', () => {
    expect(smallestLift({ sent: 0, heldOut: 400, baseRate: 0.03 })).toBeUndefined();
    expect(smallestLift({ sent: 9, heldOut: 1, baseRate: 0.5 })).toBeUndefined();
    expect(peopleNeeded({ baseRate: 0.6, lift: 1, heldOutShare: 0.1 })).toBeUndefined();
    expect(peopleNeeded({ baseRate: 0.6, lift: 0, heldOutShare: 0.1 })).toBeUndefined();
  });

  it('needs the people that show the lift, and no more', () => {
    const plans = fc.record({
      baseRate: fc.double({ min: 0.001, max: 0.4, noNaN: true }),
      lift: fc.double({ min: 0.05, max: 1.4, noNaN: true }),
      heldOutShare: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
    });
    fc.assert(
      fc.property(plans, (wanted) => {
        const needed = peopleNeeded(wanted);
        if (!needed) throw new Error('It can be shown.');
        const shown = smallestLift({ ...needed, baseRate: wanted.baseRate })?.lift ?? Infinity;
        expect(shown).toBeLessThanOrEqual(wanted.lift + 1e-9);
        const half = { sent: needed.sent / 2, heldOut: needed.heldOut / 2, baseRate: wanted.baseRate };
        expect(smallestLift(half)?.lift ?? Infinity).toBeGreaterThan(wanted.lift);
      }),
    );
  });
});

describe('1,000 simulated campaigns', () => {
  it.each([
    [3600, 400, 0.03],
    [2000, 2000, 0.03],
    [900, 100, 0.1],
    [9000, 1000, 0.01],
    [500, 500, 0.3],
    [700, 300, 0.6],
  ])('contain zero in 93 to 97 % without an effect: %i sent, %i held out, rate %f', (sent, heldOut, rate) => {
    const { convert } = seeded(1);
    const contained = shareOf(
      () => !excludesZero(compared(convert(sent, rate), convert(heldOut, rate)).difference),
    );
    expect(contained).toBeGreaterThanOrEqual(0.93);
    expect(contained).toBeLessThanOrEqual(0.97);
  });

  it.each([
    [3600, 400, 0.03],
    [2000, 2000, 0.03],
    [9000, 1000, 0.1],
    [500, 500, 0.3],
  ])('reach the planned power: %i sent, %i held out, base rate %f', (sent, heldOut, baseRate) => {
    const { convert } = seeded(2);
    const rate = baseRate + (smallestLift({ sent, heldOut, baseRate })?.difference ?? NaN);
    const power = shareOf(
      () => compared(convert(sent, rate), convert(heldOut, baseRate)).difference.from > 0,
    );
    expect(power).toBeGreaterThanOrEqual(0.78);
    expect(power).toBeLessThanOrEqual(0.84);
  });

  const looks = 20;

  it.each([
    [3600, 400, 0.03],
    [2000, 2000, 0.03],
    [900, 100, 0.1],
  ])(
    'wrongly exclude zero in at most 5 % when looked at 20 times as people come: %i, %i, %f',
    (sent, heldOut, rate) => {
      const { convert } = seeded(3);
      const planned = (sent + heldOut) * rate;
      const wrong = (zOf: (progress: number) => number): number =>
        shareOf(() => {
          let [a, b] = [group(0, 0), group(0, 0)];
          for (let look = 0; look < looks; look++) {
            const [newA, newB] = [convert(sent / looks, rate), convert(heldOut / looks, rate)];
            a = group(a.converted + newA.converted, a.people + newA.people);
            b = group(b.converted + newB.converted, b.people + newB.people);
            const z = zOf((a.converted + b.converted) / planned);
            if (excludesZero(compared(a, b, z).difference)) return true;
          }
          return false;
        });
      expect(wrong(earlyZ)).toBeLessThanOrEqual(0.05);
      // What looking without it would do.
      expect(wrong(() => plannedZ())).toBeGreaterThan(0.15);
    },
  );

  it.each([
    [3600, 400, 0.03],
    [2000, 2000, 0.03],
  ])('so too when all are sent at once and convert later: %i, %i, %f', (sent, heldOut, rate) => {
    const { chance, convert } = seeded(4);
    const days = (people: number): Float64Array =>
      Float64Array.from({ length: convert(people, rate).converted }, () => chance() * looks);
    const wrong = shareOf(() => {
      const [a, b] = [days(sent), days(heldOut)];
      for (let day = 1; day <= looks; day++) {
        const until = (times: Float64Array): number => times.filter((time) => time < day).length;
        const [sentNow, heldOutNow] = [group(until(a), sent), group(until(b), heldOut)];
        const z = earlyZ((sentNow.converted + heldOutNow.converted) / ((sent + heldOut) * rate));
        if (excludesZero(compared(sentNow, heldOutNow, z).difference)) return true;
      }
      return false;
    });
    expect(wrong).toBeLessThanOrEqual(0.05);
  });
});

describe('mean values', () => {
  /** Whole amounts around 50, skewed as those of baskets are. */
  function buy({ chance, convert }: ReturnType<typeof seeded>, people: number, rate: number): ValueGroup {
    const values = Array.from({ length: convert(people, rate).converted }, () => {
      const normal = Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
      return { value: Math.round(50 * Math.exp(0.6 * normal)), people: 1 };
    });
    return { people, values };
  }

  it.each([
    [2000, 2000, 1000],
    [18_000, 2000, 200],
  ])(
    'an interval contains zero in 93 to 97 per cent without an effect: %i sent, %i held out',
    (sent, heldOut, campaigns) => {
      const random = seeded(5);
      let counted = 0;
      const excluded = shareOf((campaign) => {
        const interval = compareMeans(
          buy(random, sent, 0.04),
          buy(random, heldOut, 0.04),
          campaign,
        )?.interval;
        if (!interval) return false;
        counted++;
        return excludesZero(interval);
      }, campaigns);
      const contained = 1 - (excluded * campaigns) / counted;
      expect(contained).toBeGreaterThanOrEqual(0.93);
      expect(contained).toBeLessThanOrEqual(0.97);
    },
  );

  it('gives the same for the same data and seed, in any order', () => {
    const random = seeded(6);
    const [sent, heldOut] = [buy(random, 3000, 0.05), buy(random, 2000, 0.05)];
    const turned = { ...sent, values: sent.values.toReversed() };
    expect(compareMeans(turned, heldOut, 7)?.interval).toEqual(compareMeans(sent, heldOut, 7)?.interval);
    expect(compareMeans(sent, heldOut, 8)?.interval).not.toEqual(compareMeans(sent, heldOut, 7)?.interval);
  });

  it('counts people with equal values together, and takes zeros with or without mention', () => {
    const values = [{ value: 10, people: 60 }];
    const short = { people: 1000, values };
    const long = {
      people: 1000,
      values: [...Array.from({ length: 60 }, () => ({ value: 10, people: 1 })), { value: 0, people: 940 }],
    };
    expect(compareMeans(long, short, 1)).toEqual(compareMeans(short, short, 1));
    expect(compareMeans(short, short, 1)?.sent).toEqual({ people: 1000, withValue: 60, mean: 0.6 });
  });

  it('has no interval where too few people have a value', () => {
    const few = { people: 4000, values: [{ value: 10, people: FEWEST_WITH_VALUE - 1 }] };
    const enough = { people: 4000, values: [{ value: 10, people: FEWEST_WITH_VALUE }] };
    expect(compareMeans(enough, few, 1)?.interval).toBeUndefined();
    expect(compareMeans(enough, few, 1)?.difference).toBeCloseTo(0.0025, 10);
    expect(compareMeans(enough, enough, 1)?.interval).toBeDefined();
    expect(compareMeans(enough, { people: 0, values: [] }, 1)).toBeUndefined();
  });

  it('agrees with the normal approximation where that takes over', () => {
    const values = (count: number): ValueGroup => ({
      people: 100_000,
      values: Array.from({ length: count }, (_, index) => ({ value: 1 + (index % 97), people: 1 })),
    });
    const width = (count: number): number => {
      const { from, to } = compareMeans(values(count), values(count), 3)?.interval ?? { from: NaN, to: NaN };
      return to - from;
    };
    expect(width(3001) / width(3000)).toBeCloseTo(1, 1);
  });

  it('stays bounded for a million people who all have a value of their own', () => {
    const values = Array.from({ length: 500_000 }, (_, index) => ({ value: index, people: 1 }));
    const all = { people: 500_000, values };
    const start = performance.now();
    expect(compareMeans(all, all, 1)?.interval).toBeDefined();
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('wrongly excludes zero in at most 5 % when looked at 20 times', () => {
    const random = seeded(9);
    const [sent, heldOut, rate, looks] = [18_000, 2000, 0.03, 20];
    const wrong = shareOf(() => {
      let [a, b]: [ValueGroup, ValueGroup] = [
        { people: 0, values: [] },
        { people: 0, values: [] },
      ];
      const join = (one: ValueGroup, other: ValueGroup): ValueGroup => ({
        people: one.people + other.people,
        values: [...one.values, ...other.values],
      });
      for (let look = 0; look < looks; look++) {
        a = join(a, buy(random, sent / looks, rate));
        b = join(b, buy(random, heldOut / looks, rate));
        const progress = (a.values.length + b.values.length) / ((sent + heldOut) * rate);
        const interval = compareMeansEarly(a, b, progress)?.interval;
        if (interval && excludesZero(interval)) return true;
      }
      return false;
    }, 300);
    expect(wrong).toBeLessThanOrEqual(0.05);
  });
});
