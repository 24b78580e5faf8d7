import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Format } from '../../video/story/format.ts';
import type { CampaignProgress } from '../core/campaigns.ts';
import type { OrderEntry, OrderState } from '../core/campaigns.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { Quality } from '../core/quality.ts';
import type { VideoStatus } from '../core/video.ts';

/** Rows by what has become of them; `total`, the rows that were accepted, is always their sum. */
export type RowCounts = Readonly<Record<VideoStatus['state'] | 'total', number>>;

/** What clients are told of a campaign. */
export interface CampaignReport {
  readonly id: string;
  readonly template: string;
  readonly format: Format;
  readonly quality: Quality;
  /** ISO date that its videos are made for. */
  readonly asOf: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  readonly endedAt: Date | undefined;
  /** `cancelling`: its end was asked for and is not told yet. */
  readonly state: OrderState['state'] | 'cancelling';
  readonly rows: RowCounts;
  /** Of the clips that this campaign was the first to want. */
  readonly clips: CampaignProgress['clips'];
  readonly frames: CampaignProgress['frames'];
  /** Why its source could not be used as a whole. */
  readonly error: { readonly code: ErrorCode; readonly message: string } | undefined;
}

/** What becomes of rows that are not recorded yet, or never will be. */
function unrecordedState({ status, cancelling }: OrderEntry): 'queued' | 'cancelled' | 'failed' {
  if (status.state === 'failed') return 'failed';
  // Rows that are recorded after the end was asked for are cancelled at once.
  return cancelling || status.state === 'cancelled' ? 'cancelled' : 'queued';
}

/** Counts every accepted row exactly once. @param begun how many of the waiting rows have some of their clips. */
function countRows(order: OrderEntry, { rows }: Pick<CampaignProgress, 'rows'>, begun: number): RowCounts {
  const recorded = Object.values(rows).reduce((sum, count) => sum + count, 0);
  // Counted a moment later, it may be more than waited before.
  const waitingBegun = Math.min(begun, rows.waiting);
  const counts: Record<VideoStatus['state'], number> = {
    queued: rows.waiting - waitingBegun,
    rendering: rows.ready + waitingBegun,
    done: rows.done,
    failed: rows.failed,
    skipped: rows.skipped,
    cancelled: rows.cancelled,
  };
  counts[unrecordedState(order)] += Math.max(0, order.rows - recorded);
  return { total: Math.max(order.rows, recorded), ...counts };
}

async function reportCampaign(
  { campaigns }: Pick<Pipeline, 'campaigns'>,
  order: OrderEntry,
): Promise<CampaignReport> {
  const { id, template, format, quality, asOf, metadata, createdAt, status, cancelling } = order;
  const ended = 'at' in status;
  const progress = await campaigns.progress(id);
  const begun = progress.rows.waiting === 0 ? 0 : await campaigns.startedRows(id);
  return {
    id,
    template,
    format,
    quality,
    asOf,
    metadata,
    createdAt,
    endedAt: ended ? status.at : undefined,
    state: cancelling && !ended ? 'cancelling' : status.state,
    rows: countRows(order, progress, begun),
    clips: progress.clips,
    frames: progress.frames,
    error: status.state === 'failed' ? { code: status.code, message: status.message } : undefined,
  };
}

/** The campaign of an id, or `undefined`: a single render is none. */
export async function findCampaign(
  pipeline: Pick<Pipeline, 'campaigns'>,
  id: string,
): Promise<CampaignReport | undefined> {
  const order = await pipeline.campaigns.find(id);
  return order?.kind === 'campaign' ? reportCampaign(pipeline, order) : undefined;
}

/** Campaigns, newest first, after a cursor that the page before gave. */
export async function listCampaigns(
  pipeline: Pick<Pipeline, 'campaigns'>,
  cursor: string | undefined,
  limit: number,
): Promise<{ readonly campaigns: readonly CampaignReport[]; readonly next: string | undefined }> {
  const page = await pipeline.campaigns.list('campaign', cursor, limit);
  const campaigns: CampaignReport[] = [];
  for (const order of page.orders) campaigns.push(await reportCampaign(pipeline, order));
  return { campaigns, next: page.next };
}
