import { type ErrorCode, errorCatalogue } from '../../errors/catalogue.ts';
import type { Format } from '../../video/story/format.ts';
import type { CampaignProgress, Campaign, CampaignState, Quality } from '../core/campaigns.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { type RenderStatus, type Render, renderStatus, type RenderState } from '../core/renders.ts';
import { findTemplate, type Registry } from '../../video/story/registry.ts';
import { linksExpireAt, renderLinks, type LinkOptions, type RenderLinks } from './links.ts';
import { errors } from '../../errors/messages.ts';
import { createHash } from 'node:crypto';

/** Rows by what has become of them; `total`, the rows that were accepted, is always their sum. */
export type RowCounts = Readonly<Record<RenderStatus['state'] | 'total', number>>;

/** What clients see of a campaign. */
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
  /** `cancelling`: its end was requested and has not come yet. */
  readonly state: CampaignState['state'] | 'cancelling';
  readonly rows: RowCounts;
  /** Of the clips that this campaign was the first to want. */
  readonly clips: CampaignProgress['clips'];
  readonly frames: CampaignProgress['frames'];
  /** Why its source could not be used as a whole. */
  readonly error: { readonly code: ErrorCode; readonly message: string } | undefined;
}

/** What becomes of rows that are not recorded yet, or never will be. */
function unrecordedState({ status, cancelling }: Campaign): 'queued' | 'cancelled' | 'failed' {
  if (status.state === 'failed') return 'failed';
  // Rows that are recorded after the cancellation are cancelled at once.
  return cancelling || status.state === 'cancelled' ? 'cancelled' : 'queued';
}

/** Counts every accepted row exactly once. @param begun how many of the waiting rows have some of their clips. */
function countRows(campaign: Campaign, { rows }: Pick<CampaignProgress, 'rows'>, begun: number): RowCounts {
  const recorded = Object.values(rows).reduce((sum, count) => sum + count, 0);
  // Counted a moment later, it may be more than waited before.
  const waitingBegun = Math.min(begun, rows.waiting);
  const counts: Record<RenderStatus['state'], number> = {
    queued: rows.waiting - waitingBegun,
    rendering: rows.ready + waitingBegun,
    done: rows.done,
    failed: rows.failed,
    skipped: rows.skipped,
    cancelled: rows.cancelled,
  };
  counts[unrecordedState(campaign)] += Math.max(0, campaign.rows - recorded);
  return { total: Math.max(campaign.rows, recorded), ...counts };
}

async function reportCampaign(
  { campaigns }: Pick<Pipeline, 'campaigns'>,
  campaign: Campaign,
): Promise<CampaignReport> {
  const { id, template, format, quality, asOf, metadata, createdAt, status, cancelling } = campaign;
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
    rows: countRows(campaign, progress, begun),
    clips: progress.clips,
    frames: progress.frames,
    error: status.state === 'failed' ? { code: status.code, message: status.message } : undefined,
  };
}

/** The campaign with an id; `undefined` for a single render. */
export async function findCampaign(
  pipeline: Pick<Pipeline, 'campaigns'>,
  id: string,
): Promise<CampaignReport | undefined> {
  const campaign = await pipeline.campaigns.find(id);
  return campaign?.kind === 'campaign' ? reportCampaign(pipeline, campaign) : undefined;
}

/** Campaigns, newest first, after a cursor that the page before gave. */
export async function listCampaigns(
  pipeline: Pick<Pipeline, 'campaigns'>,
  cursor: string | undefined,
  limit: number,
): Promise<{ readonly campaigns: readonly CampaignReport[]; readonly next: string | undefined }> {
  const page = await pipeline.campaigns.list('campaign', cursor, limit);
  const campaigns: CampaignReport[] = [];
  for (const campaign of page.campaigns) campaigns.push(await reportCampaign(pipeline, campaign));
  return { campaigns, next: page.next };
}

/** What clients see of one video: a render of its own, or a row of a campaign. */
export interface RenderReport {
  readonly id: string;
  /** The campaign whose row this is, and which row; `undefined` for a render of its own. */
  readonly campaign: { readonly id: string; readonly row: number; readonly fileName: string } | undefined;
  readonly template: string;
  readonly format: Format;
  readonly quality: Quality;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  readonly endedAt: Date | undefined;
  readonly status: RenderStatus;
  /** Names what its files show: equal for equal videos. `undefined` where there are none. */
  readonly content: string | undefined;
  /** Only while there is something to show and its links work. */
  readonly links: RenderLinks | undefined;
  readonly linksExpireAt: Date | undefined;
}

type ReportPipeline = Pick<Pipeline, 'registry' | 'hmac' | 'clock'>;

/** A video's length follows from its frames a second; it is 0 where the template was removed since. */
const fpsOf = (registry: Registry, template: string): number =>
  findTemplate(registry, template)?.template.fps ?? Infinity;

/** What is known of a render whose row is not recorded yet, or never will be. */
function unplannedStatus({ status, cancelling }: Campaign): RenderStatus {
  switch (status.state) {
    case 'failed': {
      const { code, message } = status;
      return { state: 'failed', code, message, retryable: errorCatalogue[code].retryable };
    }
    case 'cancelled':
      return { state: 'cancelled' };
    case 'planning':
    case 'rendering':
    case 'finished':
      // A row that is recorded after the cancellation is cancelled at once.
      return { state: cancelling ? 'cancelled' : 'queued' };
    default:
      return status satisfies never;
  }
}

function endedAtOf({ status }: Campaign): Date | undefined {
  return 'at' in status ? status.at : undefined;
}

/** @param entry `undefined` while the campaign's only row is not recorded. */
function reportRender(
  { registry, hmac, clock }: ReportPipeline,
  campaign: Campaign,
  entry: Render | undefined,
  terms: LinkOptions,
): RenderReport {
  const { template, format, quality, metadata, createdAt } = campaign;
  const common = { template, format, quality, metadata, createdAt };
  if (entry === undefined) {
    return {
      id: campaign.id,
      campaign: undefined,
      ...common,
      endedAt: endedAtOf(campaign),
      status: unplannedStatus(campaign),
      content: undefined,
      links: undefined,
      linksExpireAt: undefined,
    };
  }
  const { id, row, fileName, endedAt } = entry;
  const links = renderLinks(hmac, entry, terms, clock.now());
  return {
    id,
    campaign: campaign.kind === 'render' ? undefined : { id: campaign.id, row, fileName },
    ...common,
    endedAt,
    status: renderStatus(entry, fpsOf(registry, template)),
    content: links && entry.key && hmac('content', entry.key),
    links,
    linksExpireAt: links && linksExpireAt(entry, terms.linkDays),
  };
}

/**
 * Finds a render by its id: one that was ordered by itself, whether its row is recorded yet or not, or a
 * row of a campaign that was ordered.
 */
export async function findRender(
  pipeline: ReportPipeline & Pick<Pipeline, 'renders' | 'campaigns'>,
  id: string,
  terms: LinkOptions,
): Promise<RenderReport | undefined> {
  const { renders, campaigns } = pipeline;
  let entry = await renders.find(id);
  const campaign = await campaigns.find(entry?.campaign ?? id);
  if (campaign === undefined) return undefined;
  if (entry === undefined) {
    if (campaign.kind === 'campaign') return undefined;
    // Its row may have been recorded since we looked.
    if (campaign.status.state !== 'planning') entry = await renders.find(id);
  }
  return reportRender(pipeline, campaign, entry, terms);
}

/** Which rows of a campaign to list. */
export interface RowsQuery {
  /** All where none is given. */
  readonly states?: readonly RenderStatus['state'][] | undefined;
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

/** The states of the tables that are reported as this one. */
const recordedStates: Readonly<Record<RenderStatus['state'], readonly RenderState['state'][]>> = {
  queued: ['waiting'],
  rendering: ['waiting', 'ready'],
  done: ['done'],
  failed: ['failed'],
  skipped: ['skipped'],
  cancelled: ['cancelled'],
};

/** Whether a row that waits is queued or rendering shows only after reading it: so many at a time, and for one page at most. */
const readAtOnce = 1_000;
const mostRead = 5_000;

function parseCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw errors.cursorInvalid();
}

/**
 * Reads a page of a campaign's rows; rows that are not planned yet are not in it.
 *
 * @returns `undefined` when there is no such campaign.
 * @throws BespokeError `request-invalid` for an invalid cursor.
 */
export async function campaignRows(
  pipeline: Pick<Pipeline, 'registry' | 'hmac' | 'clock' | 'renders' | 'campaigns'>,
  id: string,
  { states, cursor, limit }: RowsQuery,
  terms: LinkOptions,
): Promise<RowsPage | undefined> {
  let after = parseCursor(cursor);
  const campaign = await pipeline.campaigns.find(id);
  if (campaign?.kind !== 'campaign') return undefined;
  const wanted = states && [...new Set(states.flatMap((state) => recordedStates[state]))];
  const exact = states === undefined || states.includes('queued') === states.includes('rendering');
  const size = exact ? limit : readAtOnce;
  const rows: RenderReport[] = [];
  for (let read = 0; read < mostRead; read += size) {
    const page = await pipeline.renders.list(id, after, size, wanted);
    for (const entry of page) {
      const report = reportRender(pipeline, campaign, entry, terms);
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
 * @throws BespokeError `request-invalid` for an invalid cursor.
 */
export async function doneCampaignRows(
  pipeline: Pick<Pipeline, 'registry' | 'hmac' | 'clock' | 'renders' | 'campaigns'>,
  id: string,
  { cursor, limit }: Omit<RowsQuery, 'states'>,
  terms: LinkOptions,
): Promise<(RowsPage & { readonly next: string }) | undefined> {
  const after = parseCursor(cursor);
  const campaign = await pipeline.campaigns.find(id);
  if (campaign?.kind !== 'campaign') return undefined;
  const { rows, last } = await pipeline.renders.listDone(id, after, limit);
  return { rows: rows.map((entry) => reportRender(pipeline, campaign, entry, terms)), next: String(last) };
}

/** The state of something at a moment, named so that equal states have equal names. */
export interface Snapshot<T> {
  readonly id: string;
  readonly data: T;
  /** Whether the state is final. */
  readonly ended: boolean;
}

const nameOf = (data: unknown): string =>
  createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 24);

/** The state of a render now; `undefined` if no render has this id. */
export async function renderSnapshot(
  pipeline: Parameters<typeof findRender>[0],
  id: string,
  terms: LinkOptions,
): Promise<Snapshot<RenderReport> | undefined> {
  const data = await findRender(pipeline, id, terms);
  if (data === undefined) return undefined;
  const { state } = data.status;
  return { id: nameOf(data), data, ended: state !== 'queued' && state !== 'rendering' };
}

/** The state of a campaign now; `undefined` if no campaign has this id. */
export async function campaignSnapshot(
  pipeline: Pick<Pipeline, 'campaigns' | 'renders'>,
  id: string,
): Promise<Snapshot<CampaignReport> | undefined> {
  const data = await findCampaign(pipeline, id);
  return data && { id: nameOf(data), data, ended: data.endedAt !== undefined };
}

/** Leaves out sentences: they may repeat what a record held. */
function withoutWords(status: RenderStatus) {
  switch (status.state) {
    case 'done': {
      const { state, durationInSeconds, clipsRendered, clipsReused } = status;
      const warnings = status.warnings.map(({ code, field }) => ({ code, field }));
      return { state, durationInSeconds, clipsRendered, clipsReused, warnings };
    }
    case 'failed':
      return { state: status.state, code: status.code, retryable: status.retryable };
    case 'skipped':
    case 'queued':
    case 'rendering':
    case 'cancelled':
      return status;
    default:
      return status satisfies never;
  }
}

/**
 * What a webhook says about a campaign: what the API says, without anything that a record held.
 *
 * @param options without a public address there are no links.
 */
export async function webhookData(
  pipeline: Parameters<typeof findRender>[0],
  campaign: Campaign,
  { publicUrl, linkDays }: { readonly publicUrl: string | undefined; readonly linkDays: number },
): Promise<unknown> {
  if (campaign.kind === 'campaign') {
    const report = await findCampaign(pipeline, campaign.id);
    return report && { ...report, error: report.error && { code: report.error.code } };
  }
  const terms: LinkOptions = { publicUrl: publicUrl ?? '', linkDays };
  const report = await findRender(pipeline, campaign.id, terms);
  if (report === undefined) return undefined;
  const { status, links, linksExpireAt, ...rest } = report;
  return {
    ...rest,
    status: withoutWords(status),
    ...(publicUrl !== undefined && { links, linksExpireAt }),
  };
}
