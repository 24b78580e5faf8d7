import { sayCount, sayMany } from '../documents/say.ts';
import type { Level } from './advice-schema.ts';

export { sayCount, sayMany };

/* How advice says numbers and lists, in the terminal, on the page and in the API. */

const precise = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });

/** A share, such as `31 %`; never rounded to all or nothing. */
export function sayShare(share: number): string {
  const percent = 100 * share;
  if (percent > 99 && percent < 100) return 'over 99 %';
  if (percent > 0 && percent < 1) return 'under 1 %';
  return `${Math.round(percent)} %`;
}

/** Hours: `31`, `1.2`, `0.04`. */
export const sayHours = (hours: number): string => (hours >= 10 ? sayCount(hours) : precise.format(hours));

/** Time that is only estimated: `40 seconds`, `25 minutes`, `3 h 10 min`, `4 days 6 h`. */
export function sayTime(seconds: number): string {
  if (seconds < 90) return sayMany(Math.max(1, Math.ceil(seconds)), 'second');
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return sayMany(minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} days ${hours % 24} h`;
}

/** An amount of money; the currency as it was given. */
export function sayMoney(amount: number, currency: string | null): string {
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  const text = new Intl.NumberFormat('en', digits).format(amount);
  return currency === null ? text : `${text} ${currency}`;
}

/** `a, b and c`; of many, the first and how many more. */
export function sayList(names: readonly string[], word: 'and' | 'or' = 'and', most = 6): string {
  const shown = names.slice(0, most);
  const more = names.length - shown.length;
  const parts = more > 0 ? [...shown, `${sayCount(more)} more`] : shown;
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} ${word} ${parts.at(-1) ?? ''}`;
}

export const levelWords = {
  ready: 'Ready',
  'with-care': 'With care',
  'not-yet': 'Not yet',
} as const satisfies Readonly<Record<Level, string>>;

/** What a level means for who decides. */
export const levelMeanings = {
  ready: 'You can order it.',
  'with-care': 'You can order it. Read first what needs care, and decide.',
  'not-yet': 'Change first what is not ready yet.',
} as const satisfies Readonly<Record<Level, string>>;

export const adviceWords = {
  personalize: 'personalize one to one',
  customize: 'customize by audience segment',
  'let-viewer-choose': 'let the viewer choose',
  'leave-out': 'leave out',
} as const;
