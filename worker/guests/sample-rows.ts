import type { Ledger } from '../core/ledger.ts';
import type { BadRow, BatchOutcome, ShownRow } from './operations.ts';

const shownRows = 24;
const keptFailures = 100;
const pageSize = 1000;

/**
 * The rows worth showing: the first ones, and the first that failed. Reads no further than it must:
 * failures may stand anywhere, so their number says when to stop.
 */
export async function sampleRows(
  ledger: Pick<Ledger, 'rows'>,
  campaign: string,
  counts: { readonly rows: number; readonly failed: number },
): Promise<BatchOutcome['sample']> {
  const rows: ShownRow[] = [];
  const failures: BadRow[] = [];
  const wanted = Math.min(keptFailures, counts.failed);
  for (let after = 0; ;) {
    const page = await ledger.rows(campaign, after, pageSize);
    for (const { row, fileName, durationInFrames, status, warnings } of page) {
      if (rows.length < shownRows) {
        rows.push({ row, fileName, durationInFrames, status, warnings });
      }
      if (status.state !== 'failed' || failures.length >= wanted) continue;
      failures.push({ row, code: status.code, message: status.message });
    }
    after = page.at(-1)?.row ?? 0;
    const enough = rows.length >= Math.min(shownRows, counts.rows) && failures.length >= wanted;
    if (page.length === 0 || enough) return { rows, failures };
  }
}
