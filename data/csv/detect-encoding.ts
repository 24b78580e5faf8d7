import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import { createDecoder, type Encoding } from '../table/encodings.ts';

/** The result of checking bytes as UTF-8. */
interface Utf8Scan {
  /** Characters of more than one byte that are well formed. */
  readonly wide: number;
  /** Sequences that are not UTF-8. */
  readonly invalid: number;
  /** Line of the first invalid sequence, counted from 1; 0 where there is none. */
  readonly invalidLine: number;
}

/** Checks bytes as they come; chunks may split a character. */
export interface Utf8Scanner {
  readonly write: (bytes: Uint8Array) => void;
  readonly end: () => Utf8Scan;
}

/** Well-formed second bytes by first byte (The Unicode Standard, table 3-7): rest length, low, high. */
function sequenceOf(first: number): readonly [rest: number, low: number, high: number] | undefined {
  if (first >= 0xc2 && first <= 0xdf) return [1, 0x80, 0xbf];
  if (first === 0xe0) return [2, 0xa0, 0xbf];
  if (first === 0xed) return [2, 0x80, 0x9f];
  if (first >= 0xe1 && first <= 0xef) return [2, 0x80, 0xbf];
  if (first === 0xf0) return [3, 0x90, 0xbf];
  if (first >= 0xf1 && first <= 0xf3) return [3, 0x80, 0xbf];
  if (first === 0xf4) return [3, 0x80, 0x8f];
  return undefined;
}

/** Reads a whole file in constant memory and counts, where a decoder would only stop. */
function createUtf8Scanner(): Utf8Scanner {
  let line = 1;
  let rest = 0;
  let low = 0x80;
  let high = 0xbf;
  let wide = 0;
  let invalid = 0;
  let invalidLine = 0;

  const fail = () => {
    invalid += 1;
    if (invalidLine === 0) invalidLine = line;
    rest = 0;
  };

  const start = (byte: number) => {
    if (byte < 0x80) {
      if (byte === 0x0a) line += 1;
      return;
    }
    const sequence = sequenceOf(byte);
    if (sequence === undefined) fail();
    else [rest, low, high] = sequence;
  };

  return {
    write: (bytes) => {
      for (const byte of bytes) {
        if (rest === 0) start(byte);
        else if (byte >= low && byte <= high) {
          rest -= 1;
          low = 0x80;
          high = 0xbf;
          if (rest === 0) wide += 1;
        } else {
          fail();
          start(byte);
        }
      }
    },
    end: () => {
      if (rest > 0) fail();
      return { wide, invalid, invalidLine };
    },
  };
}

/** First bytes of other file types, with their names. */
const signatures: readonly (readonly [bytes: readonly number[], name: string])[] = [
  [[0x25, 0x50, 0x44, 0x46], 'a PDF'],
  [[0x1f, 0x8b], 'a compressed file'],
  [[0x89, 0x50, 0x4e, 0x47], 'an image'],
  [[0xff, 0xd8, 0xff], 'an image'],
];

const utf8Mark = [0xef, 0xbb, 0xbf];

interface FileScan {
  readonly head: Uint8Array;
  readonly size: number;
  /** NUL bytes by offset modulo four: UTF-16 text has them on one side, UTF-32 text on three. */
  readonly nuls: readonly [number, number, number, number];
  /** Control bytes that text does not contain. */
  readonly controls: number;
  readonly utf8: Utf8Scan;
}

/** The error for a file that cannot be read. */
export function explainReadError(file: string, error: unknown): BespokeError {
  if (error instanceof BespokeError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const why =
    code === 'ENOENT'
      ? 'does not exist'
      : code === 'EACCES' || code === 'EPERM'
        ? 'cannot be read by this user'
        : `cannot be read (${typeof code === 'string' ? code : 'unknown reason'})`;
  return errors.csvUnreadable({ file, why }, { cause: error });
}

/** The bytes of a file, in chunks. @throws BespokeError `csv-unreadable`. */
export async function* readBytes(file: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 })) yield chunk as Buffer;
  } catch (error) {
    throw explainReadError(file, error);
  }
}

async function scanFile(file: string): Promise<FileScan> {
  const utf8 = createUtf8Scanner();
  const nuls: [number, number, number, number] = [0, 0, 0, 0];
  let head: Uint8Array | undefined;
  let size = 0;
  let controls = 0;
  for await (const chunk of readBytes(file)) {
    head ??= chunk.subarray(0, 8);
    utf8.write(chunk);
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (byte >= 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) continue;
      controls += 1;
      if (byte === 0) nuls[((size + at) % 4) as 0 | 1 | 2 | 3] += 1;
    }
    size += chunk.length;
  }
  return {
    head: head ?? new Uint8Array(),
    size,
    nuls,
    controls,
    utf8: utf8.end(),
  };
}

const startsWith = (head: Uint8Array, bytes: readonly number[]) =>
  bytes.every((byte, at) => head[at] === byte);

/** UTF-16 or UTF-32 without a mark: NULs, nearly all of them in the same places of each character. */
function guessWide({ size, nuls: [first, second, third, fourth] }: FileScan): Encoding | undefined {
  const nuls = first + second + third + fourth;
  if (size % 4 === 0 && nuls > size / 2) {
    const characters = (size / 4) * 0.95;
    if (third > characters && fourth > characters) return 'utf-32le';
    if (first > characters && second > characters) return 'utf-32be';
  }
  if (nuls < size / 50 || size % 2 === 1) return undefined;
  if (second + fourth > nuls * 0.95) return 'utf-16le';
  return first + third > nuls * 0.95 ? 'utf-16be' : undefined;
}

/** Byte order marks. The mark of UTF-32 begins as that of UTF-16. */
const marks: readonly (readonly [bytes: readonly number[], encoding: Encoding])[] = [
  [[0xff, 0xfe, 0, 0], 'utf-32le'],
  [[0, 0, 0xfe, 0xff], 'utf-32be'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

/** Decodes the whole file and keeps nothing. @returns whether all of it is text. */
async function isText(file: string, encoding: Encoding): Promise<boolean> {
  const decoder = createDecoder(encoding);
  try {
    for await (const chunk of readBytes(file)) if (decoder.write(chunk).includes('\0')) return false;
    return !decoder.end().includes('\0');
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/**
 * Checks that a path is a readable file, before anything slow starts.
 *
 * @throws BespokeError `csv-unreadable`.
 */
export async function requireFile(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
    if ((await stat(file)).isFile()) return;
  } catch (error) {
    throw explainReadError(file, error);
  }
  throw errors.csvNotFile({ file });
}

/** What a file's bytes say about its encoding. */
export interface EncodingFacts {
  /** Unset: a text that is not Unicode. */
  readonly encoding?: Encoding;
  /** Whether a byte order mark says it. */
  readonly marked: boolean;
}

/**
 * Finds out what can be known of a file's encoding: by its byte order mark, by the NULs of UTF-16 and UTF-32, or
 * because the whole file is valid UTF-8. Reads the file once or twice, in constant memory.
 *
 * @param name the file's name in messages.
 * @throws BespokeError `csv-unreadable`, `csv-not-text`, `csv-empty`, `csv-encoding`.
 */
export async function findEncodingFacts(file: string, name = basename(file)): Promise<EncodingFacts> {
  await requireFile(file);
  const scan = await scanFile(file);
  if (scan.size === 0) throw errors.csvEmpty({ name });
  const found = signatures.find(([bytes]) => startsWith(scan.head, bytes));
  if (found !== undefined) throw errors.csvOtherFormat({ name, format: found[1] });

  const [, marked] = marks.find(([bytes]) => startsWith(scan.head, bytes)) ?? [];
  if (marked !== undefined) {
    if (await isText(file, marked)) return { encoding: marked, marked: true };
    throw errors.csvDamaged({ name });
  }

  if (scan.nuls.some((count) => count > 0)) {
    const guess = guessWide(scan);
    if (guess !== undefined && (await isText(file, guess))) return { encoding: guess, marked: false };
    throw errors.csvWithNul({ name });
  }
  const utf8Marked = startsWith(scan.head, utf8Mark);
  // A few in a cell are an issue of its row; more are noise that cannot be read.
  if (!utf8Marked && scan.controls > scan.size / 10) throw errors.csvBinary({ name });
  const { invalid, invalidLine, wide } = scan.utf8;
  if (invalid === 0) return { encoding: 'utf-8', marked: utf8Marked };
  // A few broken characters among many good ones are damage, not another encoding.
  if (utf8Marked || wide > invalid) {
    throw errors.csvMixedEncoding({ name, line: invalidLine, places: invalid });
  }
  return { marked: false };
}

/**
 * Finds the encoding of a file that was taken in before: what is not Unicode is Windows-1252.
 *
 * @param name the file's name in messages.
 * @throws BespokeError as `findEncodingFacts` does.
 */
export async function detectEncoding(file: string, name = basename(file)): Promise<Encoding> {
  const { encoding = 'windows-1252' } = await findEncodingFacts(file, name);
  return encoding;
}

/**
 * The text of a file, in chunks, without its byte order mark.
 *
 * @throws BespokeError `csv-unreadable`, and `csv-encoding` when the file changed after it was checked.
 */
export async function* decodeFile(
  file: string,
  encoding: Encoding,
  name = basename(file),
): AsyncGenerator<string> {
  const decoder = createDecoder(encoding);
  try {
    for await (const chunk of readBytes(file)) yield decoder.write(chunk);
    yield decoder.end();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw errors.csvChanged({ name }, { cause: error });
  }
}
