import { expect, it } from 'vitest';
import { rowFrom } from './row-props.ts';

const row = {
  template: 'year-in-review',
  name: 'row-12',
  record: { name: 'Eva' },
  images: {},
  asOf: '2026-01-15',
};

it('finds a row that was passed, and none otherwise', () => {
  expect(rowFrom({ bespokeRow: row })).toEqual(row);
  expect(rowFrom({})).toBeUndefined();
});

it('refuses a name that no composition may have', () => {
  expect(() => rowFrom({ bespokeRow: { ...row, name: '../x' } })).toThrow();
});
