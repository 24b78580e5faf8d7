import { type Built, builder, type CommonOptions, fromText, type Suspecting } from './build-field.ts';
import type { Meaning } from './known-headers.ts';
import {
  foldName,
  listChoices,
  parseChoice,
  parseDate,
  longestUrl,
  parseFileUrl,
  parseLinkUrl,
  parseLocale,
  parseNumber,
} from './parse-values.ts';
import {
  findMergeTag,
  sensibleDays,
  type SensibleDays,
  type SensibleRange,
  suspectDate,
  suspectEmail,
  suspectPhone,
  suspectText,
  suspectTime,
  undoubleText,
} from './suspects.ts';
import { longestEmail, parseEmail, parsePhone } from './parse-contact.ts';
import { parseDateTime, parseTimeOfDay } from './parse-times.ts';
import { parseBoolean, parseColour } from './parse-words.ts';
import {
  invisible,
  parseParagraphs,
  parseText,
  refusedInText,
  accept,
  reject,
  type Parsed,
} from './parse-text.ts';

interface TextOptions {
  /** In graphemes. Default: 200. */
  readonly maxLength?: number;
}

const names: ReadonlySet<Meaning | undefined> = new Set(['first name', 'last name', 'full name']);

/** Reads a text; damage is named with what it means, and a merge tag that nobody filled. */
function readText(value: string, parse: (text: string) => Parsed<string>): Parsed<string> {
  const parsed = parse(value);
  if (!parsed.ok) {
    const meant = undoubleText(value);
    return meant === undefined || !parse(meant).ok
      ? parsed
      : reject(`has letters damaged by a wrong encoding; write "${meant}" or export the file again as UTF-8`);
  }
  const merge = findMergeTag(parsed.value);
  return merge === undefined
    ? parsed
    : reject(`contains ${merge}, which a mail tool did not fill; write the value`);
}

/** One line of text: NFC, white space collapsed, no control characters. */
export const text = builder<string, TextOptions, 'text'>(
  'text',
  () => 'Anna',
  ({ maxLength = 200 }) => ({
    type: 'string',
    maxLength,
    pattern: `[^\\s${invisible}]`,
    not: { pattern: `[${refusedInText}]` },
  }),
  ({ maxLength = 200 }) => fromText((value) => readText(value, (each) => parseText(each, maxLength))),
  ({ means }) =>
    (value) =>
      suspectText(value, names.has(means)),
);

interface ParagraphsOptions {
  /** In graphemes; a line break is one. Default: 1,000. */
  readonly maxLength?: number;
  /** Empty ones between paragraphs count. Default: 20. */
  readonly maxLines?: number;
}

const breaks = '\\n\\r\\u000B\\u000C\\u2028\\u2029';

const boundsOf = ({ maxLength = 1000, maxLines = 20 }: ParagraphsOptions) => ({ maxLength, maxLines });

/** Text whose line breaks are kept, as `\n`: NFC, white space within lines collapsed, no control characters. */
export const paragraphs = builder<string, ParagraphsOptions, 'paragraphs'>(
  'paragraphs',
  () => 'Dear Anna,\n\nthank you for five years with us.',
  (own) => ({
    type: 'string',
    maxLength: boundsOf(own).maxLength,
    pattern: `[^\\s${invisible}]`,
    not: { pattern: `[${refusedInText}]|^([^${breaks}]*[${breaks}]){${boundsOf(own).maxLines}}` },
  }),
  (own) => fromText((value) => readText(value, (each) => parseParagraphs(each, boundsOf(own)))),
  () => (value) => suspectText(value, false),
);

interface NumberOptions {
  readonly min?: number;
  readonly max?: number;
  readonly integer?: true;
}

function checkRange(value: number, { min, max, integer }: NumberOptions): Parsed<number> {
  if (!Number.isFinite(value)) return reject('is not a number; write digits only, such as 1234.5');
  if (integer === true && !Number.isInteger(value))
    return reject('is not a whole number; write digits only, such as 12');
  if (min !== undefined && value < min) return reject(`is too small; write ${min} or more`);
  if (max !== undefined && value > max) return reject(`is too large; write ${max} or less`);
  return accept(value);
}

/** A finite number. `min` and `max` are inclusive. */
export const number = builder<number, NumberOptions, 'number'>(
  'number',
  ({ min = 0, max = min + 42 }) => String(Math.min(max, min + 42)),
  ({ min, max, integer }) => ({
    type: integer === true ? 'integer' : 'number',
    ...(min !== undefined && { minimum: min }),
    ...(max !== undefined && { maximum: max }),
  }),
  (own) => (input) => {
    if (typeof input === 'number') return checkRange(input, own);
    const parsed = fromText(parseNumber)(input);
    return parsed.ok ? checkRange(parsed.value, own) : parsed;
  },
);

interface DateOptions {
  /** Earliest day. Default: `1900-01-01`. */
  readonly min?: string;
  /** Latest day. Default: `2199-12-31`. */
  readonly max?: string;
  /** The days that make sense, counted from the day that the videos are made for; others are reported. */
  readonly sensible?: SensibleRange;
}

const dateRange = ({ min = '1900-01-01', max = '2199-12-31' }: DateOptions) => ({ min, max });

function refuseDay(day: string, own: DateOptions): Parsed<never> | undefined {
  const { min, max } = dateRange(own);
  if (day < min) return reject(`is too early; write a day from ${min} on`);
  return day > max ? reject(`is too late; write a day up to ${max}`) : undefined;
}

function suspectDay({ sensible }: DateOptions): Suspecting<string> {
  let known: { readonly asOf: string; readonly days: SensibleDays } | undefined;
  return (day, asOf, written) => {
    // All rows of a campaign have the same day.
    if (known?.asOf !== asOf) {
      known = { asOf, days: sensible === undefined ? {} : sensibleDays(sensible, asOf) };
    }
    return suspectDate(day, known.days) ?? suspectTime(written);
  };
}

/** A day of the calendar as `YYYY-MM-DD`. */
export const isoDate = builder<string, DateOptions, 'date'>(
  'date',
  () => '2021-05-03',
  (own) => {
    const { min, max } = dateRange(own);
    const description = `A day from ${min} to ${max}.`;
    return { type: 'string', format: 'date', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', description };
  },
  (own) => (input) => {
    if (typeof input !== 'string') return reject('is not a date; write it as YYYY-MM-DD');
    const parsed = parseDate(input.trim());
    return parsed.ok ? (refuseDay(parsed.value, own) ?? parsed) : parsed;
  },
  suspectDay,
);

/**
 * A day with a time, as `2026-05-03T14:30:00+02:00`. The zone is kept as it is written; without one the time is that of
 * a clock where the customer is.
 */
export const dateTime = builder<string, DateOptions, 'dateTime'>(
  'dateTime',
  () => '2026-05-03T14:30:00+02:00',
  (own) => {
    const { min, max } = dateRange(own);
    return {
      type: 'string',
      format: 'date-time',
      pattern:
        '^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])$',
      description: `A day from ${min} to ${max} with a time.`,
    };
  },
  (own) => (input) => {
    if (typeof input !== 'string') return reject('is not text; write it such as 2026-05-03T14:30:00+02:00');
    const parsed = parseDateTime(input.trim());
    return parsed.ok ? (refuseDay(parsed.value.slice(0, 10), own) ?? parsed) : parsed;
  },
  (own) => {
    const suspect = suspectDay(own);
    return (value, asOf) => suspect(value.slice(0, 10), asOf, undefined);
  },
);

/** A time of day as `HH:MM`. */
export const time = builder<string, unknown, 'time'>(
  'time',
  () => '14:30',
  () => ({ type: 'string', pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' }),
  // A number such as 14.25 may mean a quarter of an hour.
  () => (input) =>
    typeof input === 'string'
      ? parseTimeOfDay(input.trim())
      : reject('is not text; write it as HH:MM, such as 14:30'),
);

/**
 * Yes or no. A cell that is ticked or empty is `boolean({ …, optional: true, fallback: false })`: an empty one is no
 * value, and takes the fallback.
 */
export const boolean = builder<boolean, unknown, 'boolean'>(
  'boolean',
  () => 'yes',
  () => ({ type: 'boolean' }),
  () => (input) => (typeof input === 'boolean' ? accept(input) : fromText(parseBoolean)(input)),
);

/**
 * One of a few names, in its declared spelling whatever the input's case, spaces and hyphens.
 *
 * @throws Error when two choices differ in nothing else.
 */
export function choice<const V extends readonly [string, ...string[]]>(
  values: V,
  options: CommonOptions & { readonly optional: true; readonly fallback?: never },
): Built<V[number] | undefined, 'choice'>;
export function choice<const V extends readonly [string, ...string[]]>(
  values: V,
  options: CommonOptions & { readonly optional?: true; readonly fallback?: NoInfer<V[number]> },
): Built<V[number], 'choice'>;
export function choice(
  values: readonly [string, ...string[]],
  options: CommonOptions & { readonly optional?: true; readonly fallback?: string },
): Built<string, 'choice'> {
  if (new Set(values.map(foldName)).size < values.length) {
    throw new Error(`The choices ${listChoices(values)} differ only in case, spaces or punctuation.`);
  }
  return builder<string, unknown, 'choice'>(
    'choice',
    () => values[0],
    () => ({ type: 'string', enum: values }),
    () => fromText((value) => parseChoice(value, values)),
  )(options);
}

/** A colour as `#rrggbb`; what is written as `#rgb` or `rgb(255, 136, 0)` becomes that. */
export const color = builder<string, unknown, 'color'>(
  'color',
  () => '#ff8800',
  () => ({ type: 'string', pattern: '^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$' }),
  () => fromText(parseColour),
);

/** A language and region as canonical BCP 47. */
export const locale = builder<string, unknown, 'locale'>(
  'locale',
  () => 'en-GB',
  () => ({ type: 'string', pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$' }),
  () => fromText(parseLocale),
);

/** It leads to one person. */
interface EmailOptions {
  readonly personal: true;
}

/** A mail address, by its shape. Always about one person. */
export const email = builder<string, EmailOptions, 'email'>(
  'email',
  () => 'anna@example.com',
  () => ({
    type: 'string',
    format: 'email',
    pattern: "^[A-Za-z0-9_+'-]+(\\.[A-Za-z0-9_+'-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\\.)+[A-Za-z]+$",
    maxLength: longestEmail,
  }),
  () => fromText(parseEmail),
  () => suspectEmail,
);

/** A telephone number: in E.164 where it has a country code (`+441632960123`), else as it is written. */
export const phone = builder<string, unknown, 'phone'>(
  'phone',
  () => '+44 1632 960123',
  () => ({ type: 'string', pattern: '^(\\+[1-9][0-9]{6,14}|[0-9]{5,15})$' }),
  () => fromText(parsePhone),
  () => suspectPhone,
);

interface ImageOptions {
  /** The colour under a transparent picture, as `#rrggbb` or `#rgb`. Without it, what is transparent stays so. */
  readonly ground?: string;
}

/** @throws Error for anything but a colour. */
function groundOf(colour: string): string {
  const parsed = parseColour(colour);
  if (!parsed.ok) throw new Error(`The ground "${colour}" is not a colour such as #ffffff.`);
  return parsed.value;
}

const fileUrlSchema = {
  type: 'string',
  format: 'uri',
  pattern: '^https?://[^/?#@\\s]+([/?#]\\S*)?$',
  maxLength: longestUrl,
} as const;

const photoUrl = 'https://example.com/photo.jpg';
const voiceUrl = 'https://example.com/voice.mp3';

/** The web address of an image; always optional, because scenes have a fallback for unavailable images. */
export function imageUrl({
  ground,
  ...options
}: CommonOptions & ImageOptions): Built<string | undefined, 'image'> {
  const field = builder<string, unknown, 'image'>(
    'image',
    () => photoUrl,
    () => fileUrlSchema,
    () => fromText((text) => parseFileUrl(text, photoUrl)),
  )({ ...options, optional: true });
  return ground === undefined ? field : { ...field, ground: groundOf(ground) };
}

const audio = builder<string, unknown, 'audio'>(
  'audio',
  () => voiceUrl,
  () => fileUrlSchema,
  () => fromText((text) => parseFileUrl(text, voiceUrl)),
);

/** The web address of a recorded voice; always optional, because scenes are silent without it. */
export const audioUrl = (options: CommonOptions): Built<string | undefined, 'audio'> =>
  audio({ ...options, optional: true });

/**
 * The address that a call to action leads to for one customer: `https`, or `tel` or `mailto`. The deployment lists the
 * origins that it accepts (`BESPOKE_LINK_ORIGINS`); a row with another one is refused when it is read.
 */
export const linkUrl = builder<string, unknown, 'link'>(
  'link',
  () => 'https://example.com/offer?id=1',
  () => ({
    type: 'string',
    format: 'uri',
    pattern:
      '^([Hh][Tt][Tt][Pp][Ss]://[^/?#@\\\\\\s]+([/?#][^\\\\\\s]*)?|[Tt][Ee][Ll]:\\+?[0-9][0-9().-]*|[Mm][Aa][Ii][Ll][Tt][Oo]:[^@\\s]+@[^@\\s]+)$',
    maxLength: longestUrl,
  }),
  () => fromText(parseLinkUrl),
);
