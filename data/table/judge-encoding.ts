import { errors } from '../../errors/messages.ts';
import { readBytes } from '../csv/detect-encoding.ts';
import { createGiveWay } from '../give-way.ts';
import { decodeBytes, type Encoding } from './encodings.ts';
import pairsByLanguage from './letter-pairs.json' with { type: 'json' };

/* Which encoding a text that is not Unicode is in: the one in which its words have letters beside each other as some
   language has them. Detectors for whole documents judge by the frequency of letters, which a column of names does not
   have. */

type Language = keyof typeof pairsByLanguage;

const western = ['de', 'fr', 'es', 'pt', 'it', 'ca', 'nl', 'da', 'nb', 'sv', 'fi', 'ga', 'gl'] as const;

/** The languages that are written in each encoding, the usual encodings first: of equals the first is taken. */
const languages: readonly (readonly [encoding: Encoding, languages: readonly Language[]])[] = [
  ['windows-1252', [...western, 'is', 'et', 'sq']],
  ['windows-1250', ['pl', 'cs', 'sk', 'hu', 'ro', 'hr', 'sl', 'de']],
  ['windows-1251', ['ru', 'uk', 'bg', 'sr', 'mk']],
  ['windows-1253', ['el']],
  ['windows-1254', ['tr', 'de', 'fr', 'es', 'pt', 'it', 'sv']],
  ['windows-1255', ['he']],
  ['windows-1256', ['ar', 'fa']],
  ['windows-1257', ['lt', 'lv', 'et', 'de', 'sv', 'fi']],
  ['windows-1258', ['vi']],
  ['windows-874', ['th']],
  ['iso-8859-2', ['pl', 'cs', 'sk', 'hu', 'ro', 'hr', 'sl', 'de']],
  ['koi8-r', ['ru', 'bg']],
  ['koi8-u', ['uk', 'ru']],
  ['cp866', ['ru', 'bg']],
  ['macroman', western],
  ['cp850', western],
  ['gb18030', ['zh-Hans']],
  ['shift_jis', ['ja']],
  ['big5', ['zh-Hant']],
  ['euc-kr', ['ko']],
  ['euc-jp', ['ja']],
];

/** Languages of which single characters are known, not pairs. */
const byCharacter: ReadonlySet<Language> = new Set<Language>(['zh-Hans', 'zh-Hant', 'ja', 'ko']);

const known = new Map<Language, ReadonlySet<string>>();

function pairsOf(language: Language): ReadonlySet<string> {
  const before = known.get(language);
  if (before !== undefined) return before;
  const text = pairsByLanguage[language];
  const step = byCharacter.has(language) ? 1 : 2;
  const pairs = new Set<string>();
  for (let at = 0; at < text.length; at += step) pairs.add(text.slice(at, at + step));
  known.set(language, pairs);
  return pairs;
}

/** Letters that a language has only in foreign names. */
const foreignLetters: Partial<Readonly<Record<Language, RegExp>>> = {
  pl: /[qvx]/i,
  cs: /[qwx]/i,
  sk: /[qwx]/i,
  hr: /[qwxy]/i,
  sl: /[qwxy]/i,
  lt: /[qwx]/i,
  lv: /[qwxy]/i,
  tr: /[qwx]/i,
};

/** The share of a word's letters beyond ASCII, or of the pairs that they are in, that a language has. */
function rateWord(word: string, language: Language): number {
  // No name joins two scripts.
  if (/[A-Za-z]/.test(word) && /(?!\p{scx=Latin})\p{L}/u.test(word)) return 0;
  const pairs = pairsOf(language);
  const marked = `^${word.toLowerCase()}$`;
  let [seen, all] = [0, 0];
  for (let at = 1; at < marked.length - 1; at += 1) {
    const letter = marked.charAt(at);
    if (letter < '\u0080') continue;
    const found = byCharacter.has(language)
      ? [letter]
      : [marked.slice(at - 1, at + 1), marked.slice(at, at + 2)];
    for (const each of found) {
      all += 1;
      if (pairs.has(each)) seen += 1;
    }
  }
  // Names in other scripts with capitals begin with one; texts of another encoding may look otherwise.
  const isOdd = /^(?!\p{scx=Latin})(?:\p{Lu}{3,}$|\p{Ll})/u.test(word);
  const isForeign = foreignLetters[language]?.test(word) === true;
  return all === 0 ? 0 : (seen / all) * (isOdd || isForeign ? 0.8 : 1);
}

/** Signs that stand beside words in every language. */
const signs = /^[\u00A0€£¥§©®°ªº«»‹›“”„‘’‚–—…•·¿¡´`™№×±½¼¾²³]+$/u;
const neutral = 0.7;

/** A capital after a small letter, or a small letter among capitals: letters of another encoding. */
const isMixedCase = (word: string): boolean =>
  /\p{Ll}(?!\p{ASCII})\p{Lu}|(?!\p{ASCII})\p{Ll}\p{Lu}|^\p{Lu}(?!\p{ASCII})\p{Lu}\p{Ll}/u.test(word) ||
  (/^[A-Z]*[^A-Za-zß]*[A-Z][A-Z]/.test(word) && /(?![ß\p{ASCII}])\p{Ll}/u.test(word));

/** How well a piece of text reads in the languages of an encoding, from 0 to 1; `undefined` for what is no text. */
function ratePiece(text: string, of: readonly Language[]): number | undefined {
  if (/[\uFFFD\u0080-\u009F\uE000-\uF8FF]/.test(text)) return undefined;
  const words = text.normalize('NFC').split(/[\s\p{ASCII}](?<![A-Za-z])/u);
  let [sum, count] = [0, 0];
  for (const word of words) {
    if (/^[A-Za-z]*$/.test(word)) continue;
    count += 1;
    const [, before = '', core = '', after = ''] =
      /^([^\p{L}\p{M}]*)(.*?)([^\p{L}\p{M}]*)$/su.exec(word) ?? [];
    const isFramed = [before, after].every((each) => each === '' || signs.test(each));
    // A word does not end with an opening quote.
    if (!isFramed || (core !== '' && /[‘‚„]/.test(after))) continue;
    if (core === '') {
      sum += neutral;
      continue;
    }
    // Too short to say anything.
    if (core.length <= 2 && !of.some((each) => byCharacter.has(each))) {
      sum += /^[\p{L}\p{M}]+$/u.test(core) ? neutral : 0;
      continue;
    }
    const parts = core.split(/[’‘´ªº]/u).filter((part) => part !== '' && !/^[A-Za-z]*$/.test(part));
    if (parts.length === 0) sum += neutral;
    else if (!isMixedCase(core) && parts.every((part) => /^[\p{L}\p{M}々ー]+$/u.test(part))) {
      sum += Math.max(
        ...of.map((each) => parts.reduce((total, part) => total + rateWord(part, each), 0) / parts.length),
      );
    }
  }
  return count === 0 ? neutral : sum / count;
}

/** A row with bytes beyond ASCII. */
interface Sample {
  readonly line: number;
  readonly bytes: Buffer;
}

interface Samples {
  /** Different pieces of text with such bytes. */
  readonly pieces: readonly Buffer[];
  readonly rows: readonly Sample[];
}

const mostPieces = 400;
const mostRows = 400;
const longestRow = 400;
const longestPiece = 60;

/** Cuts bytes where no encoding has a part of a character: below 0x40. */
function* cutPieces(row: Buffer): Generator<Buffer> {
  let start = 0;
  let isHigh = false;
  for (let at = 0; at <= row.length; at += 1) {
    const byte = row[at] ?? 0;
    if (byte >= 0x80) isHigh = true;
    if (byte >= 0x40) continue;
    if (isHigh && at - start <= longestPiece) yield row.subarray(start, at);
    start = at + 1;
    isHigh = false;
  }
}

/** In bytes: a longer row is looked at so far. */
const mostRowBytes = 64 * 1024;

/** Where rows end: at a line feed, or a carriage return, alone or before one. */
function* rowEnds(bytes: Buffer): Generator<number> {
  let feed = bytes.indexOf(0x0a);
  let carriage = bytes.indexOf(0x0d);
  while (feed >= 0 || carriage >= 0) {
    const end = feed < 0 || (carriage >= 0 && carriage < feed) ? carriage : feed;
    // What follows decides.
    if (end === carriage && end + 1 === bytes.length) return;
    yield end;
    const next = bytes[end] === 0x0d && bytes[end + 1] === 0x0a ? end + 2 : end + 1;
    if (feed >= 0 && feed < next) feed = bytes.indexOf(0x0a, next);
    if (carriage >= 0 && carriage < next) carriage = bytes.indexOf(0x0d, next);
  }
}

/** Reads the whole file and keeps what differs between encodings. */
async function sampleFile(file: string): Promise<Samples> {
  const pieces = new Map<string, Buffer>();
  const rows: Sample[] = [];
  const giveWay = createGiveWay();
  let line = 1;
  let rest = Buffer.alloc(0);
  let isCut = false;
  const take = (row: Buffer): void => {
    if (rows.length < mostRows || pieces.size < mostPieces) {
      const found = [...cutPieces(row)];
      if (found.length > 0 && rows.length < mostRows)
        rows.push({ line, bytes: Buffer.from(row.subarray(0, longestRow)) });
      for (const piece of found) {
        if (pieces.size < mostPieces) pieces.set(piece.toString('latin1'), Buffer.from(piece));
      }
    }
    line += 1;
  };
  for await (const chunk of readBytes(file)) {
    const all = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (const end of rowEnds(all)) {
      if (!isCut) take(all.subarray(start, end));
      else line += 1;
      isCut = false;
      start = all[end] === 0x0d && all[end + 1] === 0x0a ? end + 2 : end + 1;
    }
    rest = isCut ? Buffer.alloc(0) : Buffer.from(all.subarray(start));
    if (rest.length > mostRowBytes) {
      take(rest.subarray(0, rest.findLastIndex((byte) => byte < 0x40) + 1));
      line -= 1;
      [rest, isCut] = [Buffer.alloc(0), true];
    }
    if (pieces.size >= mostPieces && rows.length >= mostRows) break;
    const pause = giveWay();
    if (pause !== undefined) await pause;
  }
  if (rest.length > 0) take(rest);
  return { pieces: [...pieces.values()], rows };
}

/** The pieces as an encoding reads them. */
interface Reading {
  readonly encoding: Encoding;
  readonly texts: readonly string[];
  readonly rates: readonly number[];
}

/** All readings in which every piece is text, the best first. */
async function readAll(pieces: readonly Buffer[]): Promise<readonly Reading[]> {
  const giveWay = createGiveWay();
  const readings: (Reading & { readonly mean: number })[] = [];
  for (const [encoding, of] of languages) {
    const texts: string[] = [];
    const rates: number[] = [];
    for (const piece of pieces) {
      const text = decodeBytes(piece, encoding);
      const rate = ratePiece(text, of);
      if (rate === undefined) break;
      texts.push(text);
      rates.push(rare.has(encoding) ? rate * 0.8 : rate);
      const pause = giveWay();
      if (pause !== undefined) await pause;
    }
    if (rates.length < pieces.length) continue;
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length);
    readings.push({ encoding, texts, rates, mean });
  }
  return readings.sort((a, b) => b.mean - a.mean);
}

/** Encodings that few programs still write need more to be believed. */
const rare: ReadonlySet<Encoding> = new Set<Encoding>([
  ...([
    'windows-1258',
    'windows-874',
    'iso-8859-2',
    'koi8-u',
    'cp866',
    'macroman',
    'cp850',
    'euc-jp',
  ] as const),
]);

/** Two readings where they differ. */
interface Comparison {
  readonly a: number;
  readonly b: number;
  /** In how many of all pieces they differ. */
  readonly share: number;
}

/** How well two readings do where they differ; `undefined` where they do not. */
function compare(a: Reading, b: Reading): Comparison | undefined {
  let [sumA, sumB, count] = [0, 0, 0];
  for (const [at, text] of a.texts.entries()) {
    if (text === b.texts[at]) continue;
    sumA += a.rates[at] ?? 0;
    sumB += b.rates[at] ?? 0;
    count += 1;
  }
  return count === 0 ? undefined : { a: sumA / count, b: sumB / count, share: count / a.texts.length };
}

/** What a reading must at least do to be worth a question, and to need none; how far one must be ahead of another. */
const plausible = 0.5;
const good = 0.6;
const perfect = 0.95;
const ahead = 0.15;
const farAhead = 0.33;
const much = 0.4;

const longestShown = 100;

function show(bytes: Buffer, encoding: Encoding): string {
  const text = decodeBytes(bytes, encoding)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

/** The first row that two encodings read differently. */
function differingRow(rows: readonly Sample[], a: Encoding, b: Encoding): Sample | undefined {
  return rows.find(({ bytes }) => show(bytes, a) !== show(bytes, b)) ?? rows[0];
}

/**
 * The encoding of a text that is not Unicode, by its words. Windows-1252 is taken unless another encoding makes more
 * sense of them.
 *
 * @throws BespokeError `csv-encoding-unclear`, with a row in both readings, where two make sense or none does.
 */
export async function judgeEncoding(file: string, name: string): Promise<Encoding> {
  const { pieces, rows } = await sampleFile(file);
  const readings = await readAll(pieces);
  const usual = readings.find(({ encoding }) => encoding === 'windows-1252');
  const [first] = readings;
  if (first === undefined) return 'windows-1252';
  const rates = usual === undefined || usual === first ? undefined : compare(usual, first);
  if (usual !== undefined && usual !== first && rates === undefined) return usual.encoding;

  const ask = (a: Encoding, b: Encoding): never => {
    const row = differingRow(rows, a, b);
    const shown = (encoding: Encoding) => ({
      encoding,
      text: row === undefined ? '' : show(row.bytes, encoding),
    });
    throw errors.encodingUnclear({ name, row: row?.line ?? 1, readings: [shown(a), shown(b)] });
  };

  // The usual encoding needs no lead where it makes sense, unless the other makes as much as can be.
  if (usual !== undefined && rates !== undefined && rates.a >= good && rates.b - rates.a < ahead) {
    return rates.b < perfect || rates.share < much ? usual.encoding : ask(usual.encoding, first.encoding);
  }
  for (const other of readings) {
    const differing = compare(first, other);
    if (differing === undefined) continue;
    const isClose = differing.a - differing.b < ahead;
    // Few words that two languages share say little: a text in another encoding differs in most.
    if (first === usual && differing.share < much) continue;
    const isPlausible = differing.b >= (first === usual && differing.a >= good ? perfect : plausible);
    if (differing.a < plausible || (isPlausible && isClose)) ask(first.encoding, other.encoding);
  }
  // Where the usual encoding makes some sense too, the other one must make much more.
  if (usual !== undefined && rates !== undefined && rates.a >= plausible && rates.b - rates.a < farAhead) {
    ask(first.encoding, usual.encoding);
  }
  return first.encoding;
}
