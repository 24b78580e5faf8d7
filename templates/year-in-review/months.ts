import { formatCompact, formatNumber, monthName } from 'bespoke/template';
import { brand } from './brand.ts';

/** Record fields of the twelve months, in order. */
export const monthFields = [
  'jan',
  'feb',
  'mar',
  'apr',
  'may',
  'jun',
  'jul',
  'aug',
  'sep',
  'oct',
  'nov',
  'dec',
] as const;

/** Summary of a year's twelve numbers. */
export type YearShape =
  | { readonly kind: 'quiet' }
  | { readonly kind: 'level'; readonly total: number; readonly each: number }
  | {
      readonly kind: 'peak';
      readonly total: number;
      /** 0 is January; the first of several equal ones. */
      readonly best: number;
      readonly bestValue: number;
    };

/** Sums without the last binary digits that decimals leave behind. */
const sum = (values: readonly number[]): number =>
  Math.round(values.reduce((total, value) => total + value, 0) * 1000) / 1000;

/** Reads twelve numbers from 0: nothing in any month, the same in all, or one best. */
export function describeYear(months: readonly number[]): YearShape {
  const highest = Math.max(0, ...months);
  if (highest === 0) return { kind: 'quiet' };
  const total = sum(months);
  if (months.every((value) => value === highest)) return { kind: 'level', total, each: highest };
  return { kind: 'peak', total, best: months.indexOf(highest), bestValue: highest };
}

const longestPlainNumber = 1_000_000_000;

/** A count for display: one decimal at most, compact from a billion. */
function countText(value: number, locale: string): string {
  return value < longestPlainNumber
    ? formatNumber(value, locale, { maximumFractionDigits: 1 })
    : formatCompact(value, locale);
}

const countNoun = (value: number): string => (value === 1 ? brand.count.one : brand.count.other);

/** Texts of the year scene, for the screen and for captions. */
export interface YearWords {
  readonly total: string;
  /** What is counted, as it follows the total in a sentence. */
  readonly caption: string;
  readonly label: string;
  /** The callout's value: a month's name, or a phrase if no month is the best. */
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
