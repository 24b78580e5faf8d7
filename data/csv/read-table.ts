import { basename } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse, type Parser } from 'csv-parse';
import { errors } from '../../errors/messages.ts';
import { createGiveWay } from '../give-way.ts';
import type { Encoding } from '../table/encodings.ts';
import { decodeFile, detectEncoding, explainReadError } from './detect-encoding.ts';
import {
  carriageReturn,
  type CountedRow,
  createCellCounter,
  type CsvDialect,
  type Delimiter,
  lineFeed,
  readSample,
  sniffDelimiter,
} from './dialect.ts';

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

const longestRecord = 1024 * 1024;

/** The number of columns in an Excel sheet: some exports fill every row with empty cells up to its edge. */
const mostCells = 16_384;

/** In characters: few enough that a chunk of nothing but delimiters is parsed in a few milliseconds. */
const chunkLength = 16 * 1024;

/** How many lines of a text a row takes. */
export function countLines(cells: readonly string[]): number {
  let lines = 1;
  for (const cell of cells) {
    if (!cell.includes('\n') && !cell.includes('\r')) continue;
    for (let at = 0; at < cell.length; at += 1) {
      const code = cell.charCodeAt(at);
      if (code === carriageReturn) lines += 1;
      else if (code === lineFeed && cell.charCodeAt(at - 1) !== carriageReturn) lines += 1;
    }
  }
  return lines;
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
 * @param onSwallowed is called with the line of a row that contains others, before it is yielded.
 * @throws BespokeError `csv-too-wide`.
 */
async function* limitCells(
  text: AsyncIterable<string>,
  name: string,
  { delimiter, backslashes }: CsvDialect,
  firstLine: number,
  giveWay: () => Promise<void> | undefined,
  onSwallowed: (line: number) => void,
): AsyncGenerator<string> {
  const check = ({ line: counted, cells, swallows }: CountedRow): void => {
    const line = counted + firstLine - 1;
    if (cells > mostCells) throw errors.csvTooWide({ name, line, cells, most: mostCells });
    if (swallows) onSwallowed(line);
  };
  const counter = createCellCounter(delimiter, backslashes, check);
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
  check(counter.row());
}

/** What the parser does not promise to have. */
interface ParserApi {
  readonly state?: { expectedRecordLength?: number; readonly record: readonly string[] };
  __onRecord?: (push: unknown) => unknown;
}

/**
 * Makes the parser expect every width. It expects that of the first record, and makes an error with a stack for each
 * record that differs, even where it ignores them: behind a title, reading would take ten times as long.
 */
function expectAnyWidth(parser: Parser): void {
  const { api } = parser as Parser & { readonly api?: ParserApi };
  const { __onRecord: onRecord, state } = api ?? {};
  if (api === undefined || onRecord === undefined || state === undefined) return;
  api.__onRecord = (push) => {
    state.expectedRecordLength = state.record.length;
    return onRecord.call(api, push);
  };
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
  const parser: Parser = parse({
    delimiter,
    escape: backslashes ? '\\' : '"',
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: longestRecord,
  });
  expectAnyWidth(parser);
  const giveWay = createGiveWay();
  let line = hinted ? 2 : 1;
  const text = withoutHint(decodeFile(file, encoding, name), hinted);
  let swallowed = Infinity;
  const chunks = limitCells(text, name, dialect, line, giveWay, (from) => {
    swallowed = Math.min(swallowed, from);
  });
  // Errors reach the reader through the parser, which the pipeline destroys with them.
  pipeline(Readable.from(chunks), parser, () => undefined);
  try {
    for await (const record of parser as AsyncIterable<readonly string[]>) {
      if (line >= swallowed) throw errors.csvQuoteOpen({ name, line });
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
