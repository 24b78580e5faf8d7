import { Option, type Command } from 'commander';
import { parseColumnOverride } from '../data/csv/map-columns.ts';
import { isSuspicion, suspicions, type Suspicion } from '../data/suspects.ts';
import { isTimeZone } from '../data/parse-times.ts';
import { dateOrders, parseLinkUrl } from '../data/parse-values.ts';
import { type Encoding, encodings, findEncoding } from '../data/table/encodings.ts';
import { mostSkipped } from '../data/table/layout.ts';
import { errors } from '../errors/messages.ts';
import { readMapping } from './mapping-file.ts';
import { setOption } from './set-option.ts';
import { joinOption } from './parse-join.ts';
import { isFormat, ratios, type Format } from '../video/story/format.ts';
import type { Scope } from '../worker/core/keys.ts';
import { mostDays, qualities, type Quality } from '../worker/core/campaigns.ts';
import { mostHeldOut, mostVariants } from '../worker/core/holdout.ts';

/** Delimiters by the names that `--delimiter` takes. */
export const delimiterMarks = { comma: ',', semicolon: ';', tab: '\t', pipe: '|' } as const;

/** Decimal marks by the names that `--decimal` takes. */
export const decimalNames = { point: '.', comma: ',' } as const;

/** Options that several commands take. */
export const option = {
  template: () => new Option('-t, --template <id>', 'the template to use; see `bespoke templates`'),
  format: () =>
    new Option(
      '-f, --format <ratio>',
      "16:9, 9:16, 1:1 or a size such as 1080x1350 (default: the template's first)",
    ).argParser(parseFormat),
  quality: () =>
    new Option('-q, --quality <name>', 'draft (a third of the size), standard or high')
      .argParser(parseQuality)
      .default('standard'),
  map: () =>
    new Option('-m, --map <column=field>', 'fill a field from this column; may be repeated').argParser(
      collect(parseColumnOverride),
    ),
  mapping: () =>
    new Option('--mapping <file>', 'how columns fill fields, as `bespoke map` writes it').argParser(
      readMapping,
    ),
  id: () => new Option('--id <column>', 'the id column (default: customer_id, id or a similar name)'),
  join: joinOption,
  limit: () =>
    new Option('-n, --limit <rows>', 'use only this many rows, from the first').argParser(
      wholeNumber('--limit', 1),
    ),
  sheet: () => new Option('--sheet <name>', 'the sheet of a workbook (default: the first with cells)'),
  encoding: () =>
    new Option(
      '--encoding <name>',
      'the encoding of a text, such as windows-1250 (default: recognized)',
    ).argParser(parseEncoding),
  headerRow: () =>
    new Option('--header-row <n>', 'the row with the names of the columns (default: recognized)').argParser(
      wholeNumber('--header-row', 1, mostSkipped),
    ),
  skipFooter: () =>
    new Option(
      '--skip-footer <n>',
      'how many rows at the end are no customers (default: recognized)',
    ).argParser(wholeNumber('--skip-footer', 0, mostSkipped)),
  dateOrder: () =>
    new Option('--date-order <order>', 'day-first or month-first, for days such as 03/04/2026').choices(
      dateOrders,
    ),
  decimal: () =>
    new Option('--decimal <mark>', 'point or comma, for numbers such as 1,234').choices(
      Object.keys(decimalNames),
    ),
  timeZone: () =>
    new Option(
      '--time-zone <zone>',
      'whose days count, such as Europe/Berlin, where values are times in a zone',
    ).argParser(parseTimeZone),
  strict: () => new Option('--strict', 'fail rows with suspect values, such as NULL as a name'),
  accept: () =>
    new Option('--accept <kind>', 'values of this kind are meant; may be repeated').argParser(
      collect(parseSuspicion),
    ),
  coarser: () =>
    new Option(
      '--coarser <field>',
      'show less of a field, as the template declares, so that more people share a clip; may be repeated',
    ).argParser(collect((field) => field)),
  set: setOption,
  allPictures: () => new Option('--all-pictures', 'look at all pictures first (default: for up to a minute)'),
  noPictures: () => new Option('--no-pictures', 'do not look at pictures'),
  asOf: () =>
    new Option(
      '--as-of <day>',
      'the date that the videos are made for, YYYY-MM-DD (default: today)',
    ).argParser(parseDay),
  linkKey: () =>
    new Option(
      '--link-key <name>',
      'keep the link of each customer: the same name replaces the videos behind their links',
    ),
  link: () =>
    new Option(
      '--link <address>',
      'the call to action on every page: https, tel or mailto (default: the template’s)',
    ).argParser(parseLinkAddress),
  linkLabel: () => new Option('--link-label <text>', 'what its button says (default: as the template says)'),
  holdout: () =>
    new Option(
      '--holdout <share>',
      'a control group without videos, to compare with: the share of the customers, such as 10%',
    ).argParser(parseHoldout),
  variants: () =>
    new Option(
      '--variants <names>',
      'divide the customers between these audience segments or facts of the template, to compare them: new,loyal',
    ).argParser(parseVariants),
  days: () =>
    new Option(
      '--days <n>',
      'how long conversions count in its report, from the order on (default: 30)',
    ).argParser(wholeNumber('--days', 1, mostDays)),
  baseRate: () =>
    new Option(
      '--base-rate <share>',
      'how many customers would act without a video, such as 3%, to say what --holdout can show',
    ).argParser(parseShare('--base-rate', 'a share of the customers, such as 3%', 0.999)),
  by: () =>
    new Option(
      '--by <time>',
      'when all videos must be done, such as "2026-12-04 09:00" (in the time zone of this machine)',
    ).argParser(parseMoment),
  budget: () =>
    new Option('--budget <amount>', 'what it may cost, such as "50 EUR"; with --hour-price').argParser(
      parseMoney('--budget'),
    ),
  hourPrice: () =>
    new Option('--hour-price <amount>', 'what an hour of a worker costs, such as "0.40 EUR"').argParser(
      parseMoney('--hour-price'),
    ),
  html: () => new Option('--html <file>', 'also write the advice as one HTML file, to send or print'),
  apply: () => new Option('--apply', 'print only the command that orders the campaign as advised'),
  concurrency: () =>
    new Option('-c, --concurrency <n>', 'clips to render at a time (default: number of cores)').argParser(
      wholeNumber('--concurrency', 1, 64),
    ),
  grace: () =>
    new Option('--grace <seconds>', 'time for running work to end when stopped (default: 30)').argParser(
      wholeNumber('--grace', 0, 3600),
    ),
  delimiter: () =>
    new Option(
      '--delimiter <mark>',
      'comma, semicolon, tab or pipe, for results.csv (default: as in the input)',
    ).choices(Object.keys(delimiterMarks)),
  noBom: () => new Option('--no-bom', 'write results.csv without a byte order mark'),
  bom: () => new Option('--bom', 'write results.csv with a byte order mark, as Excel needs it (default)'),
  json: () => new Option('--json', 'print the result as JSON'),
} as const;

/** Options for how a file is read. */
export const fileOptions = ['sheet', 'encoding', 'headerRow', 'skipFooter'] as const;

/** Options of every command that reads the rows of a table. */
export const tableFlags = [
  ...(['map', 'mapping', 'id', 'join'] as const),
  ...fileOptions,
  ...(['dateOrder', 'decimal', 'timeZone', 'asOf'] as const),
] as const;

/** Options of commands that make videos of a table. */
export const csvOptions = [
  ...(['template', 'format', 'quality', 'limit'] as const),
  ...tableFlags,
  ...(['strict', 'accept', 'coarser', 'set'] as const),
] as const;

/** Options of what a campaign orders besides its rows: how it is linked, divided and judged. */
export const orderFlags = [
  ...(['link', 'linkLabel', 'linkKey', 'holdout', 'variants', 'days', 'baseRate'] as const),
] as const;

/** Options of the call to action. */
export interface LinkOptions {
  readonly link?: string;
  readonly linkLabel?: string;
}

/** The options of `orderFlags`, parsed. */
export interface OrderOptions extends LinkOptions {
  readonly linkKey?: string;
  readonly holdout?: { readonly share: number };
  readonly variants?: string[];
  readonly days?: number;
  readonly baseRate?: number;
}

/** The same as the API has it. @throws BespokeError `usage-invalid` for a label without a link. */
export function orderOptions({ linkKey, holdout, variants, days, baseRate, ...link }: OrderOptions) {
  const measure = days === undefined && baseRate === undefined ? undefined : { days, baseRate };
  return { link: callToAction(link), linkKey, holdout, variants, measure };
}

/** The call to action of an order, as the API has it. @throws BespokeError `usage-invalid` for a label alone. */
function callToAction({
  link: to,
  linkLabel: label,
}: LinkOptions): { to: string; label?: string } | undefined {
  if (to !== undefined) return { to, ...(label !== undefined && { label }) };
  return label === undefined ? undefined : refuse('--link-label', 'a text together with --link', label);
}

/** What a command takes as its table. */
export const inputs =
  '\nThe file is a CSV, an Excel or OpenDocument workbook, JSON or NDJSON, or one of\n' +
  'these compressed with gzip. - reads standard input; an https address is fetched,\n' +
  "a Google sheet's too.\n";

/** The examples at the end of a command's help. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ bespoke ${line}`).join('\n')}\n`;

/** Adds options of the table to a command. */
export function addOptions(to: Command, ...names: readonly (keyof typeof option)[]): Command {
  for (const name of names) to.addOption(option[name]());
  return to;
}

const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

function refuse(option: string, takes: string, value: string): never {
  throw errors.optionInvalid({ option, takes, value });
}

/** An encoding by any of its names. */
function parseEncoding(value: string): Encoding {
  return findEncoding(value) ?? refuse('--encoding', list(encodings), value);
}

/** Parses a share as people write it: `10%`, `0.1`. */
const parseShare =
  (name: string, takes: string, most: number) =>
  (value: string): number => {
    const [, digits = '', sign] = /^(\d{1,2}(?:\.\d{1,4})?|\.\d{1,4})\s*(%?)$/.exec(value.trim()) ?? [];
    const share = Number(digits) / (sign === '%' ? 100 : 1);
    return share > 0 && share <= most ? share : refuse(name, takes, value);
  };

/** The control group of an order, as the API has it. */
const parseHoldout = (value: string): { readonly share: number } => ({
  share: parseShare('--holdout', 'a share of the customers up to 90%, such as 10%', mostHeldOut)(value),
});

/** The variants of an order, as the API has them. */
function parseVariants(value: string): string[] {
  const names = value.split(',').map((name) => name.trim());
  if (
    names.length >= 2 &&
    names.length <= mostVariants &&
    new Set(names).size === names.length &&
    !names.includes('')
  )
    return names;
  return refuse(
    '--variants',
    `two to ${mostVariants} different names separated by commas, such as new,loyal`,
    value,
  );
}

/** Parses the address of a call to action. */
function parseLinkAddress(value: string): string {
  const parsed = parseLinkUrl(value.trim());
  return parsed.ok ? parsed.value : refuse('--link', 'an address with https, tel or mailto', value);
}

/** Parses a kind of suspect values. */
function parseSuspicion(value: string): Suspicion {
  if (isSuspicion(value)) return value;
  return refuse('--accept', list(suspicions), value);
}

function parseTimeZone(value: string): string {
  if (isTimeZone(value)) return value;
  return refuse('--time-zone', 'the name of a time zone, such as Europe/Berlin', value);
}

/** Parses a whole number within bounds; `takes` in the message describes it. */
export function wholeNumber(
  option: string,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): (value: string) => number {
  const takes =
    max === Number.MAX_SAFE_INTEGER
      ? `a whole number from ${min} up`
      : `a whole number from ${min} to ${max}`;
  return (value) => {
    const number = Number(value);
    if (!/^\d{1,15}$/.test(value) || number < min || number > max) refuse(option, takes, value);
    return number;
  };
}

/** A format as people write it: `16:9`, `16x9`, `16/9`. @throws BespokeError `usage-invalid` */
export function parseFormat(value: string): Format {
  const size = value.trim().toLowerCase().replace(/[/×:]/, 'x');
  const ratio = size.replace('x', ':');
  if (isFormat(ratio)) return ratio;
  return isFormat(size) ? size : refuse('--format', list([...ratios, 'a size such as 1080x1350']), value);
}

/** A quality by name, in any case. @throws BespokeError `usage-invalid` */
export function parseQuality(value: string): Quality {
  const folded = value.trim().toLowerCase();
  return Object.hasOwn(qualities, folded)
    ? (folded as Quality)
    : refuse('--quality', list(Object.keys(qualities)), value);
}

function isDay(value: string): boolean {
  const time = Date.parse(`${value}T00:00:00Z`);
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(value) &&
    Number.isFinite(time) &&
    new Date(time).toISOString().startsWith(value)
  );
}

/** An ISO day that exists. */
export const parseDay = (value: string): string =>
  isDay(value) ? value : refuse('--as-of', 'a day such as 2026-01-31', value);

/** A moment as people write it, in the time zone of this machine where it names none, as ISO 8601 with its offset. */
export function parseMoment(value: string): string {
  const takes = 'a time such as "2026-12-04 09:00"';
  const [, day = '', time = '23:59', zone = ''] =
    /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{1,2}:\d{2})(?::\d{2})?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(value.trim()) ??
    [];
  const written = `${day}T${time.padStart(5, '0')}`;
  if (!isDay(day) || Number.isNaN(Date.parse(`${written}Z`))) return refuse('--by', takes, value);
  if (/^z$/i.test(zone)) return `${written}:00Z`;
  if (zone !== '') return `${written}:00${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const east = -new Date(written).getTimezoneOffset();
  const two = (number: number): string => String(number).padStart(2, '0');
  const size = Math.abs(east);
  return `${written}:00${east < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** An amount of money, with its currency where one is named. */
export interface Money {
  readonly amount: number;
  readonly currency?: string;
}

/** Parses money as people write it: `50`, `0.40 EUR`, `EUR 50`. */
const parseMoney =
  (name: string) =>
  (value: string): Money => {
    const [, before, digits, after] =
      /^(?:([a-z]{3})\s*)?(\d{1,12}(?:\.\d{1,6})?)(?:\s*([a-z]{3}))?$/i.exec(value.trim()) ?? [];
    if (digits === undefined || (before !== undefined && after !== undefined)) {
      return refuse(name, 'an amount such as 50 or "0.40 EUR"', value);
    }
    const currency = (before ?? after)?.toUpperCase();
    return { amount: Number(digits), ...(currency !== undefined && { currency }) };
  };

/** The end of a day in UTC, for links that work through that day; `default` is `null`. */
export function parseLinkEnd(value: string): string | null {
  if (value === 'default') return null;
  if (!isDay(value)) return refuse('The end of links', 'a day such as 2026-12-31, or default', value);
  return `${value}T23:59:59Z`;
}

/** Collects an option that may be repeated. */
function collect<T>(parse: (value: string) => T): (value: string, before?: readonly T[]) => readonly T[] {
  return (value, before = []) => [...before, parse(value)];
}

/**
 * Steps of a path, separated by commas; `\\,` is a comma of an answer.
 *
 * @throws BespokeError `usage-invalid`
 */
export function parsePath(value: string): readonly string[] {
  const steps = value.split(/(?<!\\),/).map((step) => step.replaceAll('\\,', ',').trim());
  if (steps.includes('')) refuse('--path', 'choices separated by commas', value);
  return steps;
}

const scopes: readonly Scope[] = ['render', 'read', 'conversions', 'admin'];

/** Scopes separated by commas, together with earlier ones. @throws BespokeError `usage-invalid` */
export function parseScopes(value: string, before: readonly Scope[] = []): readonly Scope[] {
  const named = value.split(',').map((each) => {
    const name = each.trim().toLowerCase();
    return scopes.find((scope) => scope === name) ?? refuse('--scope', list(scopes), each.trim());
  });
  return [...new Set([...before, ...named])];
}
