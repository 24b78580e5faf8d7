import { accept, reject, rejectSpreadsheetError, type Parsed } from './parsed.ts';

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const fullMonthNames = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july'],
  ...['august', 'september', 'october', 'november', 'december'],
];

const notADate = reject('is not a date; write it as YYYY-MM-DD, such as 2021-05-03');

const pad = (value: number, length: number) => String(value).padStart(length, '0');

function isRealDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return month >= 1 && month <= 12 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function toIso(year: number, month: number, day: number): Parsed<string> {
  return isRealDay(year, month, day)
    ? accept(`${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`)
    : reject('is not a day of the calendar; write it as YYYY-MM-DD, such as 2021-05-03');
}

function monthByName(name: string): number {
  const lower = name.toLowerCase();
  const full = fullMonthNames.indexOf(lower);
  return (full >= 0 ? full : monthNames.indexOf(lower === 'sept' ? 'sep' : lower)) + 1;
}

/** Two numbers and a year: clear only where one of them cannot be a month, or both are the same. */
function parseYearLast(first: number, second: number, year: number): Parsed<string> {
  const dayFirst = isRealDay(year, second, first);
  const monthFirst = isRealDay(year, first, second);
  if (dayFirst && monthFirst && first !== second) {
    const a = `${pad(year, 4)}-${pad(second, 2)}-${pad(first, 2)}`;
    const b = `${pad(year, 4)}-${pad(first, 2)}-${pad(second, 2)}`;
    return reject(`can be two days, depending on the country; write ${a} or ${b}`);
  }
  return dayFirst ? toIso(year, second, first) : toIso(year, first, second);
}

/** An ISO time of day after a date; the day is taken as written, whatever the zone. */
const time = /[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?(?:Z|[AP]M|UTC|GMT|[+-]\d{2}:?\d{2}))?$/i;

/**
 * Reads a day as `YYYY-MM-DD`. Accepts year first (`2021-5-3`, `2021/05/03`, `20210503`), an ISO date
 * with a time, a month's English name (`3 May 2021`, `May 3, 2021`), and numbers with the year last
 * where only one reading is a day of the calendar. Years have four digits.
 */
export function parseDate(text: string): Parsed<string> {
  const wrong = rejectSpreadsheetError(text);
  if (wrong !== undefined) return wrong;
  const day = text.replace(time, '').trim();

  const yearFirst =
    /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/.exec(day) ?? /^((?:19|20|21)\d{2})()(\d{2})(\d{2})$/.exec(day);
  if (yearFirst !== null) return toIso(Number(yearFirst[1]), Number(yearFirst[3]), Number(yearFirst[4]));

  const yearLast = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/.exec(day);
  if (yearLast !== null) {
    return parseYearLast(Number(yearLast[1]), Number(yearLast[3]), Number(yearLast[4]));
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
