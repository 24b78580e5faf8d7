import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { errors } from '../../errors/messages.ts';
import { guardFormula, type Row } from './check-row.ts';
import { type Delimiter } from './dialect.ts';
import { readTable } from './read-table.ts';
import { showValue } from '../check-record.ts';
import { createGiveWay } from '../give-way.ts';
import type { Fields } from '../record.ts';
import { fieldAt } from '../leaves.ts';
import { isMoney, writeMoney } from '../parse-money.ts';
import { writeDecimal } from '../parse-values.ts';
import { type MappingRequest, resolveMapping } from './map-columns.ts';

/** Why a row has no video: the control group, a person who was erased, or a video that was deleted since. */
export type SkipReason = 'erased' | 'deleted' | 'holdout';

/** The result columns of a row. Missing members are empty cells. */
export interface BespokeCells {
  readonly status: 'done' | 'failed' | 'skipped' | 'cancelled';
  /** Why a row was skipped; `unchanged`: its video was there before. */
  readonly skipped?: 'unchanged' | SkipReason;
  /** Links, or paths relative to the folder of the CSV, with `/`. */
  readonly video?: string;
  readonly poster?: string;
  readonly teaser?: string;
  readonly page?: string;
  readonly durationInSeconds?: number;
  readonly warnings?: readonly string[];
  readonly errorCode?: string;
  readonly error?: string;
  /** Of the story, where the campaign compares several. */
  readonly variant?: string | undefined;
}

/** The columns that results add, in order. */
export const bespokeColumns = [
  'bespoke_status',
  'bespoke_video',
  'bespoke_poster',
  'bespoke_teaser',
  'bespoke_page',
  'bespoke_duration_s',
  'bespoke_warnings',
  'bespoke_error_code',
  'bespoke_error',
  'bespoke_skipped',
  'bespoke_sendable',
  'bespoke_variant',
] as const;

/** How a table of results is written. */
export interface ResultsForm {
  /** Default: the input's. */
  readonly delimiter?: Delimiter | undefined;
  /** Whether it begins with a byte order mark, by which spreadsheets know UTF-8. Default: true. */
  readonly bom?: boolean | undefined;
}

/** Anything but plain letters is quoted, so that every reader finds the same delimiter and line ends. */
const quotedWhen = [/[\r\n,;\t|]/, /^\s|\s$/];

/** Writes one CSV; the file appears only after `finish`. */
export interface CsvWriter {
  /** Adds a line; waits if the disk is slower. */
  readonly put: (cells: readonly string[]) => Promise<void>;
  /** Moves the complete file into place, over an earlier one. */
  readonly finish: () => Promise<void>;
  /** Gives up and removes what was written. Does nothing after `finish`. */
  readonly discard: () => Promise<void>;
}

/** Writes one CSV of results. */
export interface ResultsWriter extends Omit<CsvWriter, 'put'> {
  /** Adds a row; waits if the disk is slower. */
  readonly write: (row: Pick<Row, 'cells' | 'surplus'>, cells: BespokeCells) => Promise<void>;
}

function explainWriteError(file: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return errors.diskFull({ file: basename(file) }, { cause: error });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOENT' || code === 'ENOTDIR') {
    return errors.fileNotWritable({ file }, { cause: error });
  }
  return error instanceof Error ? error : new Error(String(error));
}

function ownCells(cells: BespokeCells): readonly string[] {
  const { durationInSeconds: duration } = cells;
  return [
    cells.status,
    cells.video ?? '',
    cells.poster ?? '',
    cells.teaser ?? '',
    cells.page ?? '',
    duration === undefined ? '' : String(Math.round(duration * 1000) / 1000),
    (cells.warnings ?? []).join(' '),
    cells.errorCode ?? '',
    cells.error ?? '',
    cells.skipped ?? '',
    String(cells.status === 'done' || cells.skipped === 'unchanged'),
    cells.variant ?? '',
  ].map(guardFormula);
}

/** How a table that continues the columns of another one is written. */
interface CsvForm extends ResultsForm {
  readonly header: readonly string[];
  readonly delimiter: Delimiter;
}

/**
 * Opens a CSV: UTF-8, CRLF, with a header.
 *
 * @throws BespokeError `disk-full`, `directory-not-writable`, from each of the writer's methods.
 */
export function openCsv(file: string, { header, delimiter, bom = true }: CsvForm): CsvWriter {
  const partial = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}.partial`);
  const lines = stringify({ delimiter, bom, record_delimiter: '\r\n', quoted_match: quotedWhen });
  const written = pipeline(lines, createWriteStream(partial, { flags: 'wx' }));
  let finished = false;
  // A failure is reported by the next call; until then it must not end the process.
  written.catch(() => undefined);

  const put = async (cells: readonly string[]) => {
    try {
      if (lines.destroyed) await written;
      if (!lines.write(cells)) await Promise.race([once(lines, 'drain'), written]);
    } catch (error) {
      throw explainWriteError(file, error);
    }
  };
  const begun = put(header);
  begun.catch(() => undefined);

  return {
    put: async (cells) => {
      await begun;
      await put(cells);
    },
    finish: async () => {
      await begun;
      try {
        lines.end();
        await written;
        await rename(partial, file);
        finished = true;
      } catch (error) {
        throw explainWriteError(file, error);
      }
    },
    discard: async () => {
      if (finished) return;
      lines.destroy();
      await written.catch(() => undefined);
      await rm(partial, { force: true });
    },
  };
}

/** As many cells as there are columns. */
export const padded = (cells: readonly string[], columns: number): readonly string[] => [
  ...cells,
  ...Array.from({ length: Math.max(0, columns - cells.length) }, () => ''),
];

/**
 * Opens `results.csv` or `failed.csv`: the input's cells unaltered, then `bespokeColumns`, then cells that the input had beyond its header.
 *
 * @throws BespokeError as `openCsv` does.
 */
export function openResults(
  file: string,
  { header, delimiter: own }: { readonly header: readonly string[]; readonly delimiter: Delimiter },
  { delimiter = own, bom }: ResultsForm = {},
): ResultsWriter {
  const { put, ...rest } = openCsv(file, { header: [...header, ...bespokeColumns], delimiter, bom });
  return {
    write: ({ cells, surplus }, own) => put([...padded(cells, header.length), ...ownCells(own), ...surplus]),
    ...rest,
  };
}

/** An object is money, a list or an object with fields; its column says which. */
type Value = string | number | boolean | null | object;

/** Entries, since a record would lose a column that is called `__proto__`. */
const rowSchema = z.array(
  z.tuple([
    z.string(),
    z.union([
      z.string(),
      z.number(),
      z.boolean(),
      z.null(),
      z.custom<object>((value) => typeof value === 'object' && value !== null),
    ]),
  ]),
);

/** Every row has a cell for every column: without a limit a few bytes of JSON could make a large file. */
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
  // A CSV has no empty rows: this one would be lost silently.
  if (
    parsed.data.every(([, value]) => value === null || (typeof value === 'string' && value.trim() === ''))
  ) {
    throw errors.rowEmpty({ row: number });
  }
  return new Map(parsed.data);
}

type BodyRow = ReadonlyMap<string, Value>;

/** The rows, and the columns of all rows in order of appearance. */
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

/** With a NUL the file would not count as text; as a replacement character it is an issue of its row only. */
const writeText = (text: string): string => text.replaceAll('\0', '\uFFFD');

/**
 * Writes the rows of a JSON body as a CSV that `readRows` reads back with the same values. If it fails, a partial
 * file remains.
 *
 * @throws BespokeError `request-invalid` if there are no rows, if one is not an object of single values or is empty,
 * and if `true` or `false` would fill a field of another kind; `csv-columns` as `readRows` throws it.
 */
export async function writeBodyRows(
  file: string,
  body: readonly unknown[],
  { fields, map, mapping: saved }: MappingRequest & { readonly fields: Fields },
): Promise<void> {
  if (body.length === 0) throw errors.rowsMissing();
  const { rows, columns } = await parseRows(body);
  const mapping = resolveMapping(columns, fields, { map, mapping: saved });
  const kinds = new Map(mapping.columns.map(({ index, field }) => [index, fieldAt(fields, field)?.kind]));

  const cellOf = (value: Value | undefined, index: number, row: number): string => {
    if (value === undefined || value === null) return '';
    const kind = kinds.get(index);
    if (typeof value === 'boolean' && kind !== undefined && kind !== 'boolean') {
      throw errors.cellBoolean({ row, column: showValue(columns[index]), value });
    }
    if (typeof value === 'object') {
      if (kind === 'list' || kind === 'object') return writeText(JSON.stringify(value));
      if (!isMoney(value)) throw errors.cellInvalid({ row, column: showValue(columns[index]) });
      if (kind !== undefined && kind !== 'money')
        throw errors.cellMoney({ row, column: showValue(columns[index]) });
      return writeMoney(value);
    }
    return typeof value === 'number' && (kind === 'number' || kind === 'money')
      ? writeDecimal(value)
      : writeText(String(value));
  };
  const giveWay = createGiveWay();
  async function* lines(): AsyncGenerator<readonly string[]> {
    // The line `sep=,` names the delimiter, so that it need not be guessed.
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

/** The first cell of a blanked row, because rows without any text do not count. */
const blankedCell = 'erased';

/** What a copy of a table lacks. */
interface CopyOptions {
  /** Rows to blank, counted from 1 among the rows that are not empty, without the header. */
  readonly blanked?: ReadonlySet<number>;
  /** Most rows to copy, from the first. */
  readonly limit?: number;
}

/**
 * Copies a table. Rows that are blanked keep their numbers, all others their cells. The copy is UTF-8, with a first
 * line that names the delimiter.
 *
 * @param name the file's name in messages.
 * @throws BespokeError as `readTable` does.
 */
export async function copyTable(
  from: string,
  to: string,
  name: string,
  { blanked = new Set(), limit = Infinity }: CopyOptions,
): Promise<void> {
  const { header, delimiter, records } = await readTable(from, name);
  const blank = header.cells.map((_title, index) => (index === 0 ? blankedCell : ''));
  async function* lines(): AsyncGenerator<readonly string[]> {
    yield ['sep=', ''];
    yield header.cells;
    let row = 0;
    for await (const { cells } of records()) {
      row += 1;
      yield blanked.has(row) ? blank : cells;
      if (row >= limit) return;
    }
  }
  await pipeline(
    Readable.from(lines()),
    stringify({ delimiter, bom: true, record_delimiter: '\r\n', quoted_match: quotedWhen }),
    createWriteStream(to, { flags: 'wx', mode: 0o600 }),
  );
}
