import { expect, it } from 'vitest';
import { WarningCounter } from './count-warnings.ts';

it('counts warnings by kind and column, suspicions first, with examples that differ', () => {
  const counter = new WarningCounter();
  const formula = { code: 'formula-cell', field: 'note', message: 'A formula.' };
  for (const row of [1, 2, 3, 4]) counter.add(row, [formula]);
  counter.add(5, [{ code: 'placeholder', field: 'name', message: 'NULL' }]);
  for (const [at, message] of ['a', 'b', 'a', 'c', 'd'].entries()) {
    counter.add(10 + at, [{ code: 'placeholder', field: 'city', message }]);
  }
  expect(counter.list()).toEqual([
    {
      code: 'placeholder',
      field: 'city',
      rows: 5,
      examples: [
        { row: 10, message: 'a' },
        { row: 11, message: 'b' },
        { row: 13, message: 'c' },
      ],
    },
    { code: 'placeholder', field: 'name', rows: 1, examples: [{ row: 5, message: 'NULL' }] },
    { code: 'formula-cell', field: 'note', rows: 4, examples: [{ row: 1, message: 'A formula.' }] },
  ]);
});
