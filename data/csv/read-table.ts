import { basename } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { decodeFile, detectEncoding, explainReadError } from './detect-encoding.ts';
import type { Encoding } from './encoding.ts';
import { sniffDelimiter, type Delimiter } from './sniff-delimiter.ts';

/** One record of a table as it stands in the file. */
export interface TableRecord {
  /** The line it begins on, counted from 1. */
  readonly line: number;
  /** Values without their quotes, otherwise unaltered. */
  readonly cells: readonly string[];
}

/** A table whose form is known. Its records can be read any number of times. */
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

const lineBreaks = /\r\n|\r|\n/g;

const countLines = (cells: readonly string[]) =>
  cells.reduce((sum, cell) => sum + (cell.match(lineBreaks)?.length ?? 0), 1);

/**
 * A cell that begins with a quote and runs over lines is either well quoted or the trace of a quote that
 * was never closed and swallowed rows.
 */
function hasSwallowedLines(cells: readonly string[], raw: string): boolean {
  return cells.some(
    (cell) => cell.startsWith('"') && /[\r\n]/.test(cell) && !raw.includes(`"${cell.replaceAll('"', '""')}"`),
  );
}

const unclosed = (name: string, line: number) =>
  new BespokeError(
    'csv-quotes',
    `In ${name} a quote opens in the row that begins on line ${line} and is not closed where the value ends.`,
  );

const endless = (name: string, line: number) =>
  new BespokeError(
    'csv-quotes',
    `In ${name} the row that begins on line ${line} is longer than a megabyte, as if a quote opened in it and were never closed.`,
  );

/** Drops a first line `sep=;` from decoded text. */
async function* withoutHint(text: AsyncIterable<string>, hinted: boolean): AsyncGenerator<string> {
  let pending = hinted ? '' : undefined;
  for await (const piece of text) {
    if (pending === undefined) {
      yield piece;
      continue;
    }
    pending += piece;
    const end = pending.indexOf('\n');
    if (end < 0) continue;
    yield pending.slice(end + 1);
    pending = undefined;
  }
}

interface ParsedRecord {
  readonly record: readonly string[];
  readonly raw: string;
}

async function* readRecords(
  file: string,
  name: string,
  encoding: Encoding,
  delimiter: Delimiter,
  hinted: boolean,
): AsyncGenerator<TableRecord> {
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: longestRecord,
    raw: true,
  });
  // Errors reach the reader through the parser, which the pipeline destroys with them.
  pipeline(Readable.from(withoutHint(decodeFile(file, encoding, name), hinted)), parser, () => undefined);
  let line = hinted ? 2 : 1;
  try {
    for await (const { record, raw } of parser as AsyncIterable<ParsedRecord>) {
      if (hasSwallowedLines(record, raw)) throw unclosed(name, line);
      if (record.some((cell) => cell.trim() !== '')) yield { line, cells: record };
      line += countLines(record);
    }
  } catch (error) {
    if (error instanceof CsvError) {
      throw error.code === 'CSV_MAX_RECORD_SIZE' ? endless(name, line) : unclosed(name, line);
    }
    throw explainReadError(file, error);
  }
}

async function readSample(
  file: string,
  name: string,
  encoding: Encoding,
): Promise<{ readonly text: string; readonly complete: boolean }> {
  let text = '';
  for await (const piece of decodeFile(file, encoding, name)) {
    text += piece;
    if (text.length >= sampleLength) return { text, complete: false };
  }
  return { text, complete: true };
}

/**
 * Opens a CSV of any usual form: finds encoding, delimiter and header.
 *
 * @param name what messages call the file.
 * @throws BespokeError `csv-unreadable`, `csv-not-text`, `csv-encoding`, `csv-empty`, `csv-quotes`; the
 * last also from `records`.
 */
export async function readTable(file: string, name = basename(file)): Promise<Table> {
  const encoding = await detectEncoding(file, name);
  const sample = await readSample(file, name, encoding);
  const { delimiter, hinted } = sniffDelimiter(sample.text, sample.complete);
  const all = () => readRecords(file, name, encoding, delimiter, hinted);
  for await (const header of all()) {
    return {
      encoding,
      delimiter,
      header,
      records: async function* records() {
        for await (const record of all()) if (record.line > header.line) yield record;
      },
    };
  }
  throw new BespokeError('csv-empty', `${name} holds no line with anything on it.`);
}
