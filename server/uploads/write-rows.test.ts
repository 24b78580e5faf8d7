import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTable } from '../../data/csv/read-table.ts';
import { InvalidRequest } from '../invalid-request.ts';
import { writeRows, type JsonRow } from './write-rows.ts';

let folder: string;
let made = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bespoke-rows-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const store = { scratch: async (extension: string) => path.join(folder, `${(made += 1)}.${extension}`) };

async function readBack(rows: readonly JsonRow[]): Promise<readonly (readonly string[])[]> {
  const { file, discard } = await writeRows(rows, store);
  const table = await readTable(file.path);
  const records = [table.header.cells];
  for await (const { cells } of table.records()) records.push(cells);
  await discard();
  return records;
}

it('lays rows of different shapes under all their names', async () => {
  expect(
    await readBack([
      { name: 'Ann "the" O\'Neil', plan: 'a;b,c|d\te' },
      { plan: null, since: 'first\r\nsecond', on: true },
      { name: '=1+1', amount: 1.234 },
    ]),
  ).toEqual([
    ['name', 'plan', 'since', 'on', 'amount'],
    ['Ann "the" O\'Neil', 'a;b,c|d\te', '', '', ''],
    ['', '', 'first\r\nsecond', 'true', ''],
    ['=1+1', '', '', '', '1.2340'],
  ]);
});

it.each([
  [12.5, '12.5'],
  [-3, '-3'],
  [1234567.891, '1234567.891'],
  [0.25, '0.25'],
  [0.125, '0.1250'],
  [1e20, '100000000000000000000'],
  [1e-7, '0.0000001'],
])('writes the number %s as %s', async (value, text) => {
  expect(await readBack([{ value }])).toEqual([['value'], [text]]);
});

const word = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => !/[\0\p{Cs}]/u.test(text));

it('reads back any rows as they were', async () => {
  const cell = fc.oneof(word, fc.constant(''), fc.constant('"'), fc.constant('a"\n"b'), fc.constant('sep=;'));
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(word, { minLength: 1, maxLength: 5 }).chain((names) => {
        const row = fc
          .tuple(...names.map(() => cell))
          .filter((cells) => cells.some((text) => text.trim() !== ''));
        return fc.tuple(fc.constant(names), fc.array(row, { minLength: 1, maxLength: 8 }));
      }),
      async ([names, rows]) => {
        fc.pre(names.some((name) => name.trim() !== ''));
        const asJson = rows.map((cells) =>
          Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ''])),
        );
        const order = Object.keys(asJson[0] ?? {});
        const expected = asJson.map((row) => order.map((name) => row[name]));
        expect(await readBack(asJson)).toEqual([order, ...expected]);
      },
    ),
    { numRuns: 60 },
  );
});

it.each<readonly [what: string, rows: readonly JsonRow[]]>([
  ['NUL', [{ a: 'b' }, { a: 'x\0y' }]],
  ['half of a pair', [{ a: 'b' }, { a: 'x\ud800' }]],
  ['NUL in a name', [{ a: 'b' }, { 'a\0': 'x' }]],
  ['a cell of 20,000 characters', [{ a: 'b' }, { a: 'x'.repeat(20_000) }]],
  ['nothing', [{ a: 'b' }, { a: ' ', b: null }]],
])('refuses a row with %s by its place', async (_what, rows) => {
  const refusal = await writeRows(rows, store).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(InvalidRequest);
  expect(refusal).toMatchObject({ code: 'request-invalid', faults: [{ pointer: '/rows/1' }] });
});

it('refuses rows that each bring columns of their own', async () => {
  const rows = Array.from({ length: 300 }, (_, index) => ({ [`column ${index}`]: 'x' }));
  await expect(writeRows(rows, store)).rejects.toMatchObject({ code: 'request-invalid' });
  expect(await readdir(folder)).toEqual([]);
});
