import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNumber, writeDecimal } from './parse-values.ts';

describe('writeDecimal', () => {
  it('writes any number so that it is read back', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = writeDecimal(value);
        expect(text).toMatch(/^-?\d+(\.\d+)?$/);
        expect(parseNumber(text)).toEqual({ ok: true, value: value === 0 ? 0 : value });
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    [1.234, '1.2340'],
    [-12.5, '-12.5'],
    [1e21, '1000000000000000000000'],
    [1.5e-7, '0.00000015'],
  ])('writes %d as %s', (value, text) => expect(writeDecimal(value)).toBe(text));
});
