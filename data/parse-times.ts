import { accept, type Parsed, reject, rejectSpreadsheetError } from './parse-text.ts';
import { clockPattern, dateReadings, type DateOrder, parseDate, zonePattern } from './parse-values.ts';

/** A time of day in a zone, after a date: hour, minute, second, zone. */
const zonedTime = new RegExp(`${clockPattern} ?(${zonePattern})$`, 'i');

/** How far a zone is ahead of UTC: `+02:00`, `Z`. */
const minutesOfZone = (written: string): number => {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(written) ?? [];
  return (sign === '-' ? -1 : 1) * (60 * Number(hours) + Number(minutes));
};

/** `sv-SE` writes times as ISO 8601 does. */
const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' });
  formats.set(timeZone, format);
  return format;
}

/** Whether the name of a time zone, such as `Europe/Berlin`, is known to this runtime. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * The ISO day that a time in a zone is in another zone: `2026-03-14T23:00:00Z` is 15 March in Berlin. `undefined` for
 * a text without a zone, or that is no time.
 *
 * @throws RangeError for an unknown zone.
 */
export function dayInZone(text: string, timeZone: string, order?: DateOrder): string | undefined {
  const found = zonedTime.exec(text);
  if (found === null) return undefined;
  const day = parseDate(text.slice(0, found.index), order);
  const [, hour, minute, second = '0', zone = ''] = found;
  if (!day.ok || Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const time = 60_000 * (60 * Number(hour) + Number(minute) - minutesOfZone(zone)) + 1000 * Number(second);
  return formatOf(timeZone)
    .format(Date.parse(day.value) + time)
    .slice(0, 10);
}

/**
 * Whether a time in UTC is likely the next day of another zone: systems write midnight in Berlin as `23:00:00Z` of
 * the day before. Midnight west of UTC is on the day that is written: `05:00:00Z` in New York.
 */
export function looksLikeMidnightElsewhere(text: string): boolean {
  const [, hour, minute, second = '0', zone = ''] = zonedTime.exec(text) ?? [];
  if (hour === undefined || minutesOfZone(zone) !== 0) return false;
  const time = 60 * Number(hour) + Number(minute);
  // Zones are whole quarters of an hour away from UTC, and 14 hours east of it at most.
  return Number(second) === 0 && time >= 10 * 60 && time % 15 === 0;
}

/** How times are read that leave something open. */
interface MomentOptions {
  /** Of day and month, where both readings are days. */
  readonly order?: DateOrder | undefined;
  /** Of times that name no zone, such as `Europe/Berlin`. Default: UTC. */
  readonly timeZone?: string | undefined;
}

/** No way to write a time is longer. */
const longestTime = 60;

const time = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?)?`;
const clock = new RegExp(
  String.raw`^(?<day>.+?)(?:T|,? ) ?${time}(?: ?(?<half>[AP]M))?(?: ?(?<zone>${zonePattern}))?$`,
  'i',
);

/** How far a zone's clocks are ahead of UTC at a time, in milliseconds. */
function offsetAt(time: number, timeZone: string): number {
  const shown = Date.parse(`${formatOf(timeZone).format(time).replace(' ', 'T')}Z`);
  return shown - Math.floor(time / 1000) * 1000;
}

/** The time at which a zone's clocks show this one. An hour that they leave out is the one after it. */
function inZone(shown: number, timeZone: string | undefined): number {
  if (timeZone === undefined) return shown;
  const guess = shown - offsetAt(shown, timeZone);
  return shown - offsetAt(guess, timeZone);
}

const notATime = reject('is not a time; write it as 2026-05-03T14:30:00Z');

function hourOf(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour <= 23 ? hour : undefined;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
}

/**
 * Parses a point in time: a day in any form that `parseDate` reads, with a time of day or without one, and Unix time
 * in seconds or milliseconds. A day without a time is its last second, so that what happened on the day on which a
 * campaign starts is not before it.
 */
export function parseMoment(text: string, { order, timeZone }: MomentOptions = {}): Parsed<Date> {
  if (text.length > longestTime) return notATime;
  if (/^\d{10}$/.test(text)) return accept(new Date(Number(text) * 1000));
  if (/^\d{13}$/.test(text)) return accept(new Date(Number(text)));
  const {
    day = text,
    hour,
    minute,
    second = '0',
    fraction = '',
    half,
    zone,
  } = clock.exec(text)?.groups ?? {};
  const parsed = parseDate(day.trim(), order);
  if (!parsed.ok) return parsed;
  const midnight = Date.parse(parsed.value);
  if (hour === undefined) return accept(new Date(inZone(midnight + 86_399_000, timeZone)));
  const hours = hourOf(Number(hour), half);
  if (hours === undefined || Number(minute) > 59 || Number(second) > 60) return notATime;
  const minutes = 60 * hours + Number(minute);
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const shown = midnight + 60_000 * minutes + 1000 * Number(second) + ms;
  return accept(
    new Date(zone === undefined ? inZone(shown, timeZone) : shown - 60_000 * minutesOfZone(zone)),
  );
}

const two = (value: number): string => String(value).padStart(2, '0');

const notADateTime = reject('is not a day with a time; write it such as 2026-05-03T14:30:00+02:00');

/** A zone as ISO 8601 writes it; `undefined` for one that no place has. */
function zoneOf(written: string): string | undefined {
  if (/^(?:Z|UTC|GMT)$/i.test(written)) return 'Z';
  const minutes = minutesOfZone(written);
  const [, sign, hours = '', rest = '00'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(written) ?? [];
  return sign === undefined || Math.abs(minutes) > 14 * 60 || Number(rest) > 59
    ? undefined
    : `${sign}${hours}:${rest}`;
}

/**
 * Parses a day, in any form that `parseDate` reads, with a time of day into `2026-05-03T14:30:00+02:00`. The zone is
 * kept as it is written, and none is added where none is written. Fractions of seconds are left out.
 *
 * @param order of day and month where both readings are days; without it the text is rejected.
 */
export function parseDateTime(text: string, order?: DateOrder): Parsed<string> {
  const wrong = rejectSpreadsheetError(text);
  if (wrong !== undefined) return wrong;
  const parts = text.length > longestTime ? undefined : clock.exec(text)?.groups;
  if (parts === undefined) {
    return text.length <= longestTime && parseDate(text).ok
      ? reject('has no time of day; write it such as 2026-05-03T14:30:00+02:00')
      : notADateTime;
  }
  const { day = '', hour, minute, second = '0', half, zone } = parts;
  const parsed = parseDate(day.trim(), order);
  if (!parsed.ok) return dateReadings(day.trim()).length > 1 ? parsed : notADateTime;
  const hours = hourOf(Number(hour), half);
  const offset = zone === undefined ? '' : zoneOf(zone);
  if (hours === undefined || offset === undefined || Number(minute) > 59 || Number(second) > 59) {
    return notADateTime;
  }
  return accept(`${parsed.value}T${two(hours)}:${two(Number(minute))}:${two(Number(second))}${offset}`);
}

/** A day with a time whose day is clear. @param order says what it means. */
export function clarifyDay(text: string, order: DateOrder | undefined): string {
  const parts = text.length > longestTime ? undefined : clock.exec(text)?.groups;
  const day = parts?.['day'] ?? '';
  const parsed = parseDate(day.trim(), order);
  return parsed.ok ? `${parsed.value}${text.slice(day.length)}` : text;
}

const timeOfDay =
  /^(?<hour>\d{1,2})(?:(?:[:h](?<minute>\d{2})(?::\d{2}(?:[.,]\d+)?)?)? ?(?<half>[AP]\.?M\.?)|[:h](?<other>\d{2})(?::[0-5]\d(?:[.,]\d+)?)?(?: ?(?:Uhr|h))?| ?(?:Uhr|h)|\.(?<dotted>\d{2}) ?Uhr)$/i;

/** Parses a time of day into `HH:MM`: `14:30`, `2:30 PM`, `14h30`, `14.30 Uhr`. Seconds are left out. */
export function parseTimeOfDay(text: string): Parsed<string> {
  const wrong = rejectSpreadsheetError(text);
  if (wrong !== undefined) return wrong;
  const refused = reject('is not a time of day; write it as HH:MM, such as 14:30');
  const parts = text.length > longestTime ? undefined : timeOfDay.exec(text)?.groups;
  if (parts === undefined) return refused;
  const { hour, minute, other, dotted, half } = parts;
  const hours = hourOf(Number(hour), half?.replaceAll('.', ''));
  const minutes = Number(minute ?? other ?? dotted ?? '0');
  return hours === undefined || minutes > 59 ? refused : accept(`${two(hours)}:${two(minutes)}`);
}
