import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { z } from 'zod';
import type { BespokeError } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import { showValue } from '../check-record.ts';
import { createGiveWay } from '../give-way.ts';
import type { Fields } from '../record.ts';
import { writeDecimal } from '../values/parse-values.ts';
import { resolveMapping, type ColumnOverride } from './map-columns.ts';
import { quotedWhen } from './write-results.ts';

type Value = string | number | boolean | null;

/** Entries, since a record would lose a column that is called `__proto__`. */
const rowSchema = z.array(z.tuple([z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])]));

/** Every row has a cell for every column, so that a few bytes of JSON could ask for a large file. */
const mostColumns = 500;

function parseRow(row: unknown, number: number): ReadonlyMap<string, Value> {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    throw errors.rowNotObject({ row: number });
  }
  const entries = Object.entries(row);
  if (entries.length > mostColumns) throw errors.rowTooWide({ row: number, most: mostColumns });
  const parsed = rowSchema.safeParse(entries);
  if (!parsed.success) {
    const [column] = entries[Number(parsed.error.issues[0]?.path[0])] ?? [];
    throw errors.cellInvalid({ row: number, column: showValue(column) });
  }
  // A CSV has no empty rows: this one would be lost without a message.
  if (parsed.data.every(([, value]) => value === null || String(value).trim() === '')) {
    throw errors.rowEmpty({ row: number });
  }
  return new Map(parsed.data);
}

type BodyRow = ReadonlyMap<string, Value>;

/** The rows, and the columns of all of them in the order in which they come up. */
async function parseRows(
  body: readonly unknown[],
): Promise<{ readonly rows: readonly BodyRow[]; readonly columns: readonly string[] }> {
  const giveWay = createGiveWay();
  const columns = new Set<string>();
  const rows: BodyRow[] = [];
  for (const [index, each] of body.entries()) {
    const row = parseRow(each, index + 1);
    rows.push(row);
    for (const column of row.keys()) columns.add(column);
    if (columns.size > mostColumns) throw errors.rowsTooWide({ most: mostColumns });
    await giveWay();
  }
  return { rows, columns: [...columns] };
}

/** With a NUL the whole file would not be text; the mark of damage is an issue of its row only. */
const writeText = (text: string): string => text.replaceAll('\0', '\uFFFD');

/**
 * Writes the rows of a JSON body as a CSV, which `readRows` reads back with the same values. A file is left behind when it fails.
 *
 * @throws BespokeError `request-invalid` when there are no rows, when one is not an object of single values or
 * is empty, and when `true` or `false` fills a field; `csv-columns` as `readRows` throws it.
 */
export async function writeBodyRows(
  file: string,
  body: readonly unknown[],
  { fields, map }: { readonly fields: Fields; readonly map?: readonly ColumnOverride[] },
): Promise<void> {
  if (body.length === 0) throw errors.rowsMissing();
  const { rows, columns } = await parseRows(body);
  const mapping = resolveMapping(columns, fields, map);
  const kinds = new Map(mapping.columns.map(({ index, field }) => [index, fields[field]?.kind]));

  const cellOf = (value: Value | undefined, index: number, row: number): string => {
    if (value === undefined || value === null) return '';
    const kind = kinds.get(index);
    if (typeof value === 'boolean' && kind !== undefined) {
      throw errors.cellBoolean({ row, column: showValue(columns[index]), value });
    }
    return typeof value === 'number' && kind === 'number' ? writeDecimal(value) : writeText(String(value));
  };
  const giveWay = createGiveWay();
  async function* lines(): AsyncGenerator<readonly string[]> {
    // The line `sep=,` leaves nothing to guess, whatever the columns are called.
    yield ['sep=', ''];
    yield columns.map(writeText);
    for (const [at, row] of rows.entries()) {
      await giveWay();
      yield columns.map((column, index) => cellOf(row.get(column), index, at + 1));
    }
  }
  await pipeline(
    Readable.from(lines()),
    stringify({ bom: true, record_delimiter: '\r\n', quoted_match: quotedWhen }),
    createWriteStream(file, { flags: 'wx', mode: 0o600 }),
  );
}
