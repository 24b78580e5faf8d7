import { createCellCounter, type CountedRow } from './count-cells.ts';

/** The delimiters that exports use, the likelier first. */
export const delimiters = [',', ';', '\t', '|'] as const;

export type Delimiter = (typeof delimiters)[number];

/** What separates the fields of a file, and how that is known. */
export interface Sniffed {
  readonly delimiter: Delimiter;
  /** Whether the first line is the hint that Excel reads, such as `sep=;`. */
  readonly hinted: boolean;
}

const rowsToCompare = 100;

/** Number of cells of each whole row of a sample, were it delimited so; empty lines are left out. */
function countCells(sample: string, delimiter: Delimiter, complete: boolean): readonly number[] {
  const counts: number[] = [];
  const note = ({ cells, empty, open }: CountedRow): void => {
    if (!empty && !open && counts.length < rowsToCompare) counts.push(cells);
  };
  const counter = createCellCounter(delimiter, note);
  counter.write(sample);
  if (complete) note(counter.row());
  return counts;
}

/** Share of records with as many fields as the header, in tenths, so that near ties go by columns. */
function judge(counts: readonly number[]): { readonly agreement: number; readonly columns: number } {
  const columns = counts[0] ?? 1;
  if (columns < 2) return { agreement: 0, columns };
  const agreeing = counts.filter((count) => count === columns).length;
  return { agreement: Math.round((agreeing / counts.length) * 10), columns };
}

/**
 * Finds the delimiter of a table by its first records: the one under which most have as many fields
 * as the header. A table of one column counts as delimited by commas.
 *
 * @param complete whether the sample is the whole text, so that its last line is a record too.
 */
export function sniffDelimiter(sample: string, complete: boolean): Sniffed {
  const hint = /^sep=([,;\t|])\r?\n/i.exec(sample)?.[1];
  const hinted = delimiters.find((delimiter) => delimiter === hint);
  if (hinted !== undefined) return { delimiter: hinted, hinted: true };
  const [best] = delimiters
    .map((delimiter) => ({ delimiter, ...judge(countCells(sample, delimiter, complete)) }))
    .sort((a, b) => b.agreement - a.agreement || b.columns - a.columns);
  return { delimiter: best !== undefined && best.agreement > 0 ? best.delimiter : ',', hinted: false };
}
