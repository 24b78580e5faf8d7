import leven from 'leven';
import { normalizeText, accept, reject, type Parsed, rejectSpreadsheetError } from './parse-text.ts';

/** A name for comparison: letters and digits only, in lower case. */
export function foldName(name: string): string {
  return normalizeText(name, 'NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '');
}

/** A swap of two letters counts as two edits. */
const allowedEdits = (name: string) => (name.length < 4 ? 1 : Math.max(2, Math.floor(name.length / 3)));

/** Comparing two names takes time that grows with the product of their lengths; names of fields and columns are short. */
const longestCompared = 100;
const mostCompared = 1_000;

/** The candidate that was probably meant, or `undefined` if none is similar. */
export function findNearest(name: string, candidates: readonly string[]): string | undefined {
  if (name.length > longestCompared) return undefined;
  const folded = foldName(name);
  const [nearest] = candidates
    .slice(0, mostCompared)
    .filter((candidate) => candidate.length <= longestCompared)
    .map((candidate) => ({ candidate, distance: leven(folded, foldName(candidate)) }))
    .filter(({ candidate, distance }) => distance <= allowedEdits(candidate))
    .sort((a, b) => a.distance - b.distance);
  return nearest?.candidate;
}

/** `a, b or c`. */
export function listChoices(choices: readonly string[]): string {
  const last = choices.at(-1) ?? '';
  return choices.length < 2 ? last : `${choices.slice(0, -1).join(', ')} or ${last}`;
}

/** Finds a choice, ignoring case, spaces and hyphens, and returns its declared spelling. */
export function parseChoice<V extends string>(text: string, choices: readonly V[]): Parsed<V> {
  const folded = foldName(text);
  const found = choices.find((choice) => foldName(choice) === folded);
  if (found !== undefined) return accept(found);
  const nearest = findNearest(text, choices);
  const hint = nearest === undefined ? '' : `, perhaps ${nearest}`;
  return reject(`is not one of the choices; write ${listChoices(choices)}${hint}`);
}

const grouped = {
  ',': /^\d{1,3}(?:,\d{2,3})*,\d{3}$/,
  '.': /^\d{1,3}(?:\.\d{3})+$/,
} as const;

const notANumber = reject('is not a number; write digits only, such as 1234.5');

function parseDecimal(whole: string, fraction: string): Parsed<number> {
  return /^\d+$/.test(whole) && /^\d*$/.test(fraction)
    ? accept(Number(`${whole}.${fraction || '0'}`))
    : notANumber;
}

/** What separates a fraction from the whole; the other one then groups thousands. */
export const decimalMarks = ['.', ','] as const;
export type DecimalMark = (typeof decimalMarks)[number];

/** One mark before three digits: it separates a fraction, or it groups thousands. */
const eitherWay = /^[1-9]\d{0,2}[.,]\d{3}$/;

/** One mark, once: the decimal one, unless it may group thousands; then `decimal` decides. */
function parseSingle(text: string, at: number, decimal: DecimalMark | undefined): Parsed<number> {
  const whole = text.slice(0, at);
  const fraction = text.slice(at + 1);
  if (eitherWay.test(text)) {
    if (decimal !== undefined)
      return parseDecimal(
        text[at] === decimal ? whole : whole + fraction,
        text[at] === decimal ? fraction : '',
      );
    return reject(
      `can mean ${whole}${fraction} or ${whole}.${fraction}; write ${whole}${fraction} or ${whole}.${fraction}0`,
    );
  }
  return whole === '' && fraction === '' ? notANumber : parseDecimal(whole || '0', fraction);
}

function parseUnsigned(text: string, decimalMark: DecimalMark | undefined): Parsed<number> {
  const commas = text.split(',').length - 1;
  const dots = text.split('.').length - 1;
  if (commas === 0 && dots === 0) return parseDecimal(text, '');
  if (commas > 0 && dots > 0) {
    const decimal = text.lastIndexOf(',') > text.lastIndexOf('.') ? ',' : '.';
    const group = decimal === ',' ? '.' : ',';
    const at = text.indexOf(decimal);
    const whole = text.slice(0, at);
    if (!grouped[group].test(whole)) return notANumber;
    return parseDecimal(whole.replaceAll(group, ''), text.slice(at + 1));
  }
  const mark = commas > 0 ? ',' : '.';
  if (commas + dots === 1) return parseSingle(text, text.indexOf(mark), decimalMark);
  return grouped[mark].test(text) ? accept(Number(text.replaceAll(mark, ''))) : notANumber;
}

/** Thousands grouped by spaces or apostrophes; then the one other mark can only be the decimal one. */
const spacedThousands = /^(\d{1,3})((?:[ '\u2019]\d{3})+)(?:[.,](\d+))?$/;

/**
 * Parses a number as exports write it: `1234.5`, `1234,5`, `1 234,5`, `1'234.50`, `1,234.50`,
 * `1.234,50`, `1,234,567`. A number that countries read differently (`1,234`) is rejected, unless `decimalMark` says
 * how it is meant.
 */
export function parseNumber(text: string, decimalMark?: DecimalMark): Parsed<number> {
  if (/^\d+$/.test(text)) return accept(Number(text));
  const wrong = rejectSpreadsheetError(text);
  if (wrong !== undefined) return wrong;
  const plain = text.replace(/[\u00A0\u2009\u202F]/gu, ' ').replace(/^\u2212/u, '-');
  const [, sign = '', digits = ''] = /^([+-]?) ?(.*)$/s.exec(plain) ?? [];
  const spaced = spacedThousands.exec(digits);
  const parsed =
    spaced === null
      ? parseUnsigned(digits, decimalMark)
      : parseDecimal(`${spaced[1] ?? ''}${(spaced[2] ?? '').replace(/\D/g, '')}`, spaced[3] ?? '');
  return parsed.ok && sign === '-' && parsed.value !== 0 ? accept(-parsed.value) : parsed;
}

/** The decimal marks that a number can be written with; none where all countries read it alike. */
export function numberReadings(text: string): readonly DecimalMark[] {
  const digits = text.replace(/^[+-]/, '');
  if (!/^\d*[.,][\d.,]*$/.test(digits)) return [];
  return decimalMarks.filter((mark) => {
    const group = mark === '.' ? ',' : '.';
    const [whole = '', fraction, ...more] = digits.split(mark);
    if (more.length > 0 || fraction?.includes(group) === true) return false;
    return whole.includes(group)
      ? /^[1-9]/.test(whole) && grouped[group].test(whole)
      : fraction !== undefined;
  });
}

/** A finite number in digits, without an exponent. */
function writeDigits(value: number): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  const shift = Number(exponent);
  if (shift === 0) return String(value);
  const digits = whole + fraction;
  const point = whole.length + shift;
  return point > 0
    ? `${sign}${digits.padEnd(point, '0')}`
    : `${sign}0.${digits.padStart(digits.length - point, '0')}`;
}

/** Writes a finite number so that `parseNumber` reads it back: three decimals could be read as thousands. */
export function writeDecimal(value: number): string {
  const text = writeDigits(value);
  return /\.\d{3}$/.test(text) ? `${text}0` : text;
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const fullMonthNames = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july'],
  ...['august', 'september', 'october', 'november', 'december'],
];

const notACalendarDay = reject('is not a day of the calendar; write it as YYYY-MM-DD, such as 2021-05-03');
const notADate = reject('is not a date; write it as YYYY-MM-DD, such as 2021-05-03');

const pad = (value: number, length: number) => String(value).padStart(length, '0');

function isRealDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return month >= 1 && month <= 12 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function toIso(year: number, month: number, day: number): Parsed<string> {
  return isRealDay(year, month, day)
    ? accept(`${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`)
    : notACalendarDay;
}

function monthByName(name: string): number {
  const lower = name.toLowerCase();
  const full = fullMonthNames.indexOf(lower);
  return (full >= 0 ? full : monthNames.indexOf(lower === 'sept' ? 'sep' : lower)) + 1;
}

/** Whether the day or the month comes first where the year is last. */
export const dateOrders = ['day-first', 'month-first'] as const;
export type DateOrder = (typeof dateOrders)[number];

/** Numbers with the year last: the first, what stands between them, the second, the year. */
const yearLast = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/;

/** The days that numbers with the year last can mean. */
function readYearLast(
  found: RegExpExecArray,
): readonly { readonly order: DateOrder; readonly day: string }[] {
  const [first, second, year] = [Number(found[1]), Number(found[3]), Number(found[4])];
  return dateOrders.flatMap((order) => {
    const day = order === 'day-first' ? toIso(year, second, first) : toIso(year, first, second);
    return day.ok ? [{ order, day: day.value }] : [];
  });
}

/** The orders in which a text with the year last is a day; none where all exports read it alike. */
export function dateReadings(text: string): readonly DateOrder[] {
  const found = yearLast.exec(text.replace(time, '').trim());
  if (found === null || found[2] === '.' || found[1] === found[3]) return [];
  return readYearLast(found).map(({ order }) => order);
}

/** Numbers with the year last. With dots the day is first; else `order` decides where both readings are days. */
function parseYearLast(found: RegExpExecArray, order: DateOrder | undefined): Parsed<string> {
  const readings = readYearLast(found);
  const [first, second] = readings;
  if (first === undefined) return notACalendarDay;
  if (second === undefined || first.day === second.day) return accept(first.day);
  const wanted = found[2] === '.' ? 'day-first' : order;
  const chosen = readings.find((each) => each.order === wanted);
  return chosen === undefined
    ? reject(`can be two days, depending on the country; write ${first.day} or ${second.day}`)
    : accept(chosen.day);
}

/** A time of day behind a day: hour, minute, second. */
export const clockPattern = String.raw`[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?`;
/** PostgreSQL leaves the minutes of a zone out: `+00`. */
export const zonePattern = String.raw`Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?`;

/** A time of day after a date; the day is taken as written, whatever the zone. */
const time = new RegExp(`${clockPattern}(?: ?(?:${zonePattern}|[AP]M))?$`, 'i');

/**
 * Parses a day into `YYYY-MM-DD`. Accepts year first (`2021-5-3`, `2021/05/03`, `20210503`), an ISO date
 * with a time, a month's English name (`3 May 2021`, `May 3, 2021`), and numbers with the year last
 * where only one reading is a day of the calendar. Years have four digits.
 *
 * @param order of day and month where both readings are days; without it the text is rejected.
 */
export function parseDate(text: string, order?: DateOrder): Parsed<string> {
  const wrong = rejectSpreadsheetError(text);
  if (wrong !== undefined) return wrong;
  const day = text.replace(time, '').trim();

  const yearFirst =
    /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/.exec(day) ?? /^((?:19|20|21)\d{2})()(\d{2})(\d{2})$/.exec(day);
  if (yearFirst !== null) return toIso(Number(yearFirst[1]), Number(yearFirst[3]), Number(yearFirst[4]));

  const lastYear = yearLast.exec(day);
  if (lastYear !== null) {
    return parseYearLast(lastYear, order);
  }

  const dayMonth = /^(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -](\d{4})$/i.exec(day);
  if (dayMonth !== null) return named(dayMonth[3], dayMonth[2], dayMonth[1]);
  const monthDay = /^([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$/i.exec(day);
  if (monthDay !== null) return named(monthDay[3], monthDay[1], monthDay[2]);

  if (/^(?:\d{1,2}[-/. ](?:\d{1,2}|[a-z]{3,9})[-/. ]\d{2})$/i.test(day)) {
    return reject('has a year of two digits; write it as YYYY-MM-DD, such as 2021-05-03');
  }
  if (/^\d{5}(?:[.,]\d+)?$/.test(day)) {
    return reject("is a spreadsheet's day number; format the column as YYYY-MM-DD, such as 2021-05-03");
  }
  return notADate;
}

function named(year = '', month = '', day = ''): Parsed<string> {
  const number = monthByName(month);
  return number === 0 ? notADate : toIso(Number(year), number, Number(day));
}

const languages = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

const notALocale = reject('is not a language tag; write language and country, such as en-GB or de-DE');

/** Whether language and region are known to this runtime, not only well formed. */
function isKnown({ language, region }: Intl.Locale): boolean {
  return languages.of(language) !== undefined && (region === undefined || regions.of(region) !== undefined);
}

function parse(text: string): Parsed<string> {
  try {
    const locale = new Intl.Locale(text.replaceAll('_', '-'));
    return isKnown(locale) ? accept(locale.toString()) : notALocale;
  } catch {
    return notALocale;
  }
}

/** Files repeat a few locales on every row, and `Intl` is slow to create one. */
const parsedBefore = new Map<string, Parsed<string>>();
const mostRemembered = 500;
const longestRemembered = 40;

/** Parses a BCP 47 tag into its canonical form; `de_de` and `DE-de` are `de-DE`. Unknown languages fail. */
export function parseLocale(text: string): Parsed<string> {
  const known = parsedBefore.get(text);
  if (known !== undefined) return known;
  const parsed = parse(text);
  if (parsedBefore.size < mostRemembered && text.length <= longestRemembered) parsedBefore.set(text, parsed);
  return parsed;
}

/** In characters. */
export const longestUrl = 2048;

const notAnAddress = reject('is not a web address; write it in full, such as https://example.com/offer?id=1');

/**
 * Parses an address that a page links to: `https`, `tel` or `mailto`, in full and without user name or password.
 * Nothing that a browser would run or read from the device (`javascript:`, `data:`, `file:`) passes.
 */
export function parseLinkUrl(text: string): Parsed<string> {
  if (text.length > longestUrl) return reject(`is longer than ${longestUrl} characters; shorten it`);
  if (/^http:\/\//i.test(text)) return reject('is not encrypted; write it with https://');
  if (!/^(?:https:\/\/|tel:|mailto:)/i.test(text) || /[\s\p{Cc}\\]/u.test(text) || !URL.canParse(text)) {
    return notAnAddress;
  }
  const { href, username, password, protocol, pathname } = new URL(text);
  if (username !== '' || password !== '') {
    return reject('contains a user name or password; use a public address');
  }
  if (protocol === 'tel:' && !/^\+?[\d().;=a-z-]*\d[\d().;=a-z-]*$/i.test(pathname)) {
    return reject('is not a telephone number; write it such as tel:+441632960123');
  }
  if (protocol === 'mailto:' && !/^[^@]+@[^@]+$/.test(pathname)) {
    return reject('is not a mail address; write it such as mailto:hello@example.com');
  }
  return accept(href);
}

/** Parses an absolute web address without user name or password, such as `example`. Nothing is fetched. */
export function parseFileUrl(text: string, example: string): Parsed<string> {
  if (!/^https?:\/\//i.test(text)) {
    return reject(`is not a web address; write it in full, such as ${example}`);
  }
  if (text.length > longestUrl) return reject(`is longer than ${longestUrl} characters; shorten it`);
  if (!URL.canParse(text) || /\s/u.test(text)) {
    return reject(`is not a valid web address; write it in full, such as ${example}`);
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    return reject('contains a user name or password; use a public address');
  }
  return accept(url.href);
}
