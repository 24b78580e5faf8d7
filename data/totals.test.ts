import { expect, it } from 'vitest';
import { sum, sumMoney, top } from './totals.ts';

const items = [
  { name: 'Mug', price: { amount: 0.1, currency: 'EUR' }, count: 2 },
  { name: 'Cap', price: { amount: 0.2, currency: 'EUR' }, count: 3 },
  { name: 'Pen', price: undefined, count: 3 },
];

it('adds numbers and amounts, and never converts', () => {
  expect(sum(items, ({ price }) => price?.amount)).toBe(0.3);
  expect(sum([], () => 1)).toBe(0);
  expect(sumMoney(items, ({ price }) => price)).toEqual({ amount: 0.3, currency: 'EUR' });
  expect(sumMoney([], () => undefined)).toBeUndefined();
  const usd = { ...items[0], price: { amount: 1, currency: 'USD' } };
  expect(sumMoney([...items, usd], ({ price }) => price)).toBeUndefined();
});

it('finds the highest, the first of equal ones first', () => {
  expect(top(items, 2, ({ count }) => count).map(({ name }) => name)).toEqual(['Cap', 'Pen']);
  expect(top(items, 9, ({ price }) => price?.amount).map(({ name }) => name)).toEqual(['Cap', 'Mug']);
});
