import { accept, type Parsed, reject } from './parse-text.ts';
import { type DateOrder, minutesOfZone, parseDate, zonePattern } from './parse-values.ts';

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

/** `sv-SE` writes times as ISO 8601 does. */
const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' });
  formats.set(timeZone, format);
  return format;
}

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
