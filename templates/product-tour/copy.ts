import { formatNumber } from 'bespoke/template';
import type { Feature } from './look/plan.ts';
import { batteries, batteryFor, type Prices } from './plans.ts';
import type { Currency, Home } from './record.ts';

/** The language that the template's own words are written in. */
export const copyLanguage = 'en';

export const kinds = ['supper', 'warmth'] as const;
export type Kept = (typeof kinds)[number];

/** Labels of the things that can be clicked. */
export const tagWords: Readonly<Record<Feature | 'evening', string>> = {
  sun: 'Sun',
  store: 'Store',
  drive: 'Drive',
  warmth: 'Warmth',
  evening: 'One evening',
};

interface Statement {
  readonly line: string;
  readonly after: string;
}

export const greetingWords = {
  before: 'Hello',
  after: 'Come in. This is what a house with Wattle is like.',
} as const;

const hubWords = {
  first: 'Have a look around.',
  again: 'What else?',
  all: 'That is the house.',
} as const;

/** How many of the four things were looked at. */
export const seenCount = (seen: Readonly<Record<Feature, boolean>>): number =>
  Object.values(seen).filter(Boolean).length;

export const hubLine = (seen: Readonly<Record<Feature, boolean>>): string =>
  seenCount(seen) === 0 ? hubWords.first : seenCount(seen) === 4 ? hubWords.all : hubWords.again;

export const sunWords: Readonly<Record<Home, Statement>> = {
  House: {
    line: 'Breakfast is on the roof.',
    after: 'Twelve panels make more by noon than a family uses in a day.',
  },
  Flat: { line: 'No roof? A rail will do.', after: 'Two panels, hung in an hour, plugged in like a kettle.' },
};

export const featureWords: Readonly<Record<Exclude<Feature, 'sun'>, Statement>> = {
  store: {
    line: 'Noon, kept for tonight.',
    after: 'What you do not use waits in the cupboard, as quiet as the fridge.',
  },
  drive: {
    line: 'Runs on yesterday.',
    after: 'On yesterday’s sun, that is: charged overnight, ready when you are.',
  },
  warmth: {
    line: 'Warm before you wake.',
    after: 'One dial for the whole house. The cat has its own opinion.',
  },
};

/** The label of each room's figure. */
export const featureFigures: Readonly<Record<Exclude<Feature, 'sun'>, string>> = {
  store: '97%',
  drive: '240 km',
  warmth: '21°',
};

export const stormWords = {
  clock: '19:04',
  line: 'The street goes dark.',
  left: (share: number): string => `Your battery has ${share}% left.`,
  question: 'What stays on?',
} as const;

export const nightWords: Readonly<Record<Kept, Statement & { readonly morning: string }>> = {
  supper: {
    line: 'Supper stays on.',
    after: 'Pancakes by the only light in the street.',
    morning: 'Morning: cold floor, full plates.',
  },
  warmth: {
    line: 'The heating stays on.',
    after: 'Cold soup, and everybody sleeps warm.',
    morning: 'Morning: 21 degrees, late breakfast.',
  },
};

export const planNames = { today: 'Today', one: 'Wattle One', all: 'Wattle All' } as const;

/** A price as the locale writes it, without small coins. */
function priceWords(value: number, currency: Currency, locale: string): string {
  return formatNumber(value, locale, { style: 'currency', currency, maximumFractionDigits: 0 });
}

/** Texts of the comparison: with the person's own bill, or that of a similar home. */
export function compareWords(own: boolean, home: Home, prices: Prices, currency: Currency, locale: string) {
  const price = (value: number): string => priceWords(value, currency, locale);
  return {
    line: own ? 'Your month, three ways.' : `A ${home.toLowerCase()} like yours.`,
    today: price(prices.today),
    one: price(prices.one),
    all: price(prices.all),
    saved: `${price(Math.max(0, prices.today - prices.all))} less, every month.`,
  };
}

export const questionWords = {
  line: 'How many of you live here?',
  after: 'So that everybody gets enough.',
} as const;

/** The recommendation, from the viewer's answer and decision. */
export function resultWords(people: number, kept: Kept, locale: string) {
  const size = formatNumber(batteryFor(people, kept), locale);
  return {
    line: people === 1 ? 'A home for one.' : `A home for ${formatNumber(people, locale)}.`,
    size,
    unit: 'kWh',
    after:
      kept === 'supper'
        ? 'You kept the stove on, so we made it one size larger.'
        : 'You kept the heating on: this carries it until morning.',
  };
}

export const sizingWords = {
  line: 'A size for every home.',
  after: `From ${batteries[0]} to ${batteries.at(-1)} kWh, in the same cupboard.`,
} as const;

export const offerWords: Readonly<Record<Home, Statement>> = {
  House: { line: 'Shall we see your roof?', after: 'An hour, a ladder, a plan. It costs nothing.' },
  Flat: {
    line: 'Shall we see your balcony?',
    after: 'An hour, a tape, a plan. It costs nothing.',
  },
};
