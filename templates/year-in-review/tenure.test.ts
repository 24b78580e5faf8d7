import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tenureAt, tenureBandAt, tenureSchema } from './tenure.ts';
import { wordsForTenure } from './tenure-words.ts';

const day = fc
  .date({ min: new Date('1920-01-01'), max: new Date('2060-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

describe('tenureAt', () => {
  it.each([
    ['2026-01-15', '2026-01-15', 'days', 0],
    ['2026-01-14', '2026-01-15', 'days', 1],
    ['2025-12-31', '2026-01-30', 'days', 30],
    ['2025-12-31', '2026-02-28', 'months', 2],
    ['2024-02-29', '2025-02-28', 'years', 1],
    ['2025-01-16', '2026-01-15', 'months', 11],
    ['1985-06-30', '2026-01-15', 'years', 40],
    ['2026-01-16', '2026-01-15', 'upcoming', 0],
  ])('from %s to %s', (memberSince, asOf, unit, count) => {
    expect(tenureAt(memberSince, asOf)).toEqual({ unit, count });
  });

  it('gives every pair of days a tenure that scenes accept, and a band that agrees with it', () => {
    fc.assert(
      fc.property(day, day, (memberSince, asOf) => {
        const tenure = tenureSchema.parse(tenureAt(memberSince, asOf));
        const band = tenureBandAt(memberSince, asOf);
        expect(band === 'new').toBe(tenure.unit !== 'years');
        expect(band === 'long').toBe(tenure.unit === 'years' && tenure.count >= 5);
      }),
    );
  });

  it('never shrinks as time goes by', () => {
    const order = ['upcoming', 'days', 'months', 'years'];
    fc.assert(
      fc.property(day, day, day, (memberSince, one, two) => {
        const [early, late] = one < two ? [one, two] : [two, one];
        const [before, after] = [tenureAt(memberSince, early), tenureAt(memberSince, late)];
        const step = order.indexOf(after.unit) - order.indexOf(before.unit);
        expect(step).toBeGreaterThanOrEqual(0);
        if (step === 0) expect(after.count).toBeGreaterThanOrEqual(before.count);
      }),
    );
  });
});

describe('wordsForTenure', () => {
  it('has words for the first day and for what has not begun', () => {
    expect(wordsForTenure({ unit: 'days', count: 0 }, '2026-01', 'en')).toMatchObject({ words: 'Today' });
    expect(wordsForTenure({ unit: 'upcoming', count: 0 }, '2026-04', 'de-DE')).toMatchObject({
      words: 'Welcome',
      joinedLabel: 'Member from',
      joined: 'April 2026',
    });
  });

  it('counts one year as one', () => {
    expect(wordsForTenure({ unit: 'years', count: 1 }, '2025-01', 'en')).toMatchObject({
      number: '1',
      words: 'year',
    });
  });
});
