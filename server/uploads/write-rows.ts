import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { Store } from '../../worker/core/ports.ts';
import { InvalidRequest, type RequestFault } from '../invalid-request.ts';
import type { Upload } from './receive-upload.ts';
import { saveFile } from './save-file.ts';

/** A cell of a row that came as JSON. */
export type JsonCell = string | number | boolean | null;

export type JsonRow = Readonly<Record<string, JsonCell>>;

/** Rows of 10,000 with names of their own each would make a table of a hundred million cells. */
const mostColumns = 200;
const mostFaults = 20;
const longestCell = 10_000;

/** As a person would type it: no exponent, and never three decimals, which some read as thousands. */
function writeNumber(value: number): string {
  const text = value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 });
  return /^-?\d{1,3}\.\d{3}$/.test(text) ? `${text}0` : text;
}

function writeCell(cell: JsonCell | undefined): string {
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'number' ? writeNumber(cell) : String(cell);
}

function columnsOf(rows: readonly JsonRow[]): readonly string[] {
  const columns = new Set<string>();
  for (const [index, row] of rows.entries()) {
    for (const name of Object.keys(row)) columns.add(name);
    if (columns.size > mostColumns) {
      const message = `The rows have more than ${mostColumns} different columns.`;
      throw new InvalidRequest('request-invalid', message, [{ pointer: `/rows/${index}`, message }]);
    }
  }
  return [...columns];
}

/** What no file of text can hold; everything else about a row is told by its own result. */
function findFaults(rows: readonly JsonRow[]): readonly RequestFault[] {
  const faults: RequestFault[] = [];
  for (const [index, row] of rows.entries()) {
    // A line without a value is no row to a reader of CSV: all rows after it would be counted wrongly.
    if (Object.values(row).every((cell) => writeCell(cell).trim() === '')) {
      faults.push({ pointer: `/rows/${index}`, message: `Row ${index + 1} holds nothing.` });
    }
    for (const [name, cell] of Object.entries(row)) {
      const text = typeof cell === 'string' ? cell : '';
      const wrong = /[\0\p{Cs}]/u.test(name)
        ? 'has a name with characters that no text holds'
        : /[\0\p{Cs}]/u.test(text)
          ? 'holds characters that no text has (NUL or half of a pair)'
          : text.length > longestCell
            ? `is longer than ${longestCell} characters`
            : undefined;
      if (wrong === undefined) continue;
      const shown = name.replace(/[\0\p{Cs}]/gu, '\uFFFD').slice(0, 40);
      faults.push({ pointer: `/rows/${index}`, message: `"${shown}" of row ${index + 1} ${wrong}.` });
    }
    if (faults.length >= mostFaults) break;
  }
  return faults;
}

/**
 * Writes rows that came as JSON to a CSV on the store's scratch, so that everything after the door knows
 * one kind of input. The columns are the rows' own names, in the order they first appear.
 *
 * @throws InvalidRequest naming the rows that no CSV can hold.
 */
export async function writeRows(
  rows: readonly JsonRow[],
  store: Pick<Store, 'scratch'>,
): Promise<Pick<Upload, 'file' | 'discard'>> {
  const faults = findFaults(rows);
  if (faults.length > 0) {
    throw new InvalidRequest('request-invalid', faults[0]?.message ?? 'The rows cannot be used.', faults);
  }
  const columns = columnsOf(rows);
  function* lines(): Generator<readonly string[]> {
    yield columns;
    for (const row of rows)
      yield columns.map((column) => writeCell(Object.hasOwn(row, column) ? row[column] : null));
  }
  const target = await store.scratch('upload');
  const csv = Readable.from(lines()).pipe(stringify({ bom: true, record_delimiter: '\r\n', quoted: true }));
  const saved = await saveFile(csv, target, new AbortController().signal);
  return {
    file: { ...saved, fileName: 'rows.csv' },
    discard: () => rm(target, { force: true }),
  };
}
