import path from 'node:path';
import type { CustomerFile } from './read-rows.ts';
import { openResults, type BespokeCells, type ResultsForm, type SkipReason } from './write-tables.ts';

/** Every row of the input is counted exactly once. */
export interface CampaignResults {
  readonly rows: number;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  /** Of the skipped ones: rows of people who were erased. */
  readonly erased: number;
  /** Of the skipped ones: rows whose video was deleted since. */
  readonly deleted: number;
  /** Of the skipped ones: rows of the control group. */
  readonly holdout: number;
  readonly cancelled: number;
  /** Absolute paths. */
  readonly resultsFile: string;
  readonly failedFile: string;
}

/** The result of a row. */
export interface EndedRow {
  /** 1-based among the rows of the input. */
  readonly row: number;
  readonly cells: BespokeCells;
}

/** The result of a row that was skipped. */
export const skippedCells = (reason: SkipReason): BespokeCells => ({
  ...{ status: 'skipped', skipped: reason },
  ...(reason === 'erased' && {
    errorCode: 'person-erased',
    error: 'This person was erased, so no video was made.',
  }),
});

/** Finds rows by number; they must be requested in ascending order. */
function createRowFinder(ended: AsyncIterator<EndedRow, unknown>) {
  let pending: EndedRow | undefined;
  let exhausted = false;
  return async (row: number): Promise<EndedRow | undefined> => {
    if (pending === undefined && !exhausted) {
      const next = await ended.next();
      if (next.done === true) exhausted = true;
      else pending = next.value;
    }
    if (pending?.row !== row) return undefined;
    const found = pending;
    pending = undefined;
    return found;
  };
}

/**
 * Reads the input again and writes it with the result of each row as `results.csv`; failed rows also as
 * `failed.csv`.
 *
 * @param out the folder for both.
 * @param ended rows in the input's order.
 * @param unrecorded result of rows that are not among `ended`; without it, every row must be.
 * @throws Error when a row of the input is missing, so that none is lost. BespokeError as `openResults` does.
 */
export async function writeCampaignResults(
  input: CustomerFile,
  out: string,
  ended: AsyncIterable<EndedRow>,
  unrecorded?: BespokeCells,
  form: ResultsForm = {},
): Promise<CampaignResults> {
  const resultsFile = path.join(out, 'results.csv');
  const failedFile = path.join(out, 'failed.csv');
  const results = openResults(resultsFile, input, form);
  const failures = openResults(failedFile, input, form);
  const counts = { rows: 0, done: 0, failed: 0, skipped: 0, erased: 0, deleted: 0, holdout: 0, cancelled: 0 };
  const find = createRowFinder(ended[Symbol.asyncIterator]());
  try {
    for await (const row of input.rows()) {
      const cells = (await find(row.row))?.cells ?? unrecorded;
      if (cells === undefined) throw new Error(`Row ${row.row} of the input was not recorded.`);
      counts.rows += 1;
      counts[cells.status] += 1;
      if (cells.skipped !== undefined && cells.skipped !== 'unchanged') counts[cells.skipped] += 1;
      await results.write(row, cells);
      if (cells.status === 'failed') await failures.write(row, cells);
    }
    await results.finish();
    await failures.finish();
  } finally {
    await results.discard();
    await failures.discard();
  }
  return { ...counts, resultsFile, failedFile };
}
