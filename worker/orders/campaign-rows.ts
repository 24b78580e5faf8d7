import { BespokeError } from '../../errors/bespoke-error.ts';
import type { RowState } from '../core/renders.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { VideoStatus } from '../core/video.ts';
import type { LinkTerms } from './links.ts';
import { reportRender, type RenderReport } from './render-report.ts';

/** Which rows of a campaign to tell of. */
export interface RowsQuery {
  /** All where none is given. */
  readonly states?: readonly VideoStatus['state'][] | undefined;
  /** What the page before gave as `next`. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** A page of a campaign's recorded rows, in the input's order. It may be short although more follow. */
export interface RowsPage {
  readonly rows: readonly RenderReport[];
  /** `undefined` where no more rows are recorded. */
  readonly next: string | undefined;
}

/** The states in which the tables hold what is told as this one. */
const recordedStates: Readonly<Record<VideoStatus['state'], readonly RowState['state'][]>> = {
  queued: ['waiting'],
  rendering: ['waiting', 'ready'],
  done: ['done'],
  failed: ['failed'],
  skipped: ['skipped'],
  cancelled: ['cancelled'],
};

/** Rows that wait are told apart only after reading: so many at a time, and for one page at most. */
const readAtOnce = 1_000;
const mostRead = 5_000;

function parseCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new BespokeError('request-invalid', 'The cursor is none that an earlier page gave.');
}

/**
 * Reads a page of a campaign's rows; rows that are not planned yet are not in it.
 *
 * @returns `undefined` when there is no such campaign.
 * @throws BespokeError `request-invalid` for a cursor that is none.
 */
export async function campaignRows(
  pipeline: Pick<Pipeline, 'registry' | 'keyring' | 'clock' | 'renders' | 'campaigns'>,
  id: string,
  { states, cursor, limit }: RowsQuery,
  terms: LinkTerms,
): Promise<RowsPage | undefined> {
  let after = parseCursor(cursor);
  const order = await pipeline.campaigns.find(id);
  if (order?.kind !== 'campaign') return undefined;
  const wanted = states && [...new Set(states.flatMap((state) => recordedStates[state]))];
  const exact = states === undefined || states.includes('queued') === states.includes('rendering');
  const size = exact ? limit : readAtOnce;
  const rows: RenderReport[] = [];
  for (let read = 0; read < mostRead; read += size) {
    const page = await pipeline.renders.list(id, after, size, wanted);
    for (const entry of page) {
      const report = reportRender(pipeline, order, entry, terms);
      after = entry.row;
      if (states !== undefined && !states.includes(report.status.state)) continue;
      rows.push(report);
      if (rows.length === limit) return { rows, next: String(after) };
    }
    if (page.length < size) return { rows, next: undefined };
  }
  return { rows, next: String(after) };
}

/**
 * Reads a page of a campaign's done rows, in the order in which they were done. `next` is always given: later
 * rows follow there.
 *
 * @returns `undefined` when there is no such campaign.
 * @throws BespokeError `request-invalid` for a cursor that is none.
 */
export async function doneCampaignRows(
  pipeline: Pick<Pipeline, 'registry' | 'keyring' | 'clock' | 'renders' | 'campaigns'>,
  id: string,
  { cursor, limit }: Omit<RowsQuery, 'states'>,
  terms: LinkTerms,
): Promise<(RowsPage & { readonly next: string }) | undefined> {
  const after = parseCursor(cursor);
  const order = await pipeline.campaigns.find(id);
  if (order?.kind !== 'campaign') return undefined;
  const { rows, last } = await pipeline.renders.listDone(id, after, limit);
  return { rows: rows.map((entry) => reportRender(pipeline, order, entry, terms)), next: String(last) };
}
