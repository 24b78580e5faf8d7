import type { Encoding } from '../table/encodings.ts';
import { decodeFile, readBytes } from './detect-encoding.ts';

/** A row as seen from its delimiters and quotes, before it is split into cells. */
export interface CountedRow {
  /** The line on which it starts, counted from 1. */
  readonly line: number;
  readonly cells: number;
  /** Whether there is nothing between its line breaks. */
  readonly empty: boolean;
  /** Whether a quote is open in it: it has not ended, even where the text has. */
  readonly open: boolean;
  /**
   * Whether a quoted value in it goes on behind its closing quote, on a later line: a quote before was never closed,
   * and the value contains rows.
   */
  readonly swallows: boolean;
}

/** Counts the cells of rows whose text comes in chunks, in constant memory. */
interface CellCounter {
  readonly write: (text: string) => void;
  /** The current row so far. */
  readonly row: () => CountedRow;
}

export const [lineFeed, carriageReturn] = [0x0a, 0x0d];
const [quote, backslash] = [0x22, 0x5c];

/**
 * Counts cells as the CSV parser makes them: a quote opens at the start of a cell, two quotes within are
 * one, and a quote inside an unquoted cell is a character like others.
 *
 * @param backslashes whether a quote within is written behind a backslash.
 * @param onRow is called with each row that has ended.
 */
export function createCellCounter(
  delimiter: string,
  backslashes: boolean,
  onRow: (row: CountedRow) => void,
): CellCounter {
  const separator = delimiter.charCodeAt(0);
  let [line, begin, cells, empty] = [1, 1, 1, true];
  let [opened, swallows] = [1, false];
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
            onRow({ line: begin, cells, empty, open: false, swallows });
            begin = line;
            cells = 1;
            empty = true;
            state = 'start';
            swallows = false;
          }
        } else if (code === separator) {
          cells += 1;
          empty = false;
          state = 'start';
        } else {
          const quotes = code === quote && state !== 'plain';
          if (quotes && state === 'start') opened = line;
          if (!quotes && state === 'quote-in-quoted' && line > opened) swallows = true;
          state = quotes ? 'quoted' : 'plain';
          empty = false;
        }
      }
    },
    row: () => ({
      ...{ line: begin, cells, empty, swallows },
      open: state === 'quoted' || state === 'escaped',
    }),
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

const sampleLength = 128 * 1024;

/** What the quoted cells of a text show of how it writes quotes. */
interface BackslashFinder {
  /** Takes the text in chunks of any size, and nothing where it has ended. */
  readonly write: (text?: string) => void;
  /** `yes` until something shows `no`, which is final. */
  readonly answer: () => 'unknown' | 'yes' | 'no';
}

/**
 * Looks for signs of backslashes before quotes, as MySQL writes them, and for signs of quotes written twice.
 * `"C:\"` is neither: it may be a whole cell, or the beginning of a longer one.
 */
function createBackslashFinder(delimiter: Delimiter): BackslashFinder {
  const separator = delimiter.charCodeAt(0);
  const ends = (code: number): boolean =>
    code === separator || code === lineFeed || code === carriageReturn || Number.isNaN(code);
  let state: 'start' | 'plain' | 'quoted' = 'start';
  let answer: 'unknown' | 'yes' | 'no' = 'unknown';
  /** Whether an odd number of backslashes precedes. */
  let isBehind = false;
  let rest = '';

  /** What a quote in a quoted cell is. @returns how many characters it takes. */
  const takeQuote = (next: number, afterNext: number): number => {
    const escapes = isBehind;
    isBehind = false;
    if (next === quote) {
      if (escapes && ends(afterNext)) {
        // The first is part of the value, the second ends it.
        answer = 'yes';
        state = 'plain';
      } else answer = 'no';
      return 2;
    }
    if (escapes && !ends(next)) answer = 'yes';
    if (!(escapes && answer === 'yes')) state = 'plain';
    return 1;
  };

  return {
    write: (more) => {
      const text = rest + (more ?? '');
      // Two characters behind each one must be known.
      const end = more === undefined ? text.length : text.length - 2;
      let at = 0;
      while (at < end && answer !== 'no') {
        const code = text.charCodeAt(at);
        if (state === 'quoted') {
          if (code === quote) {
            at += takeQuote(text.charCodeAt(at + 1), text.charCodeAt(at + 2));
            continue;
          }
          if (isBehind && (code === lineFeed || code === carriageReturn)) answer = 'yes';
          isBehind = code === backslash && !isBehind;
        } else if (ends(code)) {
          state = 'start';
        } else {
          if (state === 'start' && text.startsWith('\\N', at) && ends(text.charCodeAt(at + 2)))
            answer = 'yes';
          state = code === quote && state === 'start' ? 'quoted' : 'plain';
        }
        at += 1;
      }
      rest = text.slice(at);
    },
    answer: () => answer,
  };
}

/** Whether a byte occurs in a file. */
async function holdsByte(file: string, byte: number): Promise<boolean> {
  for await (const chunk of readBytes(file)) if (chunk.includes(byte)) return true;
  return false;
}

/** Whether quotes in a file's values are written behind backslashes, as MySQL does. Reads the whole file. */
export async function usesBackslashes(file: string, name: string, encoding: Encoding): Promise<boolean> {
  // In every encoding a backslash holds this byte.
  if (!(await holdsByte(file, backslash))) return false;
  const { delimiter } = sniffDelimiter(await readSample(file, name, encoding), true);
  const finder = createBackslashFinder(delimiter);
  for await (const chunk of decodeFile(file, encoding, name)) {
    finder.write(chunk);
    if (finder.answer() === 'no') return false;
  }
  finder.write();
  return finder.answer() === 'yes';
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
