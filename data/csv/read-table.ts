import { basename } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse, type Parser } from 'csv-parse';
import { errors } from '../../errors/messages.ts';
import { createGiveWay } from '../give-way.ts';
import type { Encoding } from '../table/encodings.ts';
import { decodeFile, detectEncoding, explainReadError } from './detect-encoding.ts';

/** A row as seen from its delimiters and quotes, before it is split into cells. */
interface CountedRow {
  /** The line on which it starts, counted from 1. */
  readonly line: number;
  readonly cells: number;
  /** Whether there is nothing between its line breaks. */
  readonly empty: boolean;
  /** Whether a quote is open in it: it has not ended, even where the text has. */
  readonly open: boolean;
}

/** Counts the cells of rows whose text comes in chunks, in constant memory. */
export interface CellCounter {
  readonly write: (text: string) => void;
  /** The current row so far. */
  readonly row: () => CountedRow;
}

const [quote, backslash, lineFeed, carriageReturn] = [0x22, 0x5c, 0x0a, 0x0d];

/**
 * Counts cells as the CSV parser makes them: a quote opens at the start of a cell, two quotes within are
 * one, and a quote inside an unquoted cell is a character like others.
 *
 * @param backslashes whether a quote within is written behind a backslash.
 * @param onRow is called with each row that has ended.
 */
function createCellCounter(
  delimiter: string,
  backslashes: boolean,
  onRow: (row: CountedRow) => void,
): CellCounter {
  const separator = delimiter.charCodeAt(0);
  let [line, begin, cells, empty] = [1, 1, 1, true];
  let state: 'start' | 'plain' | 'quoted' | 'escaped' | 'quote-in-quoted' = 'start';
  let previous = 0;

  return {
    write: (text) => {
      for (let at = 0; at < text.length; at += 1) {
        const code = text.charCodeAt(at);
        const second = code === lineFeed && previous === carriageReturn;
        const breaks = code === lineFeed || code === carriageReturn;
        previous = code;
        if (breaks && !second) line += 1;
        if (state === 'quoted') {
          if (code === quote) state = 'quote-in-quoted';
          else if (backslashes && code === backslash) state = 'escaped';
        } else if (state === 'escaped') {
          state = 'quoted';
        } else if (breaks) {
          if (second) begin = line;
          else {
            onRow({ line: begin, cells, empty, open: false });
            [begin, cells, empty, state] = [line, 1, true, 'start'];
          }
        } else if (code === separator) {
          cells += 1;
          [empty, state] = [false, 'start'];
        } else {
          state = code === quote && state !== 'plain' ? 'quoted' : 'plain';
          empty = false;
        }
      }
    },
    row: () => ({ line: begin, cells, empty, open: state === 'quoted' || state === 'escaped' }),
  };
}

/** The delimiters that exports use, the likelier first. */
export const delimiters = [',', ';', '\t', '|'] as const;

export type Delimiter = (typeof delimiters)[number];

/** The delimiter of a file, and where it is from. */
export interface Sniffed {
  readonly delimiter: Delimiter;
  /** Whether the first line is the hint that Excel reads, such as `sep=;`. */
  readonly hinted: boolean;
}

/** How a file is written. */
export interface CsvDialect extends Sniffed {
  readonly encoding: Encoding;
  /** Whether a quote in a value is written `\\"`, as MySQL does, and not `""`. */
  readonly backslashes: boolean;
}

const rowsToCompare = 100;

/** Number of cells of each complete row of a sample with this delimiter; without empty lines. */
function countCells(
  { text, complete }: Sample,
  delimiter: Delimiter,
  backslashes: boolean,
): readonly number[] {
  const counts: number[] = [];
  const note = ({ cells, empty, open }: CountedRow): void => {
    if (!empty && !open && counts.length < rowsToCompare) counts.push(cells);
  };
  const counter = createCellCounter(delimiter, backslashes, note);
  counter.write(text);
  if (complete) note(counter.row());
  return counts;
}

/** Share of records with as many fields as the header, in tenths, so that near ties go by columns. */
function judge(
  counts: readonly number[],
  columns = counts[0] ?? 1,
): { readonly agreement: number; readonly columns: number } {
  if (columns < 2) return { agreement: 0, columns };
  const agreeing = counts.filter((count) => count === columns).length;
  return { agreement: Math.round((agreeing / counts.length) * 10), columns };
}

/** Tenths of records that must be like the first one, so that it is taken for the header. */
const clearAgreement = 8;

/** The number of fields that most records have, the header being among them or not. */
function usualCount(counts: readonly number[]): number {
  const times = new Map<number, number>();
  for (const count of counts) times.set(count, (times.get(count) ?? 0) + 1);
  const [usual] = [...times].sort((a, b) => b[1] - a[1] || b[0] - a[0]);
  return usual?.[0] ?? 1;
}

/**
 * Finds the delimiter of a table by its first records: the one under which most have as many fields
 * as the first one; else, since there may be titles above the header, as many as most others. A table of one column
 * counts as delimited by commas.
 *
 * @param backslashes as in `CsvDialect`.
 */
export function sniffDelimiter(sample: Sample, backslashes = false): Sniffed {
  const hint = /^sep=([,;\t|])\r?\n/i.exec(sample.text)?.[1];
  const hinted = delimiters.find((delimiter) => delimiter === hint);
  if (hinted !== undefined) return { delimiter: hinted, hinted: true };
  const counted = delimiters.map((delimiter) => ({
    delimiter,
    counts: countCells(sample, delimiter, backslashes),
  }));
  const judgeAll = (columnsOf: (counts: readonly number[]) => number | undefined) =>
    counted.map(({ delimiter, counts }) => ({ delimiter, ...judge(counts, columnsOf(counts)) }));
  const choose = (all: ReturnType<typeof judgeAll>) =>
    all.sort((a, b) => b.agreement - a.agreement || b.columns - a.columns)[0];
  const byHeader = judgeAll(([first]) => first);
  const clear = choose(byHeader.filter(({ agreement }) => agreement >= clearAgreement));
  const best = clear ?? choose([...byHeader, ...judgeAll(usualCount)]);
  return { delimiter: best !== undefined && best.agreement > 0 ? best.delimiter : ',', hinted: false };
}

/** One record of a table, unaltered. */
export interface TableRecord {
  /** The line on which it starts, counted from 1. */
  readonly line: number;
  /** Values without their quotes, otherwise unaltered. */
  readonly cells: readonly string[];
}

/** A table with known encoding and delimiter. Its records can be read any number of times. */
export interface Table {
  readonly encoding: Encoding;
  readonly delimiter: Delimiter;
  /** The first record that is not empty. */
  readonly header: TableRecord;
  /** The records after the header; records whose cells are all empty are left out. */
  readonly records: () => AsyncGenerator<TableRecord>;
}

const sampleLength = 128 * 1024;
const longestRecord = 1024 * 1024;

/** The number of columns in an Excel sheet: some exports fill every row with empty cells up to its edge. */
const mostCells = 16_384;

/** In characters: few enough that a chunk of nothing but delimiters is parsed in a few milliseconds. */
const chunkLength = 16 * 1024;

/** How many lines of a text a row takes. */
export function countLines(cells: readonly string[]): number {
  let lines = 1;
  for (const cell of cells) {
    for (let at = 0; at < cell.length; at += 1) {
      const code = cell.charCodeAt(at);
      if (code === carriageReturn) lines += 1;
      else if (code === lineFeed && cell.charCodeAt(at - 1) !== carriageReturn) lines += 1;
    }
  }
  return lines;
}

/**
 * A cell that starts with a quote and spans lines is either quoted correctly, or it contains rows because a
 * quote was never closed.
 */
function hasSwallowedLines(
  cells: readonly string[],
  raw: string,
  writeQuoted: (cell: string) => string,
): boolean {
  let from = 0;
  for (const cell of cells) {
    if (!cell.startsWith('"') || !/[\r\n]/.test(cell)) continue;
    // Cells are in order: searching from the last one found keeps a row of thousands linear.
    const found = raw.indexOf(`"${writeQuoted(cell)}"`, from);
    if (found < 0) return true;
    from = found + cell.length;
  }
  return false;
}

/** Drops a first line `sep=;` from decoded text. */
async function* withoutHint(text: AsyncIterable<string>, hinted: boolean): AsyncGenerator<string> {
  let pending = hinted ? '' : undefined;
  for await (const chunk of text) {
    if (pending === undefined) {
      yield chunk;
      continue;
    }
    pending += chunk;
    const end = pending.indexOf('\n');
    if (end < 0) continue;
    yield pending.slice(end + 1);
    pending = undefined;
  }
}

/**
 * Cuts text into chunks that are parsed quickly, and stops before a row with too many cells: a parser would hold
 * all of them in memory before it could report their number.
 *
 * @throws BespokeError `csv-too-wide`.
 */
async function* limitCells(
  text: AsyncIterable<string>,
  name: string,
  { delimiter, backslashes }: CsvDialect,
  firstLine: number,
  giveWay: () => Promise<void> | undefined,
): AsyncGenerator<string> {
  const refuseWide = ({ line, cells }: CountedRow): void => {
    if (cells > mostCells)
      throw errors.csvTooWide({ name, line: line + firstLine - 1, cells, most: mostCells });
  };
  const counter = createCellCounter(delimiter, backslashes, refuseWide);
  for await (const long of text) {
    for (let at = 0; at < long.length; at += chunkLength) {
      const pause = giveWay();
      if (pause !== undefined) await pause;
      const chunk = long.slice(at, at + chunkLength);
      counter.write(chunk);
      // The rest of the row is only counted, for the message.
      if (counter.row().cells <= mostCells) yield chunk;
    }
  }
  refuseWide(counter.row());
}

/**
 * Makes the width of the last record the one that the parser expects. It expects that of the first one, and makes an
 * error with a stack for each record that differs, even where it ignores them: behind a title, reading would take ten
 * times as long.
 */
function expectWidth(parser: Parser, width: number): void {
  const { state } = parser as Parser & { readonly state?: { expectedRecordLength?: number } };
  if (state !== undefined) state.expectedRecordLength = width;
}

interface ParsedRecord {
  readonly record: readonly string[];
  readonly raw: string;
}

/**
 * The records of a file, in order, without those whose cells are all empty.
 *
 * @throws BespokeError `csv-quotes`, `csv-too-wide`, `csv-unreadable`, `csv-encoding`.
 */
export async function* readRecords(
  file: string,
  name: string,
  dialect: CsvDialect,
): AsyncGenerator<TableRecord> {
  const { encoding, delimiter, hinted, backslashes } = dialect;
  const writeQuoted = backslashes
    ? (cell: string) => cell.replace(/["\\]/g, '\\$&')
    : (cell: string) => cell.replaceAll('"', '""');
  const parser: Parser = parse({
    delimiter,
    escape: backslashes ? '\\' : '"',
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: longestRecord,
    raw: true,
    on_record: (parsed) => {
      // With `raw`, it is not the record alone.
      expectWidth(parser, (parsed as unknown as ParsedRecord).record.length);
      return parsed;
    },
  });
  const giveWay = createGiveWay();
  let line = hinted ? 2 : 1;
  const text = withoutHint(decodeFile(file, encoding, name), hinted);
  // Errors reach the reader through the parser, which the pipeline destroys with them.
  pipeline(Readable.from(limitCells(text, name, dialect, line, giveWay)), parser, () => undefined);
  try {
    for await (const { record, raw } of parser as AsyncIterable<ParsedRecord>) {
      if (hasSwallowedLines(record, raw, writeQuoted)) throw errors.csvQuoteOpen({ name, line });
      const cells = backslashes ? record.map(readEscaped) : record;
      if (cells.some((cell) => cell.trim() !== '')) yield { line, cells };
      line += countLines(record);
      const pause = giveWay();
      if (pause !== undefined) await pause;
    }
  } catch (error) {
    if (error instanceof CsvError) {
      throw error.code === 'CSV_MAX_RECORD_SIZE'
        ? errors.csvRowEndless({ name, line })
        : errors.csvQuoteOpen({ name, line });
    }
    throw explainReadError(file, error);
  }
}

/** A cell without what MySQL writes in place of nothing and of line breaks. */
const readEscaped = (cell: string): string => (cell === '\\N' ? '' : cell.replace(/\\(?=[\r\n])/g, ''));

/** A quote behind an odd number of backslashes, where a quote that ends its cell cannot be. */
const backslashQuote = /(?<!\\)(?:\\\\)*\\"(?:[^",;\t|\r\n]|"(?:[,;\t|\r\n]|$))/;

/** Two quotes within a cell. */
const doubledQuote = /[^"\\,;\t|\r\n]""[^",;\t|\r\n]/;

/** Whether quotes in a file's values are written behind backslashes, as MySQL does. Reads the whole file. */
export async function usesBackslashes(file: string, name: string, encoding: Encoding): Promise<boolean> {
  let rest = '';
  let found = false;
  for await (const chunk of decodeFile(file, encoding, name)) {
    const text = rest + chunk;
    rest = text.slice(-8);
    if (!text.includes('""') && !text.includes('\\"')) continue;
    if (doubledQuote.test(text)) return false;
    found ||= backslashQuote.test(text);
  }
  return found;
}

/** The beginning of a file, or all of it. */
export interface Sample {
  readonly text: string;
  /** Whether it is all, so that its last line is a record too. */
  readonly complete: boolean;
}

/** The beginning of a file, from which its delimiter can be found. */
export async function readSample(file: string, name: string, encoding: Encoding): Promise<Sample> {
  let text = '';
  for await (const chunk of decodeFile(file, encoding, name)) {
    text += chunk;
    if (text.length >= sampleLength) return { text, complete: false };
  }
  return { text, complete: true };
}

async function findDialect(file: string, name: string): Promise<CsvDialect> {
  const encoding = await detectEncoding(file, name);
  // Bespoke has written it, or it was taken in before other forms were read.
  return { encoding, backslashes: false, ...sniffDelimiter(await readSample(file, name, encoding)) };
}

/**
 * Opens a CSV of any usual format: finds encoding, delimiter and header.
 *
 * @param name what messages call the file.
 * @param dialect how it is written, where that is known: it is not read for it again.
 * @throws BespokeError `csv-unreadable`, `csv-not-text`, `csv-encoding`, `csv-empty`, `csv-quotes`,
 * `csv-too-wide`; the last two also from `records`.
 */
export async function readTable(file: string, name = basename(file), dialect?: CsvDialect): Promise<Table> {
  const known = dialect ?? (await findDialect(file, name));
  const all = () => readRecords(file, name, known);
  for await (const header of all()) {
    return {
      encoding: known.encoding,
      delimiter: known.delimiter,
      header,
      records: async function* records() {
        for await (const record of all()) if (record.line > header.line) yield record;
      },
    };
  }
  throw errors.csvBlank({ name });
}
