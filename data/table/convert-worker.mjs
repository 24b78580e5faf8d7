/**
 * Reads a workbook or JSON in a thread of its own and writes its rows into a file: one JSON array of texts a line, the
 * first being the first row of the sheet or the names of the JSON's members.
 *
 * JavaScript, because the thread is started from this file whether the program runs from its sources or is built.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { inflateRawSync } from 'node:zlib';
import * as XLSX from '@e965/xlsx';

const { file, target, format, sheet: wanted, name, limits } = workerData;

/** What is wrong with the file; `facts` are for the message. */
class Refused extends Error {
  constructor(kind, facts = {}) {
    super(kind);
    this.kind = kind;
    this.facts = facts;
  }
}

// Archives

const [localHeader, centralHeader, endOfDirectory] = [0x04034b50, 0x02014b50, 0x06054b50];
const [wideLocator, wideField] = [0x07064b50, 0x0001];

/** A number of eight bytes; files are far smaller than what a number holds. */
const readWide = (bytes, at) => Number(bytes.readBigUInt64LE(at));

/** In fields of four bytes: the number stands elsewhere, in eight (APPNOTE 4.5.3). Programs that stream write so. */
const isElsewhere = (number) => number === 0xffffffff;

/** Where the list of entries begins, and how many there are. */
function findDirectory(zip) {
  let end = zip.length - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== endOfDirectory) end -= 1;
  if (end < 0) throw new Refused('damaged');
  const [count, at] = [zip.readUInt16LE(end + 10), zip.readUInt32LE(end + 16)];
  if (count !== 0xffff && !isElsewhere(at)) return { count, at };
  const locator = end - 20;
  if (locator < 0 || zip.readUInt32LE(locator) !== wideLocator) return { count, at };
  const wideEnd = readWide(zip, locator + 8);
  return { count: readWide(zip, wideEnd + 32), at: readWide(zip, wideEnd + 48) };
}

/** Reads the numbers of an entry that stand in its extra fields, one a call. */
function createWideReader(extra) {
  let at = 0;
  while (at + 4 <= extra.length && extra.readUInt16LE(at) !== wideField) at += 4 + extra.readUInt16LE(at + 2);
  at += 4;
  return () => {
    at += 8;
    return readWide(extra, at - 8);
  };
}

/** Entries of an archive as its directory lists them. */
function listEntries(zip) {
  const { count, at: first } = findDirectory(zip);
  let at = first;
  const entries = [];
  for (let each = 0; each < count; each += 1) {
    if (zip.readUInt32LE(at) !== centralHeader) throw new Refused('damaged');
    const [flags, method] = [zip.readUInt16LE(at + 8), zip.readUInt16LE(at + 10)];
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const path = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const wide = createWideReader(zip.subarray(at + 46 + nameLength, at + 46 + nameLength + extra));
    const [size, packed, start] = [24, 20, 42].map((offset) => {
      const number = zip.readUInt32LE(at + offset);
      return isElsewhere(number) ? wide() : number;
    });
    entries.push({ path, flags, method, packed, size, start });
    at += 46 + nameLength + extra + comment;
  }
  return entries;
}

/** Parts of a workbook that hold no cells: pictures, macros, print settings. */
const withoutCells =
  /(^|\/)(media|embeddings|printerSettings|activeX|ctrlProps|Thumbnails|Pictures|thumbnail\.[a-z]+|vbaProject\.bin)(\/|$)/;

/**
 * Unpacks an archive within the limits and packs it again without compression, so that what was measured here is what
 * is parsed: sizes in a directory may lie.
 */
function unpackWithinLimits(zip) {
  const entries = listEntries(zip).filter(({ path }) => !path.endsWith('/') && !withoutCells.test(path));
  const declared = entries.reduce((sum, { size }) => sum + size, 0);
  const checkSize = (bytes) => {
    if (bytes > limits.unpackedBytes)
      throw new Refused('unpacked', { megabytes: limits.unpackedBytes / 1e6 });
    if (bytes > limits.ratioFrom && bytes > zip.length * limits.ratio) throw new Refused('ratio', {});
  };
  checkSize(declared);
  const container = XLSX.CFB.utils.cfb_new();
  XLSX.CFB.utils.cfb_del(container, '/\u0001Sh33tJ5');
  let real = 0;
  for (const { path, flags, method, packed, size, start } of entries) {
    if ((flags & 1) !== 0) throw new Refused('encrypted');
    if (zip.readUInt32LE(start) !== localHeader || (method !== 0 && method !== 8))
      throw new Refused('damaged');
    const from = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28);
    const bytes = zip.subarray(from, from + packed);
    let content = bytes;
    if (method === 8) {
      try {
        content = inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) });
      } catch (error) {
        // More comes out than the directory says: such an archive was made to deceive.
        throw new Refused(error?.code === 'ERR_BUFFER_TOO_LARGE' ? 'ratio' : 'damaged');
      }
    }
    real += content.length;
    checkSize(real);
    XLSX.CFB.utils.cfb_add(container, `/${path}`, content);
  }
  return XLSX.CFB.write(container, { fileType: 'zip', type: 'buffer', compression: false });
}

// Cells

/** A number that has one reading. One mark before three digits may group thousands in a text, and does not here. */
const writeClear = (text) => (/^-?[1-9]\d{0,2}\.\d{3}$/.test(text) ? `${text}0` : text);

/** A number with all its digits, as a person writes it. */
function writePlain(value) {
  if (Number.isInteger(value)) return Math.abs(value) < 1e21 ? String(value) : String(BigInt(value));
  // Spreadsheets keep fifteen digits: 0.1 + 0.2 is 0.3 to them.
  const text = String(Number(value.toPrecision(15)));
  return /e/.test(text) ? value.toFixed(20).replace(/\.?0+$/, '') : writeClear(text);
}

const two = (number) => String(number).padStart(2, '0');

/** A day and time as ISO writes them, as far as the cell's format shows them. */
function writeDate(value, pattern, date1904) {
  const parts = XLSX.SSF.parse_date_code(value, { date1904 });
  if (!parts) return undefined;
  const shown = pattern.replace(/"[^"]*"|\\.|\[[^\]]*\]|[_*]./g, '').toLowerCase();
  const seconds = Math.round(parts.S + (parts.u ?? 0));
  const time = `${two(parts.H)}:${two(parts.M)}${/s/.test(shown) && seconds < 60 ? `:${two(seconds)}` : ''}`;
  if (!/[dyeg]/.test(shown) && !/mmm/.test(shown)) return time;
  const day = `${String(parts.y).padStart(4, '0')}-${two(parts.m)}-${two(parts.d)}`;
  return /[hs]/.test(shown) ? `${day} ${time}` : day;
}

const currency = /\p{Sc}|\b[A-Z]{3}\b|\b(?:kr|zł|Ft|Kč|Fr|lei|руб|лв|R)\b\.?/gu;

/**
 * A number as its format shows it, but without currency and marks between thousands: those differ between countries,
 * and a file says only which number is meant. `undefined` where the format shows something else than a number.
 */
function writeShownNumber(value, pattern) {
  const sections = pattern.split(';');
  const section = (value < 0 ? sections[1] : value === 0 ? sections[2] : undefined) || sections[0] || '';
  const bare = section
    .replace(/\[\$([^\]-]*)[^\]]*\]/g, '"$1"')
    .replace(/\[[^\]]*\]|[_*]./g, '')
    .replace(/"([^"]*)"|\\(.)/g, (_all, quoted, escaped) => (quoted ?? escaped).replace(currency, '').trim());
  const form = bare.replace(currency, '').trim();
  if (/E[+-]/i.test(form)) return writePlain(value);
  if (!/^[-+(]?[#0?, ]*(\.[#0?]*)?[-+)]?$/.test(form) || !/[#0?]/.test(form)) return undefined;
  const [whole = '', fraction = ''] = form.split('.');
  // Leading zeros belong to a number that is a name; a comma at the end counts thousands.
  if ((whole.match(/0/g) ?? []).length > 1 || /,\s*$/.test(whole)) return undefined;
  const places = fraction.replace(/[^#0?]/g, '');
  const least = (places.match(/0/g) ?? []).length;
  let text = Number(value.toPrecision(15)).toFixed(Math.min(places.length, 20));
  while (text.includes('.') && text.endsWith('0') && text.split('.')[1].length > least)
    text = text.slice(0, -1);
  return writeClear(text.replace(/\.$/, ''));
}

function writeNumber({ v: value, z = 'General', w: shown }, date1904) {
  const pattern = String(z);
  // The text of an OpenDocument cell is the only place of the zeros before its number.
  if (/^0\d+$/.test(shown ?? '') && Number(shown) === value) return shown;
  if (/^(General|@|Standard)?$/i.test(pattern)) return writePlain(value);
  if (XLSX.SSF.is_date(pattern)) {
    const elapsed = /\[[hms]+\]/i.test(pattern);
    return (elapsed ? shown : writeDate(value, pattern, date1904)) ?? shown ?? writePlain(value);
  }
  return writeShownNumber(value, pattern) ?? shown ?? writePlain(value);
}

function writeCell(cell, date1904) {
  switch (cell?.t) {
    case 's':
      return String(cell.v ?? '');
    case 'n':
      return typeof cell.v === 'number' ? writeNumber(cell, date1904) : String(cell.v ?? '');
    case 'b':
      return cell.v ? 'TRUE' : 'FALSE';
    case 'e':
      return String(cell.w ?? '#ERROR!');
    case 'd':
      return cell.v instanceof Date ? cell.v.toISOString().slice(0, 10) : String(cell.v ?? '');
    default:
      return '';
  }
}

// Tables

/** Writes rows in large pieces. */
function openRows() {
  const out = openSync(target, 'wx', 0o600);
  let pending = '';
  let cells = 0;
  const flush = () => {
    writeSync(out, pending);
    pending = '';
  };
  return {
    write: (row) => {
      cells += row.length;
      if (cells > limits.cells) throw new Refused('cells', { most: limits.cells });
      pending += `${JSON.stringify(row)}\n`;
      if (pending.length > 1_000_000) flush();
    },
    close: () => {
      flush();
      closeSync(out);
    },
  };
}

const hasText = (row) => row.some((cell) => cell.trim() !== '');

/** The rows of a sheet up to the last one with text, each as wide as its last cell with text. */
function readSheet(sheet, date1904) {
  const rows = [];
  let last = 0;
  for (const cells of sheet['!data'] ?? []) {
    const row = Array.from(cells ?? [], (cell) => writeCell(cell, date1904));
    while (row.length > 0 && row.at(-1) === '') row.pop();
    rows.push(row);
    if (hasText(row)) last = rows.length;
  }
  return rows.slice(0, last);
}

const sameName = (a, b) => a.trim().toLowerCase() === b.trim().toLowerCase();

function convertWorkbook() {
  const bytes = readFileSync(file);
  const isArchive = bytes.length > 4 && bytes.readUInt32LE(0) === localHeader;
  const content = isArchive ? unpackWithinLimits(bytes) : bytes;
  const read = (options) => {
    try {
      return XLSX.read(content, {
        type: 'buffer',
        dense: true,
        cellNF: true,
        cellFormula: false,
        raw: true,
        ...options,
      });
    } catch (error) {
      if (error instanceof RangeError) throw error;
      throw new Refused(/password|encrypt/i.test(String(error?.message)) ? 'encrypted' : 'damaged');
    }
  };
  const names = read({ bookSheets: true }).SheetNames ?? [];
  const chosen = wanted === undefined ? undefined : names.findIndex((each) => sameName(each, wanted));
  if (chosen === -1) throw new Refused('sheet', { wanted, sheets: names });
  for (const at of chosen === undefined ? names.keys() : [chosen]) {
    const book = read({ sheets: [at] });
    const { Workbook: { Sheets: states = [], WBProps: properties = {} } = {} } = book;
    if (chosen === undefined && (states[at]?.Hidden ?? 0) > 0) continue;
    const sheet = book.Sheets[names[at]] ?? {};
    const rows = readSheet(sheet, properties.date1904 === true);
    if (rows.length === 0) {
      if (chosen === undefined) continue;
      throw new Refused('sheet-empty', { sheet: names[at] });
    }
    const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
    const out = openRows();
    for (const row of rows) {
      while (row.length < width && row.length > 0) row.push('');
      out.write(row);
    }
    out.close();
    return { sheet: names[at], sheets: names };
  }
  throw new Refused('empty', {});
}

/** Integers that JavaScript would round, as text: they are ids. */
const keepLongNumbers = (json) =>
  /\d{16}/.test(json)
    ? json.replace(/"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g, (token) =>
        token.startsWith('"') ? token : `"${token}"`,
      )
    : json;

function parseJson(json, line) {
  try {
    return JSON.parse(keepLongNumbers(json));
  } catch (error) {
    const position = /position (\d+)/.exec(String(error?.message))?.[1];
    const found = position === undefined ? json : json.slice(0, Number(position));
    throw new Refused('json', { line: line ?? found.trimEnd().split('\n').length });
  }
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

function writeValue(value) {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return writePlain(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value).replaceAll('\0', '\uFFFD');
}

/** Members of an object, those of objects in it as `address.city`. */
function flatten(object, into = new Map(), prefix = '', depth = 0) {
  for (const [key, value] of Object.entries(object)) {
    if (isObject(value) && depth < 4) flatten(value, into, `${prefix}${key}.`, depth + 1);
    else into.set(`${prefix}${key}`, writeValue(value));
  }
  return into;
}

function writeObjects(objects) {
  const columns = new Map();
  const rows = objects.map((object, at) => {
    if (!isObject(object)) throw new Refused('json-row', { row: at + 1 });
    const row = flatten(object);
    for (const column of row.keys()) if (!columns.has(column)) columns.set(column, columns.size);
    if (columns.size > limits.columns) throw new Refused('columns', { most: limits.columns });
    return row;
  });
  const names = [...columns.keys()];
  const out = openRows();
  if (names.length > 0) out.write(names);
  for (const row of rows) out.write(names.map((column) => row.get(column) ?? ''));
  out.close();
}

function convertJson() {
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  if (format === 'ndjson') {
    const objects = [];
    for (const [at, line] of text.split('\n').entries()) {
      if (line.trim() !== '') objects.push(parseJson(line, at + 1));
    }
    writeObjects(objects);
    return {};
  }
  const parsed = parseJson(text);
  if (Array.isArray(parsed)) writeObjects(parsed);
  else {
    const lists = Object.entries(isObject(parsed) ? parsed : {}).filter(([, value]) => Array.isArray(value));
    const ofObjects = lists.filter(([, list]) => list.length > 0 && list.every(isObject));
    const [only] = ofObjects.length > 0 ? ofObjects : lists;
    if (only === undefined || ofObjects.length > 1) {
      throw new Refused('json-lists', { lists: ofObjects.map(([key]) => key) });
    }
    writeObjects(only[1]);
  }
  return {};
}

try {
  const meta = format === 'json' || format === 'ndjson' ? convertJson() : convertWorkbook();
  parentPort.postMessage({ ok: true, ...meta });
} catch (error) {
  if (error instanceof Refused) parentPort.postMessage({ ok: false, kind: error.kind, facts: error.facts });
  else if (error?.code === 'ENOSPC') parentPort.postMessage({ ok: false, kind: 'disk', facts: {} });
  else parentPort.postMessage({ ok: false, kind: 'damaged', facts: {}, detail: String(error), name });
}
