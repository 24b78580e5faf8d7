import { expect, it } from 'vitest';
import { joinOption } from './parse-join.ts';

const parse = (value: string): unknown => joinOption().parseArg?.(value, undefined);

it.each([
  ['orders=orders.csv:customer_id', 'orders', 'orders.csv', 'customer_id'],
  ['orders = a=b/orders.csv : Kunden Nr ', 'orders', 'a=b/orders.csv', 'Kunden Nr'],
  ['orders=C:\\data\\orders.csv:id', 'orders', 'C:\\data\\orders.csv', 'id'],
  ['orders=https://example.com/o.csv?a=1:id', 'orders', 'https://example.com/o.csv?a=1', 'id'],
  ['orders=-:id', 'orders', '-', 'id'],
])('reads %s', (value, field, file, key) => {
  expect(parse(value)).toEqual([{ field, file, key }]);
});

it.each([
  'orders.csv:id',
  'orders=orders.csv',
  'orders=https://example.com/o.csv',
  '=a.csv:id',
  'orders=:id',
])('refuses %s', (value) => {
  expect(() => parse(value)).toThrow(expect.objectContaining({ code: 'usage-invalid' }));
});
