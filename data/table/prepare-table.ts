import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable, Transform } from 'node:stream';
import { pipeline as finish } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import { decodeFile, findEncodingFacts, requireFile } from '../csv/detect-encoding.ts';
import {
  type CsvDialect,
  type Delimiter,
  readSample,
  sniffDelimiter,
  usesBackslashes,
} from '../csv/dialect.ts';
import { countLines, readRecords } from '../csv/read-table.ts';
import { createGiveWay } from '../give-way.ts';
import { convertTable } from './convert.ts';
import { type Encoding, encodingNames } from './encodings.ts';
import {
  formatNames,
  isGzip,
  readEdges,
  recognizeBinary,
  recognizeText,
  type TableFormat,
} from './formats.ts';
import { judgeEncoding } from './judge-encoding.ts';
import {
  findLayout,
  type LayoutOptions,
  type SheetRow,
  type SkippedRow,
  type TableLayout,
} from './layout.ts';

/** What the user says about a file; unset: it is recognized. */
export interface TableOptions extends LayoutOptions {
  /** The sheet of a workbook. Default: the first visible one with cells. */
  readonly sheet?: string | undefined;
  readonly encoding?: Encoding | undefined;
}

/** What options of a command or a request say about a file. */
export const tableOptions = ({ sheet, encoding, headerRow, skipFooter }: TableOptions): TableOptions => ({
  sheet,
  encoding,
  headerRow,
  skipFooter,
});

/** How a file was understood. */
export interface TableReading {
  readonly format: TableFormat;
  readonly compressed: boolean;
  readonly sheet?: string | undefined;
  readonly sheets?: readonly string[] | undefined;
  /** Of texts. */
  readonly encoding: Encoding;
  /** `letters`: it is the most likely one; all others are facts or said. */
  readonly encodingBy: 'mark' | 'content' | 'letters' | 'option';
  /** Whether quotes in the values of a CSV were written behind backslashes, as MySQL does. */
  readonly backslashes?: true;
  readonly headerRow: number;
  /** How many rows are neither header nor customers. */
  readonly skippedRows: number;
  /** The first of them. */
  readonly skipped: readonly SkippedRow[];
}

/** A file that `readRows` reads, and how it came about. */
export interface PreparedTable {
  /** The file itself where it is a plain CSV in UTF-8; else a CSV of it, which the caller removes. */
  readonly file: string;
  readonly dialect: CsvDialect;
  readonly reading: TableReading;
}

/** Makes paths of temporary files. */
export type Scratch = (extension: string) => Promise<string>;

const gzipLimits = { bytes: 2_000_000_000, ratio: 200, from: 50_000_000 };

/** Unpacks a file within limits. @returns the name without `.gz`. */
async function unpack(file: string, target: string, name: string): Promise<string> {
  const packed = { bytes: 0 };
  let bytes = 0;
  const source = createReadStream(file);
  source.on('data', (chunk) => (packed.bytes += chunk.length));
  const limit = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      if (bytes > gzipLimits.bytes) {
        done(errors.tableUnpackedTooLarge({ name, megabytes: gzipLimits.bytes / 1e6 }));
      } else if (bytes > gzipLimits.from && bytes > packed.bytes * gzipLimits.ratio) {
        done(errors.tableBomb({ name }));
      } else done(null, chunk);
    },
  });
  try {
    await finish(source, createGunzip(), limit, createWriteStream(target, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (error instanceof BespokeError || !code.startsWith('Z_')) throw error;
    throw errors.tableDamaged({ name, format: 'a gzip file' }, { cause: error });
  }
  return name.replace(/\.gz$/i, '');
}

/** The rows of a converted file, without empty ones. */
async function* readConverted(file: string): AsyncGenerator<SheetRow> {
  const rowSchema = z.array(z.string());
  const giveWay = createGiveWay();
  let line = 0;
  const input = createReadStream(file, 'utf8');
  try {
    for await (const text of createInterface({ input, crlfDelay: Infinity })) {
      line += 1;
      const cells = rowSchema.parse(JSON.parse(text));
      if (cells.some((cell) => cell.trim() !== '')) yield { line, cells };
      const pause = giveWay();
      if (pause !== undefined) await pause;
    }
  } finally {
    // A reader that has seen enough leaves the file open.
    input.destroy();
  }
}

/** In characters. */
const chunkLength = 64 * 1024;

const mustQuote = /["\r\n,;\t|]|^\s|\s$/;

const writeLine = (cells: readonly string[], delimiter: Delimiter): string =>
  `${cells
    .map((cell) =>
      mustQuote.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell.replaceAll('\0', '\uFFFD'),
    )
    .join(delimiter)}\r\n`;

/**
 * Writes a table as a CSV in UTF-8. Rows keep their lines, as far as cells hold no line breaks: what is skipped
 * becomes empty lines.
 */
async function writeTable(
  target: string,
  rows: AsyncIterable<SheetRow>,
  delimiter: Delimiter,
  { headerRow, header, skipped }: TableLayout,
): Promise<CsvDialect> {
  let hinted = false;
  async function* chunks(): AsyncGenerator<string> {
    let text = '\uFEFF';
    let line = 1;
    for await (const row of rows) {
      if (row.line < headerRow || skipped.has(row.line)) continue;
      if (line === 1 && row.line > 1) {
        // Names the delimiter, so that it need not be guessed.
        text += `sep=${delimiter}\r\n`;
        hinted = true;
        line = 2;
      }
      const cells = row.line === headerRow ? header : row.cells;
      text += '\r\n'.repeat(Math.max(0, row.line - line)) + writeLine(cells, delimiter);
      line = Math.max(line, row.line) + countLines(cells);
      if (text.length < chunkLength) continue;
      yield text;
      text = '';
    }
    yield text;
  }
  await finish(Readable.from(chunks()), createWriteStream(target, { flags: 'wx', mode: 0o600 }));
  return { encoding: 'utf-8', backslashes: false, delimiter, hinted };
}

/** Writes a text in UTF-8. */
async function recode(file: string, target: string, encoding: Encoding, name: string): Promise<void> {
  await finish(decodeFile(file, encoding, name), createWriteStream(target, { flags: 'wx', mode: 0o600 }));
}

/** Reads the whole text once and keeps nothing. @throws BespokeError `csv-encoding` where bytes do not fit. */
async function requireEncoding(file: string, encoding: Encoding, name: string): Promise<void> {
  try {
    for await (const chunk of decodeFile(file, encoding, name)) void chunk;
  } catch (error) {
    if (!(error instanceof BespokeError && error.code === 'csv-encoding')) throw error;
    throw errors.encodingWrong({ name, encoding: encodingNames[encoding] }, { cause: error });
  }
}

async function findEncodingOf(
  file: string,
  name: string,
  said: Encoding | undefined,
): Promise<Pick<TableReading, 'encoding' | 'encodingBy'>> {
  if (said !== undefined) {
    await requireEncoding(file, said, name);
    return { encoding: said, encodingBy: 'option' };
  }
  const { encoding, marked } = await findEncodingFacts(file, name);
  if (encoding !== undefined) return { encoding, encodingBy: marked ? 'mark' : 'content' };
  return { encoding: await judgeEncoding(file, name), encodingBy: 'letters' };
}

interface Work {
  readonly name: string;
  readonly options: TableOptions;
  /** A new temporary file. */
  readonly draft: () => Promise<string>;
}

/** A file as rows, whatever its format. */
interface OpenTable extends Omit<TableReading, 'compressed' | 'headerRow' | 'skippedRows' | 'skipped'> {
  readonly delimiter: Delimiter;
  /** Whether the first line of a text names its delimiter. */
  readonly hinted: boolean;
  readonly rows: () => AsyncIterable<SheetRow>;
  /** Whether the file is a CSV in UTF-8 as it is. */
  readonly isPlain: boolean;
}

async function openWhole(
  file: string,
  format: Exclude<TableFormat, 'csv'>,
  { name, options: { sheet }, draft }: Work,
): Promise<OpenTable> {
  const target = await draft();
  const converted = await convertTable(file, target, { format, sheet, name });
  return {
    ...converted,
    ...{ format, encoding: 'utf-8', encodingBy: 'content', delimiter: ',', hinted: false, isPlain: false },
    rows: () => readConverted(target),
  };
}

async function openTable(file: string, work: Work): Promise<OpenTable> {
  const { name, options, draft } = work;
  const { head, tail } = await readEdges(file);
  const binary = recognizeBinary(head, tail);
  if (typeof binary === 'object') throw errors.csvOtherFormat({ name, format: binary.other });
  if (binary !== undefined) return openWhole(file, binary, work);

  const text = await findEncodingOf(file, name, options.encoding);
  const format = recognizeText(head, text.encoding, name, head.length === tail.length);
  if (typeof format === 'object') throw errors.csvOtherFormat({ name, format: format.other });
  if (format === 'xls' || format === 'ods') return openWhole(file, format, work);
  if (options.sheet !== undefined) throw errors.sheetOfText({ name, format: formatNames[format] });
  if (format === 'json' || format === 'ndjson') {
    if (options.headerRow !== undefined || options.skipFooter !== undefined)
      throw errors.headerOfJson({ name });
    const utf8 = text.encoding === 'utf-8' ? file : await draft();
    if (utf8 !== file) await recode(file, utf8, text.encoding, name);
    return { ...(await openWhole(utf8, format, work)), ...text };
  }
  const { encoding } = text;
  const backslashes = await usesBackslashes(file, name, encoding);
  const sniffed = sniffDelimiter(await readSample(file, name, encoding), backslashes);
  const dialect = { encoding, backslashes, ...sniffed };
  return {
    ...{ format, ...text, ...sniffed, isPlain: encoding === 'utf-8' && !backslashes },
    ...(backslashes && { backslashes }),
    rows: () => readRecords(file, name, dialect),
  };
}

/** JSON names its columns itself, and every entry is a customer. */
async function plainLayout(rows: AsyncIterable<SheetRow>, name: string): Promise<TableLayout> {
  for await (const { cells, line } of rows) {
    return { headerRow: line, header: cells, skipped: new Set(), shown: [], isJoined: false };
  }
  throw errors.csvBlank({ name });
}

/**
 * Turns a file of any format into one that `readRows` reads: a CSV in UTF-8 that begins with its header. A file that
 * is one already stays as it is.
 *
 * @param name the file's name in messages, and what decides about its format where its content does not.
 * @throws BespokeError `csv-*` and `table-*`.
 */
export async function prepareTable(
  file: string,
  options: TableOptions,
  scratch: Scratch,
  name = basename(file),
): Promise<PreparedTable> {
  await requireFile(file);
  const drafts: string[] = [];
  let kept: string | undefined;
  const draft = async (): Promise<string> => {
    const made = await scratch('csv');
    drafts.push(made);
    return made;
  };
  try {
    const { head } = await readEdges(file);
    if (head.length === 0) throw errors.csvEmpty({ name });
    const compressed = isGzip(head);
    const unpacked = compressed ? await draft() : file;
    const innerName = compressed ? await unpack(file, unpacked, name) : name;
    const table = await openTable(unpacked, { name: innerName, options, draft });
    const { rows, delimiter, hinted, isPlain, ...reading } = table;
    const isJson = table.format === 'json' || table.format === 'ndjson';
    const layout = isJson ? await plainLayout(rows(), name) : await findLayout(rows, name, options);
    let result = unpacked;
    let dialect: CsvDialect = { encoding: 'utf-8', backslashes: false, delimiter, hinted };
    if (!isPlain || layout.isJoined || layout.skipped.size > 0) {
      result = await draft();
      dialect = await writeTable(result, rows(), delimiter, layout);
    }
    kept = result;
    return {
      file: result,
      dialect,
      reading: {
        ...reading,
        compressed,
        headerRow: layout.headerRow,
        skippedRows: layout.skipped.size,
        skipped: layout.shown,
      },
    };
  } finally {
    for (const made of drafts) if (made !== kept) await rm(made, { force: true });
  }
}
