import path from 'node:path';
import type { CustomerFile } from '../../data/csv/read-rows.ts';
import { openResults, type BespokeCells } from '../../data/csv/write-tables.ts';
import type { Ledger, VideoEntry } from '../core/ledger.ts';
import { videoStatus } from '../core/video-status.ts';

/** Every row of the input is counted exactly once. */
export interface BatchResults {
  readonly rows: number;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  /** Of the skipped ones: rows of people who were erased. */
  readonly erased: number;
  readonly cancelled: number;
  /** Absolute paths. */
  readonly resultsFile: string;
  readonly failedFile: string;
}

const pageSize = 1000;

/** Recorded rows in the input's order, page by page. */
async function* recordedRows(ledger: Pick<Ledger, 'rows'>, campaign: string): AsyncGenerator<VideoEntry> {
  let after = 0;
  for (;;) {
    const page = await ledger.rows(campaign, after, pageSize);
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.row;
  }
}

/** The cells that lead to a row's files. */
export type FileCells = Pick<BespokeCells, 'video' | 'poster' | 'teaser' | 'page'>;

/** A campaign that has ended, and what its results are to say. */
export interface EndedCampaign {
  readonly id: string;
  readonly fps: number;
  /** Paths or links of a row that has a video. */
  readonly filesOf: (entry: VideoEntry) => FileCells;
  /** Said of rows that were never recorded; where not set, every row must be. */
  readonly unrecorded?: BespokeCells | undefined;
}

const erasedCells: BespokeCells = {
  status: 'skipped',
  errorCode: 'person-erased',
  error: 'This person was erased, so nothing was made for them.',
};

function cellsOf(entry: VideoEntry, { fps, filesOf }: EndedCampaign): BespokeCells {
  const warnings = [
    ...entry.warnings.map(({ message }) => message),
    ...entry.coming.map((picture) => `The ${picture} is still being made; its link waits for it.`),
  ];
  const status = videoStatus(entry, fps);
  switch (status.state) {
    case 'done':
    case 'skipped': {
      if (status.state === 'skipped' && status.reason === 'erased') return erasedCells;
      const durationInSeconds = entry.durationInFrames / fps;
      return { status: status.state, ...filesOf(entry), durationInSeconds, warnings };
    }
    case 'failed':
      return { status: 'failed', warnings, errorCode: status.code, error: status.message };
    case 'cancelled':
      return { status: 'cancelled', warnings };
    case 'queued':
    case 'rendering':
      throw new Error(`Row ${entry.row} has not ended.`);
    default:
      return status satisfies never;
  }
}

/** Joins the rows of an input with what is recorded of them, both in the input's order. */
function createRowFinder(recorded: AsyncIterator<VideoEntry, unknown>) {
  let pending: VideoEntry | undefined;
  let exhausted = false;
  return async (row: number): Promise<VideoEntry | undefined> => {
    if (pending === undefined && !exhausted) {
      const next = await recorded.next();
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
 * Reads the input once more and writes it back with what became of each row.
 *
 * @param out the folder for `results.csv` and `failed.csv`.
 * @throws Error when the ledger holds another number of rows than the input: none may be lost.
 */
export async function writeBatchResults(
  ledger: Pick<Ledger, 'rows'>,
  campaign: EndedCampaign,
  input: CustomerFile,
  out: string,
): Promise<BatchResults> {
  const resultsFile = path.join(out, 'results.csv');
  const failedFile = path.join(out, 'failed.csv');
  const results = openResults(resultsFile, input);
  const failures = openResults(failedFile, input);
  const counts = { rows: 0, done: 0, failed: 0, skipped: 0, erased: 0, cancelled: 0 };
  const find = createRowFinder(recordedRows(ledger, campaign.id));
  try {
    for await (const row of input.rows()) {
      const entry = await find(row.row);
      const cells = entry === undefined ? campaign.unrecorded : cellsOf(entry, campaign);
      if (cells === undefined) throw new Error(`Row ${row.row} of the input was not recorded.`);
      counts.rows += 1;
      counts[cells.status] += 1;
      if (cells === erasedCells) counts.erased += 1;
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
