import { looksLikeMidnightElsewhere } from './parse-times.ts';

/** What a value may be suspected of. Permanent: `--accept` and the API name them. */
export const suspicions = [
  ...(['placeholder', 'not-a-name', 'damaged-text', 'markup', 'unlikely-date', 'faint-picture'] as const),
  /** A time in UTC that is likely midnight, and so another day, where the customer lives. */
  'time-zone',
  /** An optional value that is none of its field; the fallback is drawn. */
  'unusable-value',
  /** A picture that cannot be had; the fallback is drawn. */
  'image-unavailable',
  /** A recording that cannot be had; it is not played. */
  'audio-unavailable',
] as const;

export type Suspicion = (typeof suspicions)[number];

export const isSuspicion = (code: string): code is Suspicion =>
  (suspicions as readonly string[]).includes(code);

/** What a campaign makes of suspect values. They are reported where it says nothing. */
export interface SuspectPolicy {
  /** Whether a suspect value fails its row. */
  readonly strict?: boolean | undefined;
  /** What is not reported, since it is meant. */
  readonly accept?: readonly Suspicion[] | undefined;
}

/** A value that may be meant as it is, and probably is not. */
export interface Suspect {
  readonly kind: Suspicion;
  /** A predicate that follows the quoted value, such as `looks like a placeholder`. */
  readonly reason: string;
}

/** What systems and people write where they know nothing, in lower case. */
const placeholders = new Set([
  ...['null', '\\n', 'none', 'nan', 'undefined', 'n/a', 'n.a', 'blank', 'empty', 'object object', 'nil'],
  ...['not available', 'not applicable', 'not provided', 'not set', 'missing', 'unknown', 'anonymous'],
  ...['test', 'testing', 'test test', 'tbd', 'to be determined', 'todo', 'xxx', 'asdf', 'default', 'dummy'],
  ...['unbekannt', 'keine angabe', 'k. a', 'k.a', 'inconnu', 'inconnue', 'desconocido', 'sconosciuto'],
  ...['onbekend', 'desconhecido'],
]);

const brackets = /^[\s([{<"']+|[\s)\]}>"'.]+$/gu;

/** Marks without a letter or digit, such as `-`, `--`, `?` and `.`. */
const onlyMarks = /^[\p{P}\p{S}\s]+$/u;

/** Whether a text stands for a missing value. */
export function looksLikePlaceholder(text: string): boolean {
  // "Na" is a name.
  if (text === 'NA') return true;
  if (onlyMarks.test(text)) return !/\p{Extended_Pictographic}/u.test(text);
  return text.length <= 30 && placeholders.has(text.replace(brackets, '').toLowerCase());
}

/** Fields of mail tools that nobody filled: Handlebars, Mailchimp, Salesforce, templates, ERB. */
const mergeTag = /\{\{[^{}]*\}\}|\*\|[^|]*\|\*|%%[^%\s][^%]*%%|\$\{[^{}]*\}|\[\[[^[\]]*\]\]|<%.*?%>/u;

/** The first merge tag in a text, if there is one. */
export const findMergeTag = (text: string): string | undefined => mergeTag.exec(text)?.[0];

/** Characters of Windows-1252 above ASCII; 0x81, 0x8D, 0x8F, 0x90 and 0x9D as the control characters of Latin-1. */
const upperWindows1252 =
  '\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F' +
  '\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178';

const byteOf = new Map<string, number>([
  ...Array.from(upperWindows1252, (character, at): [string, number] => [character, 0x80 + at]),
  ...Array.from({ length: 0x60 }, (_, at): [string, number] => [String.fromCharCode(0xa0 + at), 0xa0 + at]),
]);

/** Two or more characters that are one byte above ASCII each. */
const upperRun = new RegExp(`[${upperWindows1252}\u00A0-\u00FF]{2,}`, 'gu');
const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodeRun(run: string): string {
  try {
    return utf8.decode(Uint8Array.from(run, (character) => byteOf.get(character) ?? 0));
  } catch {
    return run;
  }
}

/** A text whose UTF-8 was read as Windows-1252, once or twice, as it was meant; `undefined` for any other text. */
export function undoubleText(text: string): string | undefined {
  let read = text;
  for (let times = 0; times < 2; times += 1) read = read.replace(upperRun, decodeRun);
  return read === text ? undefined : read;
}

/** A question mark inside or before a word: an export wrote it in place of a letter that its encoding lacks. */
const lostLetter = /\p{L}\?+\p{L}|(?:^|\s)\?+\p{L}/u;

function findDamage(text: string): Suspect | undefined {
  const meant = undoubleText(text);
  if (meant !== undefined) {
    const reason = `has letters damaged by a wrong encoding, and probably means "${meant}"`;
    return { kind: 'damaged-text', reason };
  }
  return lostLetter.test(text) && !/^https?:/i.test(text)
    ? { kind: 'damaged-text', reason: 'has question marks where letters were lost' }
    : undefined;
}

const tag = /<\/?[a-z][^<>]*>/i;

const notNames: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/\S@\S+\.\S/u, 'is a mail address, not a name'],
  [/^(?:https?:\/\/|www\.)/i, 'is a web address, not a name'],
  [/^[+(]?\d[\d\s()./-]{5,}$/u, 'is a telephone number, not a name'],
  [/^[\d.,\s'’+-]*\d[\d.,\s'’]*$/u, 'is a number, not a name'],
  [/^(?:true|false|yes|no|ja|nein|oui|non|si|sí)$/iu, 'is an answer, not a name'],
  [
    /\b(?:do not|don['’]?t) (?:contact|call|mail|e-?mail|use)\b|\bopted?[ -]out\b|\bunsubscribed?\b|\b(?:deceased|deleted|duplicate)\b/iu,
    'is a note, not a name',
  ],
  [/\d.*\d/u, 'contains digits, which names rarely do'],
];

/**
 * What a text may be suspected of, most telling first.
 *
 * @param text as `parseText` returned it.
 * @param isName whether it stands for a person.
 */
export function suspectText(text: string, isName: boolean): Suspect | undefined {
  if (looksLikePlaceholder(text)) {
    return { kind: 'placeholder', reason: 'looks like a placeholder for a missing value' };
  }
  const damage = findDamage(text);
  if (damage !== undefined) return damage;
  if (tag.test(text)) return { kind: 'markup', reason: 'contains a tag, which would be drawn as it is' };
  const wrong = isName ? notNames.find(([pattern]) => pattern.test(text)) : undefined;
  return wrong && { kind: 'not-a-name', reason: wrong[1] };
}

/** Addresses and domains that stand for no person's; those of RFC 2606 reach nobody. */
const nobodysEmail =
  /^(?:test|none|unknown|nobody|no-?reply|do-?not-?reply|xx+)@|@(?:test|none|no|email|domain|noemail)\.\w+$|[@.](?:example\.(?:com|net|org)|example|test|invalid|localhost)$/i;

/** What a mail address may be suspected of. */
export const suspectEmail = (email: string): Suspect | undefined =>
  nobodysEmail.test(email)
    ? { kind: 'placeholder', reason: 'looks like a placeholder for a missing mail address' }
    : undefined;

/** What a telephone number may be suspected of: one digit throughout, or digits in order. */
export function suspectPhone(phone: string): Suspect | undefined {
  const digits = phone.replace(/\D/g, '');
  return /(\d)\1{6}$/.test(digits) || /(?:0?123456789?0?|987654321?0?)$/.test(digits)
    ? { kind: 'placeholder', reason: 'looks like a placeholder for a missing telephone number' }
    : undefined;
}

/** Days that systems write where they have none, and whose zero they are. */
const zeroDays: Readonly<Record<string, string>> = {
  '0001-01-01': 'the first day of many databases',
  '1899-12-30': 'day 0 of spreadsheets',
  '1899-12-31': 'day 0 of spreadsheets',
  '1900-01-01': 'day 1 of spreadsheets',
  '1904-01-01': 'day 0 of spreadsheets on a Mac',
  '1970-01-01': 'day 0 of computers',
  '9999-12-31': 'the last day of many databases',
};

type Length = `${number} ${'days' | 'months' | 'years'}`;

/** Days that make sense, counted from the day that the videos are made for: `next 2 years`, `last 120 years`, `past`. */
export type SensibleRange = `${'next' | 'last'} ${Length}` | 'past' | 'future';

function shift(day: string, by: number, unit: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (unit === 'days') date.setUTCDate(date.getUTCDate() + by);
  else date.setUTCMonth(date.getUTCMonth() + by * (unit === 'years' ? 12 : 1));
  return date.toISOString().slice(0, 10);
}

/** The days of a range. @param asOf ISO, the day from which it counts. */
export function sensibleDays(range: SensibleRange, asOf: string): SensibleDays {
  const [direction, count = '0', unit = 'days'] = range.split(' ');
  if (direction === 'past') return { to: asOf };
  if (direction === 'future') return { from: asOf };
  return direction === 'next'
    ? { from: asOf, to: shift(asOf, Number(count), unit) }
    : { from: shift(asOf, -Number(count), unit), to: asOf };
}

/** Days between which a date makes sense, inclusive; an open end is unset. */
export interface SensibleDays {
  readonly from?: string;
  readonly to?: string;
}

/** What a day may be suspected of. @param day ISO. */
export function suspectDate(day: string, { from, to }: SensibleDays): Suspect | undefined {
  const zero = Object.hasOwn(zeroDays, day) ? zeroDays[day] : undefined;
  if (zero !== undefined) {
    return { kind: 'unlikely-date', reason: `is ${zero}, which stands for a missing date` };
  }
  if (from !== undefined && day < from) {
    return {
      kind: 'unlikely-date',
      reason: `is earlier than makes sense here; the first such day is ${from}`,
    };
  }
  return to !== undefined && day > to
    ? { kind: 'unlikely-date', reason: `is later than makes sense here; the last such day is ${to}` }
    : undefined;
}

/** Looks at what a day was read from: the day of a time in UTC may be another one where the customer lives. */
export const suspectTime = (written: unknown): Suspect | undefined =>
  typeof written === 'string' && looksLikeMidnightElsewhere(written.trim())
    ? {
        kind: 'time-zone',
        reason:
          'is a time in UTC; where the customer lives it may be the next day; write the day, or name the zone (--time-zone, timeZone)',
      }
    : undefined;
