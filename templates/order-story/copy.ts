import { formatDate, formatNumber } from 'bespoke/template';

/** Amounts and days that a voice says are written in its own language. */
export const voiceLocale = 'en-GB';

/** Counts as words, as a shop would say them. */
const counts = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** `Three things are on their way.` */
export function greetingWords(count: number): string {
  const word = counts[count] ?? String(count);
  return `${word.charAt(0).toUpperCase()}${word.slice(1)} ${count === 1 ? 'thing is on its' : 'things are on their'} way to you.`;
}

export const openingWords = 'Packed this morning.';

export const totalWords = { before: 'With you on', sum: 'Together' } as const;

export const closingWords = { before: 'Closed with care.', button: 'Track your parcel' } as const;

/** An amount as the locale writes it. */
export const amountWords = (
  { amount, currency }: { readonly amount: number; readonly currency: string },
  locale: string,
): string => formatNumber(amount, locale, { style: 'currency', currency });

/** A day with its weekday, as the locale writes it. */
export const dayWords = (iso: string, locale: string): string =>
  formatDate(iso, locale, { weekday: 'long', day: 'numeric', month: 'long' });

/** `… and 3 more` */
export const moreWords = (count: number): string => `and ${count} more`;
