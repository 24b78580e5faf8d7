import { formatDate, formatNumber } from 'bespoke/template';
import type { Tenure } from './tenure.ts';

/** Texts of the tenure scene, for the screen and for captions. */
export interface TenureWords {
  readonly lead: string;
  /** Digits in the locale's own way; `undefined` if there are only `words`. */
  readonly number: string | undefined;
  readonly words: string;
  readonly joinedLabel: string;
  readonly joined: string;
}

const units = { years: ['year', 'years'], months: ['month', 'months'], days: ['day', 'days'] } as const;

/** @param joined ISO `YYYY-MM`. */
export function wordsForTenure(tenure: Tenure, joined: string, locale: string): TenureWords {
  const month = formatDate(`${joined}-01`, locale, { month: 'long', year: 'numeric' });
  if (tenure.unit === 'upcoming') {
    return {
      lead: 'It is about to begin',
      number: undefined,
      words: 'Welcome',
      joinedLabel: 'Member from',
      joined: month,
    };
  }
  if (tenure.unit === 'days' && tenure.count === 0) {
    return {
      lead: 'It begins with',
      number: undefined,
      words: 'Today',
      joinedLabel: 'Member since',
      joined: month,
    };
  }
  const [one, other] = units[tenure.unit];
  return {
    lead: tenure.unit === 'years' ? 'You have been with us for' : 'You are just getting started:',
    number: formatNumber(tenure.count, locale),
    words: tenure.count === 1 ? one : other,
    joinedLabel: 'Member since',
    joined: month,
  };
}
