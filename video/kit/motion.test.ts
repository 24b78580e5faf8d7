import { describe, expect, it } from 'vitest';
import { curves, mixColors, ramp } from './motion.ts';

describe('ramp', () => {
  it('rests before its start and after its end', () => {
    expect(ramp(4, 5, 10)).toBe(0);
    expect(ramp(15, 5, 10)).toBe(1);
    expect(ramp(400, 5, 10)).toBe(1);
  });

  it.each(Object.keys(curves) as (keyof typeof curves)[])('rises with the curve %s', (curve) => {
    const values = Array.from({ length: 11 }, (_, index) => ramp(5 + index, 5, 10, curve));
    expect(values.slice(1).every((value, index) => value >= (values[index] ?? 0))).toBe(true);
  });
});

it('mixes colours, and goes beyond neither', () => {
  const shares = [-1, 0, 0.5, 1, 2];
  expect(shares.map((share) => mixColors('#000000', '#ff8000', share))).toEqual([
    '#000000',
    '#000000',
    '#804000',
    '#ff8000',
    '#ff8000',
  ]);
});
