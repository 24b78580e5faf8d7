import type { Currency, Home } from './record.ts';

/** Monthly costs: now, and on each of the two plans. */
export interface Prices {
  readonly today: number;
  readonly one: number;
  readonly all: number;
}

/** The share of a bill that remains on a plan. */
const shares: Readonly<Record<Home, { readonly one: number; readonly all: number }>> = {
  House: { one: 0.64, all: 0.37 },
  Flat: { one: 0.83, all: 0.71 },
};

const typicalBills: Readonly<Record<Currency, Readonly<Record<Home, number>>>> = {
  EUR: { House: 150, Flat: 70 },
  GBP: { House: 130, Flat: 60 },
  USD: { House: 170, Flat: 80 },
  CHF: { House: 160, Flat: 75 },
  SEK: { House: 1700, Flat: 800 },
  JPY: { House: 24_000, Flat: 11_000 },
  INR: { House: 9_000, Flat: 4_000 },
  BRL: { House: 900, Flat: 400 },
};

/** A price that can be read at a glance: two digits that count from a hundred on. */
function roundPrice(value: number): number {
  const step = Math.max(1, 10 ** (Math.floor(Math.log10(value)) - 1));
  return Math.max(1, Math.round(value / step) * step);
}

/** The prices for a monthly bill. */
export function pricesFor(bill: number, home: Home): Prices {
  const { one, all } = shares[home];
  return { today: Math.round(bill), one: roundPrice(bill * one), all: roundPrice(bill * all) };
}

/** The prices of a typical home of this kind. */
export function typicalPrices(home: Home, currency: Currency): Prices {
  return pricesFor(typicalBills[currency][home], home);
}

/** Sizes of batteries, in kilowatt hours. */
export const batteries = [5, 10, 15, 20] as const;

/** The battery for a number of people; viewers who kept the stove on get one size more. */
export function batteryFor(people: number, kept: 'supper' | 'warmth'): (typeof batteries)[number] {
  const size = (people <= 2 ? 0 : people <= 5 ? 1 : 2) + (kept === 'supper' ? 1 : 0);
  return batteries[size] ?? 20;
}
