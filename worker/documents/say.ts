/* How documents say numbers. */

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const sayCount = (count: number): string => grouped.format(count);

/** `1 row`, `1,204 rows`. */
export const sayMany = (count: number, one: string, many = `${one}s`): string =>
  `${sayCount(count)} ${count === 1 ? one : many}`;
