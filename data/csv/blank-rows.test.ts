import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyTable } from './write-tables.ts';
import { readTable } from './read-table.ts';

let folder: string;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bespoke-blank-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Copies a text. @returns the text that comes out and its records. */
async function copied(text: string, options: Parameters<typeof copyTable>[3]) {
  const from = path.join(folder, `${files++}.csv`);
  const to = path.join(folder, `${files++}.csv`);
  await writeFile(from, text);
  await copyTable(from, to, 'customers.csv', options);
  const { header, records, delimiter } = await readTable(to);
  const found: (readonly string[])[] = [];
  for await (const { cells } of records()) found.push(cells);
  return { text: await readFile(to, 'utf8'), header: header.cells, delimiter, records: found };
}

const blanked = (text: string, ...rows: readonly number[]) => copied(text, { blanked: new Set(rows) });

it('copies no row behind a limit, and reads none', async () => {
  const made = await copied('id,name\n1,Anna\n\n2,Bo\n3,"Merkwuerdig\n', { limit: 2 });
  expect(made.text).not.toContain('Merkwuerdig');
  expect(made.records).toEqual([
    ['1', 'Anna'],
    ['2', 'Bo'],
  ]);
});

describe('rows that are blanked', () => {
  it('keep their position and nothing else', async () => {
    const made = await blanked('id;name\n1;Anna\n\n2;Merkwuerdig\n3;Bo\n', 2);
    expect(made.text).not.toContain('Merkwuerdig');
    expect(made.header).toEqual(['id', 'name']);
    expect(made.delimiter).toBe(';');
    expect(made.records).toEqual([
      ['1', 'Anna'],
      ['erased', ''],
      ['3', 'Bo'],
    ]);
  });

  it('leave the others as they were, however they are written, and can be blanked again', async () => {
    const once = await blanked('name\ttext\r\nA\t"two\nlines"\r\nB\tit said ""so""\r\nC\t x \r\n', 1);
    expect(once.records.slice(1)).toEqual([
      ['B', 'it said ""so""'],
      ['C', ' x '],
    ]);
    const twice = await blanked(once.text, 1, 3);
    expect(twice.records).toEqual([['erased', ''], once.records[1], ['erased', '']]);
  });

  it('are as many as before, whatever the others hold', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', ';', '"', '\n', ' ', 'ä', '=') });
    const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(table, fc.nat(), async (rows, which) => {
        const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const filled = rows.map(([a, b]) => [`x${a}`, b] as const);
        const text = [['id', 'name'], ...filled].map(([a = '', b = '']) => `${quote(a)},${quote(b)}\n`);
        const at = which % filled.length;
        const { records } = await blanked(`sep=,\n${text.join('')}`, at + 1);
        expect(records).toEqual(filled.map((cells, index) => (index === at ? ['erased', ''] : cells)));
      }),
      { numRuns: 40 },
    );
  });
});
