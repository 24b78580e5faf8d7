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

/** What a year's twelve numbers say. */
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
