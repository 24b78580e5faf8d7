import type { Money } from './parse-money.ts';

/** Numbers of items added up, without those that have none. */
export function sum<T>(items: readonly T[], numberOf: (item: T) => number | undefined): number {
  return toDigits(items.reduce((total, item) => total + (numberOf(item) ?? 0), 0));
}

/** 0.1 + 0.2 is 0.3. */
const toDigits = (total: number): number => Number(total.toPrecision(15));

/**
 * Amounts of items added up, without those that have none. `undefined` where there is nothing to add, and where they are
 * in several currencies: amounts are never converted.
 */
export function sumMoney<T>(
  items: readonly T[],
  amountOf: (item: T) => Money | undefined,
): Money | undefined {
  const amounts = items.flatMap((item) => amountOf(item) ?? []);
  const [first] = amounts;
  if (first === undefined || amounts.some(({ currency }) => currency !== first.currency)) return undefined;
  return { amount: sum(amounts, ({ amount }) => amount), currency: first.currency };
}

/** The items with the highest numbers, the highest first; equal ones in their order. Items without a number are left out. */
export function top<T>(items: readonly T[], count: number, numberOf: (item: T) => number | undefined): T[] {
  const numbered = items.flatMap((item) => {
    const number = numberOf(item);
    return number === undefined ? [] : [{ item, number }];
  });
  return numbered
    .toSorted((one, other) => other.number - one.number)
    .slice(0, count)
    .map(({ item }) => item);
}
