import { isSuspicion } from './suspects.ts';

/** Rows that have one kind of warning in one column. */
export interface WarningCount<Code extends string = string> {
  code: Code;
  /** The column, or the field where there is no column. */
  field: string;
  rows: number;
  /** A few that differ. */
  examples: { row: number; message: string }[];
}

const mostExamples = 3;
const mostKinds = 1_000;

/** Counts warnings by kind and column, in memory that does not grow with the rows. */
export class WarningCounter<Code extends string = string> {
  readonly #found = new Map<string, WarningCount<Code>>();

  add(
    row: number,
    warnings: readonly { readonly code: Code; readonly field: string; readonly message: string }[],
  ): void {
    for (const { code, field, message } of warnings) {
      const kind = JSON.stringify([code, field]);
      const found = this.#found.get(kind) ?? { code, field, rows: 0, examples: [] };
      if (found.rows === 0 && this.#found.size === mostKinds) continue;
      found.rows += 1;
      const { examples } = found;
      if (examples.length < mostExamples && examples.every((each) => each.message !== message)) {
        examples.push({ row, message });
      }
      this.#found.set(kind, found);
    }
  }

  /** Suspicions first, then the most frequent. */
  list(): WarningCount<Code>[] {
    return [...this.#found.values()].sort(
      (a, b) => Number(isSuspicion(b.code)) - Number(isSuspicion(a.code)) || b.rows - a.rows,
    );
  }
}
