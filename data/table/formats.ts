import { open } from 'node:fs/promises';
import { type Encoding, decodeBytes } from './encodings.ts';

/** Formats of tables, and what people call them. */
export const formatNames = {
  csv: 'a CSV',
  xlsx: 'an Excel workbook',
  xls: 'an old Excel workbook',
  ods: 'an OpenDocument spreadsheet',
  json: 'JSON',
  ndjson: 'NDJSON',
} as const;

export type TableFormat = keyof typeof formatNames;

export const tableFormats = Object.keys(formatNames) as [TableFormat, ...TableFormat[]];

/** Formats that are read as a whole, in a thread of their own. */
export type WholeFormat = Exclude<TableFormat, 'csv'>;

/** A file that holds no table. */
interface NoTable {
  /** What it is instead, as `an image`. */
  readonly other: string;
}

const edgeLength = 64 * 1024;

/** The first and last bytes of a file. */
export async function readEdges(file: string): Promise<{ readonly head: Buffer; readonly tail: Buffer }> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const read = async (from: number): Promise<Buffer> => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(edgeLength), 0, edgeLength, from);
      return buffer.subarray(0, bytesRead);
    };
    return { head: await read(0), tail: await read(Math.max(0, size - edgeLength)) };
  } finally {
    await handle.close();
  }
}

const startsWith = (head: Buffer, ...bytes: readonly number[]): boolean =>
  bytes.every((byte, at) => head[at] === byte);

export const isGzip = (head: Buffer): boolean => startsWith(head, 0x1f, 0x8b);

/** What archives contain, by the names of their entries. */
const archives: readonly (readonly [entry: RegExp, format: WholeFormat | NoTable])[] = [
  [/xl\/workbook\.(xml|bin)/, 'xlsx'],
  [/mimetypeapplication\/vnd\.oasis\.opendocument\.spreadsheet/, 'ods'],
  [/word\/document\.xml/, { other: 'a Word document' }],
  [/ppt\/presentation\.xml/, { other: 'a PowerPoint presentation' }],
  [/Index\/(Document|Tables\/|CalculationEngine)/, { other: 'an Apple Numbers document' }],
  [/./s, { other: 'a ZIP archive' }],
];

/** The format of a file that is no text, by its bytes; `undefined`: it may be a text. */
export function recognizeBinary(head: Buffer, tail: Buffer): WholeFormat | NoTable | undefined {
  if (startsWith(head, 0x50, 0x4b, 0x03, 0x04)) {
    const names = head.toString('latin1') + tail.toString('latin1');
    return archives.find(([entry]) => entry.test(names))?.[1];
  }
  if (startsWith(head, 0xd0, 0xcf, 0x11, 0xe0)) return 'xls';
  // Excel before 5.0 wrote its records without a container.
  if (
    startsWith(head, 0x09) &&
    [0, 2, 4, 8].includes(head[1] ?? 1) &&
    [4, 6, 8].includes(head[2] ?? 0) &&
    head[3] === 0
  ) {
    return 'xls';
  }
  return undefined;
}

const endsWith = (name: string, ...ends: readonly string[]): boolean =>
  ends.some((end) => name.toLowerCase().endsWith(end));

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/**
 * The format of a text by its beginning; its name decides only where the beginning does not.
 *
 * @param complete whether `head` is the whole file.
 */
export function recognizeText(
  head: Buffer,
  encoding: Encoding,
  name: string,
  complete: boolean,
): TableFormat | NoTable {
  const text = decodeBytes(head, encoding)
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (/^<\?xml/i.test(text) && text.includes('urn:schemas-microsoft-com:office:spreadsheet')) return 'xls';
  if (/^<\?xml/i.test(text) && /office:document\b/.test(text)) return 'ods';
  if (/^<(?:!doctype|html|head|meta|body|style|table|div)\b/i.test(text)) {
    // Many systems write a page with a table and call it a workbook.
    return /<table/i.test(text) && endsWith(name, '.xls', '.xlsx') ? 'xls' : { other: 'a web page' };
  }
  if (/^<\?xml/i.test(text)) return { other: 'an XML document' };
  const isNamed = endsWith(name, '.json', '.ndjson', '.jsonl');
  if (/^\[\s*(?:[{[\]"\d]|null)/.test(text) && (isNamed || /^\[\s*[{\]]/.test(text))) return 'json';
  if (!/^\{\s*["}]/.test(text)) return 'csv';
  const [first = '', ...rest] = text.split('\n');
  const lines =
    isJsonObject(first) &&
    (rest.some((line) => line.startsWith('{')) || (complete && rest.join('').trim() === ''));
  if (!lines) return 'json';
  // One object alone may be a line or a document.
  return rest.some((line) => line.startsWith('{')) || endsWith(name, '.ndjson', '.jsonl') ? 'ndjson' : 'json';
}
