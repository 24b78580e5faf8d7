import { formatDate } from 'bespoke/template';
import type { Plan, Segment } from './record.ts';

/** The language that the template's own words are written in. */
export const copyLanguage = 'en';

/** First words of each segment, a thought above and a line below. */
export const openings: Readonly<Record<Segment, { readonly line: string; readonly after: string }>> = {
  loyal: { line: 'Another good year together.', after: 'Thank you for staying.' },
  new: { line: 'What a first chapter.', after: 'And it has only begun.' },
  'at-risk': { line: 'We kept the light on.', after: 'There is still a place for you.' },
  business: { line: 'A year that simply held.', after: 'So your team could get across.' },
};

const beforeDate: Readonly<Record<Segment, string>> = {
  loyal: 'your plan renews on',
  new: 'your first renewal is on',
  'at-risk': 'your place is kept until',
  business: 'your plan renews on',
};

/** Whether a renewal date is a month alone. */
export const isMonth = (renewalDate: string): boolean => renewalDate.length === 'YYYY-MM'.length;

const beforeMonth: Readonly<Record<Segment, string>> = {
  loyal: 'your plan renews in',
  new: 'your first renewal is in',
  'at-risk': 'your place is kept until',
  business: 'your plan renews in',
};

/** @param renewal ISO `YYYY-MM`. */
const formatMonth = (renewal: string, locale: string): string =>
  formatDate(`${renewal}-01`, locale, { month: 'long', year: 'numeric' });

/**
 * The words of the personal scene; the date in the locale's own way.
 *
 * @param renewalDate ISO `YYYY-MM-DD`, or `YYYY-MM` for the month alone.
 */
export function personalWords(
  segment: Segment,
  renewalDate: string,
  locale: string,
): { readonly before: string; readonly date: string } {
  return isMonth(renewalDate)
    ? { before: beforeMonth[segment], date: formatMonth(renewalDate, locale) }
    : { before: beforeDate[segment], date: formatDate(renewalDate, locale) };
}

/** What a plan keeps for another year, three things. */
export const benefitWords: Readonly<
  Record<Plan, { readonly line: string; readonly things: readonly [string, string, string] }>
> = {
  Basic: {
    line: 'All you rely on, kept.',
    things: ['Everything you have today', 'Last year’s price', 'Leave whenever you like'],
  },
  Plus: {
    line: 'More room for your people.',
    things: ['Sharing with four people', 'Answers within the hour', 'Last year’s price'],
  },
  Premium: {
    line: 'The best seat, still yours.',
    things: ['An advisor who knows you', 'Everything new, first', 'Last year’s price'],
  },
};

/** Lines of the business invoice: text left and right of the leader. */
export function invoiceLines(plan: Plan): readonly (readonly [string, string])[] {
  const extras: Readonly<Record<Plan, readonly [string, string]>> = {
    Basic: ['Answers by mail', 'included'],
    Plus: ['Answers in an hour', 'included'],
    Premium: ['Your own advisor', 'included'],
  };
  return [[`${plan} plan`, '12 months'], extras[plan], ['New colleagues', 'any time']];
}

export const invoiceWords = {
  line: 'One invoice. Nothing to chase.',
  title: 'Invoice',
  total: 'Invoices a year',
} as const;

/** The offer: `amount` and `unit` are in the sun, `what` and `detail` below. */
interface Offer {
  readonly before: string;
  readonly amount: string;
  readonly unit: string;
  readonly what: string;
  readonly detail: string;
}

const byPlan = <T>(basic: T, plus: T, premium: T): Readonly<Record<Plan, T>> => ({
  Basic: basic,
  Plus: plus,
  Premium: premium,
});

const monthsFree = byPlan(['1', 'month free'], ['2', 'months free'], ['3', 'months free']);
const seatsFree = byPlan(['1', 'seat free'], ['2', 'seats free'], ['5', 'seats free']);
const loyalReductions = byPlan('10%', '15%', '20%');
const returnReductions = byPlan('25%', '30%', '35%');

/** The offer of a segment and a plan: twelve in all, whatever the size of the campaign. */
export function offerFor(segment: Segment, plan: Plan): Offer {
  switch (segment) {
    case 'loyal':
      return {
        before: 'Our thank-you',
        amount: loyalReductions[plan],
        unit: 'off',
        what: 'your next year',
        detail: 'Taken off when you renew.',
      };
    case 'new': {
      const [amount = '', unit = ''] = monthsFree[plan];
      return {
        before: 'To carry on',
        amount,
        unit,
        what: 'in your second year',
        detail: 'Added when you renew.',
      };
    }
    case 'at-risk':
      return {
        before: 'If you stay',
        amount: returnReductions[plan],
        unit: 'off',
        what: 'another year with us',
        detail: 'Pause or leave whenever you like.',
      };
    case 'business': {
      const [amount = '', unit = ''] = seatsFree[plan];
      return {
        before: 'For your team',
        amount,
        unit,
        what: 'for twelve months',
        detail: 'On the same invoice.',
      };
    }
    default:
      return segment satisfies never;
  }
}

export const closing = { line: 'Stay a while.', call: 'Renew at' } as const;
