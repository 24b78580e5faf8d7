import { formatCompact, formatNumber, monthName } from '../../video/kit/locale-format.ts';
import { brand } from './brand.ts';
import { describeYear } from './months.ts';

const longestPlainNumber = 1_000_000_000;

/** A count as a person reads it: whole where it is whole, one decimal at most, compact from a billion. */
function countText(value: number, locale: string): string {
  return value < longestPlainNumber
    ? formatNumber(value, locale, { maximumFractionDigits: 1 })
    : formatCompact(value, locale);
}

const countNoun = (value: number): string => (value === 1 ? brand.count.one : brand.count.other);

/** What the year scene says, for the screen and for captions alike. */
export interface YearWords {
  readonly total: string;
  /** What is counted, as it follows the total in a sentence. */
  readonly caption: string;
  readonly label: string;
  /** The callout's value: a month's name, or a phrase where no month stands out. */
  readonly highlight: string;
  /** Whether `highlight` is a name from the locale and not English copy. */
  readonly highlightIsMonth: boolean;
  readonly best: { readonly month: number; readonly value: string } | undefined;
}

/** @param months twelve numbers from 0, January first. */
export function wordsForYear(months: readonly number[], locale: string): YearWords {
  const shape = describeYear(months);
  switch (shape.kind) {
    case 'quiet':
      return {
        total: countText(0, locale),
        caption: `${brand.count.other} this year`,
        label: 'A quiet year',
        highlight: 'Room to grow',
        highlightIsMonth: false,
        best: undefined,
      };
    case 'level':
      return {
        total: countText(shape.total, locale),
        caption: `${countNoun(shape.total)} this year`,
        label: 'Every single month',
        highlight: `${countText(shape.each, locale)} ${countNoun(shape.each)}`,
        highlightIsMonth: false,
        best: undefined,
      };
    case 'peak':
      return {
        total: countText(shape.total, locale),
        caption: `${countNoun(shape.total)} this year`,
        label: 'Your best month',
        highlight: monthName(shape.best, locale, 'long'),
        highlightIsMonth: true,
        best: { month: shape.best, value: countText(shape.bestValue, locale) },
      };
    default:
      return shape satisfies never;
  }
}
