import type { AnyRecord, FieldIssue } from '../record.ts';

/** Whether a row can become a video, or every reason why not. */
export type RowCheck =
  | { readonly ok: true; readonly record: AnyRecord }
  | {
      readonly ok: false;
      /** `row-duplicate` only where nothing else is wrong. */
      readonly code: 'row-invalid' | 'row-duplicate';
      /** An issue with the row as a whole has an empty field and column. */
      readonly issues: readonly FieldIssue[];
      /** All issues as sentences, for one cell or line. */
      readonly message: string;
    };

/** Something to know about a row that does not keep it from becoming a video. */
export interface RowWarning {
  readonly code: 'formula-cell';
  /** The column's header. */
  readonly field: string;
  readonly message: string;
}

/** One customer of the input. */
export interface Row {
  /** Counted from 1 among the rows that are not empty, without the header. */
  readonly row: number;
  /** The line of the file on which the row begins, counted from 1. */
  readonly line: number;
  /** The input's cells under its own headers, in order, unaltered; too few where the row is ragged. */
  readonly cells: readonly string[];
  /** Cells beyond the last header; empty ones are not kept. */
  readonly surplus: readonly string[];
  /** The id column's value, or one made from the row's content where there is none. Never empty. */
  readonly id: string;
  /** The id column's value as it names the customer everywhere; unset where the row names nobody. */
  readonly customerId?: string;
  /** Safe as the name of a file, and different for different ids. */
  readonly fileName: string;
  readonly check: RowCheck;
  readonly warnings: readonly RowWarning[];
}
