import path from 'node:path';
import type { CustomerFile } from '../../data/csv/read-rows.ts';
import { openResults, type BespokeCells } from '../../data/csv/write-results.ts';
import { deliveredPaths } from '../adapters/destination/folder-destination.ts';
import type { Ledger, VideoEntry } from '../core/ledger.ts';
import { videoStatus } from '../core/video-status.ts';

/** Every row of the input is counted exactly once. */
export interface BatchResults {
  readonly rows: number;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
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

function cellsOf(entry: VideoEntry, fps: number): BespokeCells {
  const warnings = entry.warnings.map(({ message }) => message);
  const status = videoStatus(entry, fps);
  switch (status.state) {
    case 'done':
    case 'skipped': {
      const { video, poster, teaser } = deliveredPaths(entry.fileName);
      const durationInSeconds = entry.durationInFrames / fps;
      return { status: status.state, video, poster, teaser, durationInSeconds, warnings };
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

/**
 * Reads the input once more and writes it back with what became of each row.
 *
 * @throws Error when the ledger holds another number of rows than the input: none may be lost.
 */
export async function writeBatchResults(
  ledger: Pick<Ledger, 'rows'>,
  campaign: string,
  fps: number,
  input: CustomerFile,
  out: string,
): Promise<BatchResults> {
  const resultsFile = path.join(out, 'results.csv');
  const failedFile = path.join(out, 'failed.csv');
  const results = openResults(resultsFile, input);
  const failures = openResults(failedFile, input);
  const counts = { rows: 0, done: 0, failed: 0, skipped: 0, cancelled: 0 };
  const recorded = recordedRows(ledger, campaign);
  try {
    for await (const row of input.rows()) {
      const { value: entry } = (await recorded.next()) as { value: VideoEntry | undefined };
      if (entry?.row !== row.row) throw new Error(`Row ${row.row} of the input was not recorded.`);
      const cells = cellsOf(entry, fps);
      counts.rows += 1;
      counts[cells.status] += 1;
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
