import { expect, it } from 'vitest';
import { DistinctValues } from './distinct-values.ts';

const counted = (texts: Iterable<string>): DistinctValues => {
  const values = new DistinctValues();
  for (const text of texts) values.add(text);
  return values;
};

const numbered = (count: number, times = 1) =>
  Array.from({ length: count * times }, (_, index) => `Person ${index % count}`);

it('counts exactly up to 8,192 values, however often each comes', () => {
  expect(counted([]).counts()).toEqual({ values: 0, exact: true });
  expect(counted(numbered(8_192, 2)).counts()).toEqual({ values: 8_192, exact: true });
});

it('estimates more of them within 5 %', () => {
  for (const count of [20_000, 200_000]) {
    const { values, exact } = counted(numbered(count)).counts();
    expect(exact).toBe(false);
    expect(Math.abs(values / count - 1)).toBeLessThan(0.05);
  }
});

it('knows the only value', () => {
  expect(counted(['Lisbon', 'Lisbon']).only()).toBe('Lisbon');
  expect(counted(['Lisbon', 'Porto']).only()).toBeNull();
  expect(counted([]).only()).toBeNull();
});
