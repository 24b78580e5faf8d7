import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { boolean, isoDate, number, text } from '../fields.ts';
import { money } from '../money-field.ts';
import type { Fields } from '../record.ts';
import { readRows } from './read-rows.ts';
import { collect, makeTestFolder } from './test-file.ts';
import { writeBodyRows } from './write-tables.ts';

const shared = { label: '', personal: false };
const fields = {
  name: text({ ...shared, aliases: ['first name'], optional: true }),
  score: number({ ...shared, optional: true }),
  since: isoDate({ ...shared, optional: true }),
};

async function writeAndRead(rows: readonly unknown[], of: Fields = fields) {
  const file = join(await makeTestFolder(), 'rows.csv');
  await writeBodyRows(file, rows, { fields: of });
  const input = await readRows(file, { fields: of });
  return { input, rows: await collect(input.rows()) };
}

async function refusal(rows: readonly unknown[], of: Fields = fields): Promise<string> {
  try {
    await writeAndRead(rows, of);
  } catch (error) {
    if (error instanceof BespokeError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

describe('JSON rows', () => {
  it('are read back as if they had come as a CSV', async () => {
    const { input, rows } = await writeAndRead([
      { id: 'a', 'First Name': 'Anna', score: 1.234, note: 'x;y\n"z"' },
      { id: 'b', score: '2', 'First Name': null, vip: true, note: 7 },
      { vip: false, id: 'c', 'First Name': '=1+1', since: '2021-05-03', score: -0.0000001 },
    ]);
    expect(input).toMatchObject({ idColumn: 'id', delimiter: ',', encoding: 'utf-8' });
    expect(input.header).toEqual(['id', 'First Name', 'score', 'note', 'vip', 'since']);
    expect(rows.map(({ id, check }) => [id, check.ok && check.record])).toEqual([
      ['a', { name: 'Anna', score: 1.234, since: undefined }],
      ['b', { name: undefined, score: 2, since: undefined }],
      ['c', { name: '=1+1', score: -1e-7, since: '2021-05-03' }],
    ]);
    expect(rows.map(({ cells }) => cells[3])).toEqual(['x;y\n"z"', '7', '']);
    expect(rows.map(({ cells }) => cells[4])).toEqual(['', 'true', 'false']);
  });

  it('keep every cell, whatever they hold, and every row', async () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.stringMatching(/^["',;|\t\r\n a=]{1,6}$/),
      fc.constantFrom('sep=;', 'a;b', 'a\tb', '|', '"', '\uFEFF', '#N/A', '%PDF', '\x07\x07\x1f'),
    );
    const row = fc.dictionary(cell, cell, { minKeys: 1, maxKeys: 4 });
    const filled = row.filter((each) => Object.values(each).some((value) => value.trim() !== ''));
    await fc.assert(
      fc.asyncProperty(fc.array(filled, { minLength: 1, maxLength: 6 }), async (body) => {
        const columns = [...new Set(body.flatMap((each) => Object.keys(each)))];
        fc.pre(columns.some((column) => column.trim() !== ''));
        const { input, rows } = await writeAndRead(body, {});
        expect(input.header).toEqual(columns);
        expect(await input.countRows()).toBe(body.length);
        expect(rows.map(({ cells }) => cells)).toEqual(
          body.map((each) => columns.map((column) => (Object.hasOwn(each, column) ? each[column] : ''))),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('keep a column that is called as nothing of theirs may be', async () => {
    const { input, rows } = await writeAndRead([JSON.parse('{"__proto__":"x","a":"y"}')], {});
    expect(input.header).toEqual(['__proto__', 'a']);
    expect(rows.map(({ cells }) => cells)).toEqual([['x', 'y']]);
  });

  it('that no CSV could hold are refused as a whole', async () => {
    expect(await refusal([])).toBe('request-invalid: There are no rows.');
    expect(await refusal([{ name: 'A' }, 'x'])).toContain('request-invalid: Row 2 is not an object');
    expect(await refusal([{ name: 'A' }, ['x']])).toContain('request-invalid: Row 2 is not an object');
    expect(await refusal([{ name: { toString: 'A' } }])).toContain('"name"');
    expect(await refusal([{ name: 'A' }, { name: ' ', other: null }])).toBe(
      'request-invalid: Row 2 has no values.',
    );
    expect(await refusal([{ name: true }])).toContain('"name" in row 1 is true');
    const wide = Array.from({ length: 600 }, (_, index) => ({ name: 'A', [`c${index}`]: 1 }));
    expect(await refusal(wide)).toContain('more than 500 columns');
  });

  it('may hold true and false for fields of yes and no', async () => {
    const { rows } = await writeAndRead([{ vip: true }, { vip: false }], { vip: boolean(shared) });
    expect(rows.map(({ check }) => check.ok && check.record['vip'])).toEqual([true, false]);
  });

  it('may hold amounts for fields of money, whatever their decimals', async () => {
    const price = money({ ...shared, currency: 'CHF' });
    const amount = fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((value) => (value === 0 ? 0 : value));
    const amounts = fc.array(fc.record({ amount, currency: fc.constantFrom('EUR', 'JPY', 'KWD') }), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(amounts, async (all) => {
        const { rows } = await writeAndRead(
          all.map((each) => ({ price: each })),
          { price },
        );
        expect(rows.map(({ check }) => check.ok && check.record['price'])).toEqual(all);
      }),
      {
        numRuns: 20,
        examples: [[[{ amount: 1.234, currency: 'EUR' }]], [[{ amount: -1e21, currency: 'JPY' }]]],
      },
    );
    const { rows } = await writeAndRead([{ price: 1.234 }], { price });
    expect(rows[0]?.check).toMatchObject({ record: { price: { amount: 1.234, currency: 'CHF' } } });
    expect(await refusal([{ name: { amount: 1, currency: 'EUR' } }])).toContain(
      '"name" in row 1 is an amount',
    );
  });

  it('whose columns do not fit the template are refused as a file would be', async () => {
    expect(await refusal([{ other: 'A' }], { name: text(shared) })).toContain('csv-columns');
  });

  it('that hold damage fail by themselves', async () => {
    const { rows } = await writeAndRead([{ name: 'A\0' }, { name: 'B\uD800' }, { name: 'C' }]);
    expect(rows.map(({ check }) => check.ok)).toEqual([false, false, true]);
  });
});
