import { z } from 'zod';
import { createGiveWay } from '../data/give-way.ts';
import { InvalidRequest } from './invalid-request.ts';
import { refuseUnstorable } from './validate.ts';

/** Deeper than any request, and shallow enough for any recursive reader. */
const deepest = 32;

/** The longest text that is parsed at once: the body without its lists, or one entry of a list. */
const longestPart = 1_000_000;

/** Entries of a list are parsed together up to this length. */
const batchLength = 64_000;

/** Bytes that are scanned before other work gets its turn. */
const stretch = 256_000;

const refuse = (message: string): InvalidRequest =>
  new InvalidRequest('request-invalid', message, [{ pointer: '', message }]);

const bytesOf = { quote: 0x22, backslash: 0x5c, comma: 0x2c, openList: 0x5b, closeList: 0x5d };

/** A list that is a field of the body: its brackets, and where its entries can be divided. */
interface FoundList {
  readonly open: number;
  readonly close: number;
  /** Offsets of commas, about a batch apart. */
  readonly commas: readonly number[];
}

interface FoundLists {
  readonly lists: readonly FoundList[];
  /** Whether everything that opens is closed. */
  readonly whole: boolean;
}

/**
 * Finds the lists that are fields of the body, in one pass over its bytes; nothing is built.
 *
 * @throws InvalidRequest if brackets are nested too deeply, or one entry of a list is too long.
 */
async function findLists(bytes: Buffer): Promise<FoundLists> {
  const giveWay = createGiveWay();
  const lists: FoundList[] = [];
  let [depth, inString, whole, open, entry] = [0, false, true, -1, 0];
  let commas: number[] = [];
  const endEntry = (at: number): void => {
    if (at - entry > longestPart) throw refuse('One entry of a list is longer than a megabyte.');
    entry = at + 1;
  };
  for (let index = 0; index < bytes.length; index += 1) {
    if (index % stretch === 0) await giveWay();
    const byte = bytes[index];
    if (inString) {
      if (byte === bytesOf.backslash) index += 1;
      else if (byte === bytesOf.quote) inString = false;
    } else if (byte === bytesOf.quote) inString = true;
    else if (byte === bytesOf.openList || byte === 0x7b) {
      depth += 1;
      if (depth > deepest) throw refuse(`The body is nested deeper than ${deepest} levels.`);
      if (depth === 2 && byte === bytesOf.openList) [open, entry, commas] = [index, index + 1, []];
    } else if (byte === bytesOf.closeList || byte === 0x7d) {
      if (depth === 2 && open >= 0) {
        endEntry(index);
        if (byte === bytesOf.closeList) lists.push({ open, close: index, commas });
        else whole = false;
        open = -1;
      }
      depth -= 1;
    } else if (byte === bytesOf.comma && depth === 2 && open >= 0) {
      endEntry(index);
      if (index - (commas.at(-1) ?? open) > batchLength) commas.push(index);
    }
  }
  return { lists, whole: whole && depth === 0 && !inString };
}

/** Where a parser stopped, as line and column. */
function describePlace(text: string, error: unknown): string {
  const offset = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  const before = text.slice(0, offset === undefined ? text.length : Number(offset));
  const line = before.split('\n').length;
  return `line ${line}, column ${before.length - before.lastIndexOf('\n')}`;
}

function decode(bytes: Buffer, ignoreBOM = false): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM }).decode(bytes);
  } catch {
    throw refuse('The body is not encoded as UTF-8.');
  }
}

/** Texts without one of these contain no field "__proto__", NUL or unpaired surrogate. */
const doubtful = /__proto__|\\u(?:005f|0000|d[89a-f])/i;

/**
 * Reads JSON as a client may send it.
 *
 * @throws InvalidRequest for a field that could change a prototype when values are copied, and for text that the
 * tables cannot store. @throws SyntaxError
 */
export function parseJsonText(text: string): unknown {
  if (!doubtful.test(text)) return JSON.parse(text);
  const value: unknown = JSON.parse(text, (name, each: unknown) => {
    if (name === '__proto__') throw refuse('The body has a field named "__proto__".');
    return each;
  });
  refuseUnstorable('body', value);
  return value;
}

function parseWhole(text: string, before: () => string): unknown {
  try {
    return parseJsonText(text);
  } catch (error) {
    if (error instanceof InvalidRequest) throw error;
    const place = describePlace(before() + text, error);
    throw refuse(`The body is not valid JSON: reading stopped at ${place}.`);
  }
}

/** Parses the entries of a list, some at a time. */
async function parseList(bytes: Buffer, { open, close, commas }: FoundList): Promise<readonly unknown[]> {
  const giveWay = createGiveWay();
  const all: unknown[] = [];
  let from = open + 1;
  for (const to of [...commas, close]) {
    await giveWay();
    const begin = from;
    const text = `[${decode(bytes.subarray(begin, to), true)}]`;
    const entries = z.array(z.unknown()).parse(parseWhole(text, () => bytes.toString('utf8', 0, begin - 1)));
    if (entries.length === 0 && commas.length > 0)
      throw refuse('The body is not valid JSON: a list has an extra comma.');
    for (const entry of entries) all.push(entry);
    from = to + 1;
  }
  return all;
}

/** Reads a long body: first with the numbers of its lists in their place, then list by list. */
async function parseLong(bytes: Buffer, { lists, whole }: FoundLists): Promise<unknown> {
  if (!whole) throw refuse('The body is not valid JSON: a bracket or a quote in it is not closed.');
  const pieces: Buffer[] = [];
  let from = 0;
  for (const [number, { open, close }] of lists.entries()) {
    pieces.push(bytes.subarray(from, open + 1), Buffer.from(String(number)));
    from = close;
  }
  const frame = Buffer.concat([...pieces, bytes.subarray(from)]);
  if (frame.length > longestPart) throw refuse('The body has more than a megabyte besides its lists.');
  const body = parseWhole(decode(frame), () => '');
  if (typeof body !== 'object' || body === null) return body;
  const fields = await Promise.all(
    Object.entries(body).map(async ([name, value]: [string, unknown]) => {
      const list = Array.isArray(value) ? lists[Number(value[0])] : undefined;
      return [name, list === undefined ? value : await parseList(bytes, list)] as const;
    }),
  );
  return Object.fromEntries(fields);
}

/**
 * Reads a JSON body: UTF-8, nested at most 32 deep, no entry of a list longer than a megabyte. An empty
 * body is `undefined`. Long lists are read in parts, so that other requests do not wait.
 *
 * @throws InvalidRequest with the place where the text is not JSON, but not its content; or with the field whose
 * text the tables cannot store.
 */
export async function parseJson(bytes: Buffer): Promise<unknown> {
  if (bytes.length === 0) return undefined;
  const found = await findLists(bytes);
  return bytes.length <= longestPart ? parseWhole(decode(bytes), () => '') : parseLong(bytes, found);
}
