import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { readTable } from '../csv/read-table.ts';
import { collect, makeTestFolder } from '../csv/test-file.ts';
import { prepareTable, type TableOptions } from './prepare-table.ts';

/** Where sample files are. */
export const tables = path.resolve(import.meta.dirname, '../../tests/data/tables');

/** How a file is understood, and the rows that come out of it. */
export async function prepare(file: string, options: TableOptions = {}, name?: string) {
  const scratchFolder = await makeTestFolder();
  let drafts = 0;
  const scratch = async (): Promise<string> => Promise.resolve(path.join(scratchFolder, `${drafts++}.csv`));
  const prepared = await prepareTable(file, options, scratch, name);
  const left = readdirSync(scratchFolder);
  expect(left.length).toBe(prepared.file === file ? 0 : 1);
  const table = await readTable(prepared.file);
  const records = await collect(table.records());
  // What is handed on is what would be found.
  const known = await readTable(prepared.file, name, prepared.dialect);
  expect([known.delimiter, known.header, await collect(known.records())]).toEqual([
    table.delimiter,
    table.header,
    records,
  ]);
  return {
    ...prepared,
    rows: [table.header.cells, ...records.map(({ cells }) => cells)],
    lines: [table.header.line, ...records.map(({ line }) => line)],
  };
}

/** The same of a sample file. */
export const prepareSample = (name: string, options?: TableOptions) =>
  prepare(path.join(tables, name), options);
