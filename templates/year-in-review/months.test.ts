import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeYear, wordsForYear } from './months.ts';

const year = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 12, maxLength: 12 });

describe('describeYear', () => {
  it('finds the first of the highest months, or says that none stands out', () => {
    fc.assert(
      fc.property(year, (months) => {
        const shape = describeYear(months);
        const highest = Math.max(...months);
        if (shape.kind === 'peak') {
          expect(months[shape.best]).toBe(highest);
          expect(months.slice(0, shape.best).every((value) => value < highest)).toBe(true);
        } else {
          expect(new Set(months.map((value) => value + 0)).size).toBe(1);
        }
      }),
    );
  });

  it('adds decimals without binary leftovers', () => {
    expect(describeYear([0.1, 0.2, ...Array<number>(10).fill(0)])).toMatchObject({ total: 0.3, best: 1 });
  });

  it('sees a year of nothing and a year of equals', () => {
    expect(describeYear(Array<number>(12).fill(0))).toEqual({ kind: 'quiet' });
    expect(describeYear(Array<number>(12).fill(7))).toEqual({ kind: 'level', total: 84, each: 7 });
  });
});

describe('wordsForYear', () => {
  it('writes numbers and months as the locale does', () => {
    const months = [0, 0, 1234567.5, ...Array<number>(9).fill(1)];
    expect(wordsForYear(months, 'de-DE')).toMatchObject({
      total: '1.234.576,5',
      highlight: 'März',
      best: { month: 2, value: '1.234.567,5' },
    });
    expect(wordsForYear(months, 'el-GR').highlight).toBe('Μάρτιος');
  });

  it('counts one visit as one', () => {
    expect(wordsForYear([1, ...Array<number>(11).fill(0)], 'en').caption).toBe('visit this year');
  });

  it('keeps a total of billions short', () => {
    expect(wordsForYear(Array<number>(12).fill(1e9), 'en').total).toBe('12B');
  });
});
