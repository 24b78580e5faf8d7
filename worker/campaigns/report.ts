import { createHash } from 'node:crypto';
import { errorCatalogue } from '../../errors/catalogue.ts';
import { errors } from '../../errors/messages.ts';
import { findTemplate, type Registry } from '../../video/story/registry.ts';
import type { Campaign, CampaignProgress } from '../core/campaigns.ts';
import type { Hmac } from '../core/hmac.ts';
import { slowScenes } from './slow-scenes.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { RenderStatus } from '../core/render-schema.ts';
import { type Render, type RenderState, renderStatus } from '../core/renders.ts';
import { type LinkOptions, linksExpireAt, renderLinks } from './links.ts';
import type { CampaignReport, RenderReport } from './report-schema.ts';

type RowCounts = CampaignReport['rows'];

/** What becomes of rows that are not recorded yet, or never will be. */
function unrecordedState({ status, cancelling }: Campaign): 'queued' | 'cancelled' | 'failed' {
  if (status.state === 'failed') return 'failed';
  // Rows that are recorded after the cancellation are cancelled at once.
  return cancelling || status.state === 'cancelled' ? 'cancelled' : 'queued';
}

/** Counts every accepted row exactly once. */
function countRows(campaign: Campaign, { rows, started }: CampaignProgress): RowCounts {
  const recorded = Object.values(rows).reduce((sum, count) => sum + count, 0);
  // One with a remake that does not wait is not among those that wait.
  const waitingStarted = Math.min(started, rows.waiting);
  const counts: Record<RenderStatus['state'], number> = {
    queued: rows.waiting - waitingStarted,
    rendering: rows.ready + waitingStarted,
    done: rows.done,
    failed: rows.failed,
    skipped: rows.skipped,
    cancelled: rows.cancelled,
  };
  counts[unrecordedState(campaign)] += Math.max(0, campaign.rows - recorded);
  return { total: Math.max(campaign.rows, recorded), ...counts };
}

function reportCampaign(campaign: Campaign, progress: CampaignProgress, publicUrl: string): CampaignReport {
  const { id, template, format, quality, asOf, metadata, createdAt, status, cancelling } = campaign;
  const ended = 'at' in status;
  const self = `${publicUrl}/v1/campaigns/${id}`;
  return {
    id,
    template,
    format,
    quality,
    asOf,
    state: cancelling && !ended ? 'cancelling' : status.state,
    rows: countRows(campaign, progress),
    clips: progress.clips,
    frames: progress.frames,
    error: status.state === 'failed' ? { code: status.code, message: status.message } : undefined,
    links: {
      self,
      events: `${self}/events`,
      rows: `${self}/rows`,
      results: `${self}/results.csv`,
      failed: `${self}/failed.csv`,
    },
    externalId: campaign.externalId,
    ...('coarser' in campaign.source && campaign.source.coarser && { coarser: [...campaign.source.coarser] }),
    ...('settings' in campaign.source && campaign.source.settings && { settings: campaign.source.settings }),
    linkKey: campaign.linkKey,
    link: campaign.link,
    metadata,
    createdAt: createdAt.toISOString(),
    endedAt: ended ? status.at.toISOString() : undefined,
  };
}

/** Campaigns with how far they are, in one read. */
async function reportCampaigns(
  { campaigns: table }: Pick<Pipeline, 'campaigns'>,
  campaigns: readonly Campaign[],
  publicUrl: string,
): Promise<CampaignReport[]> {
  const progress = await table.progress(campaigns.map(({ id }) => id));
  return campaigns.flatMap((campaign, index) => {
    const each = progress[index];
    return each === undefined ? [] : [reportCampaign(campaign, each, publicUrl)];
  });
}

/** How far the cuts of a campaign's scenes are proven; `undefined` if no scene of its template is cut. */
async function proofsOf(
  { cuts, registry }: Pick<Pipeline, 'cuts' | 'registry'>,
  { id, template }: Campaign,
): Promise<CampaignReport['proofs']> {
  if (findTemplate(registry, template)?.template.cuts === undefined) return undefined;
  const { proven, open, touched, withdrawn } = await cuts.ofCampaign(id);
  return { proven, open: open + touched, withdrawn: [...withdrawn] };
}

/** The campaign with an id; `undefined` for a single render. */
export async function findCampaign(
  pipeline: Pick<Pipeline, 'campaigns' | 'cuts' | 'queue' | 'clips' | 'clock' | 'registry'>,
  id: string,
  { publicUrl }: Pick<LinkOptions, 'publicUrl'>,
): Promise<CampaignReport | undefined> {
  const campaign = await pipeline.campaigns.find(id);
  if (campaign?.kind !== 'campaign') return undefined;
  const [reported] = await reportCampaigns(pipeline, [campaign], publicUrl);
  if (reported === undefined) return undefined;
  const report = { ...reported, proofs: await proofsOf(pipeline, campaign) };
  if (report.endedAt !== undefined) return report;
  const slow = await slowScenes(pipeline, { campaign: id });
  return slow.length === 0 ? report : { ...report, slow: [...slow] };
}

/** Campaigns, newest first, after a cursor that the page before gave. */
export async function listCampaigns(
  pipeline: Pick<Pipeline, 'campaigns'>,
  cursor: string | undefined,
  limit: number,
  { publicUrl }: Pick<LinkOptions, 'publicUrl'>,
): Promise<{ readonly campaigns: CampaignReport[]; readonly next: string | undefined }> {
  const page = await pipeline.campaigns.list('campaign', cursor, limit);
  return { campaigns: await reportCampaigns(pipeline, page.campaigns, publicUrl), next: page.next };
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

const endOf = ({ status }: Campaign): Date | undefined => ('at' in status ? status.at : undefined);

/** Names what the links of a render lead to. */
function contentOf(hmac: Hmac, { key, shown }: Render): string | undefined {
  const name = key ?? shown?.key;
  return name && hmac('content', name);
}

/** @param entry `undefined` while the campaign's only row is not recorded. */
export function reportRender(
  { registry, hmac, clock }: ReportPipeline,
  campaign: Campaign,
  entry: Render | undefined,
  terms: LinkOptions,
): RenderReport {
  const { template, format, quality, metadata, createdAt } = campaign;
  const id = entry?.id ?? campaign.id;
  const self = `${terms.publicUrl}/v1/renders/${id}`;
  const links = entry && renderLinks(hmac, entry, terms, clock.now());
  const endedAt = entry === undefined ? endOf(campaign) : entry.endedAt;
  return {
    id,
    template,
    format,
    quality,
    status: entry === undefined ? unplannedStatus(campaign) : renderStatus(entry, fpsOf(registry, template)),
    links: { self, events: `${self}/events`, ...links },
    content: links && contentOf(hmac, entry),
    replacedBy: entry?.shown?.id,
    externalId: campaign.externalId,
    linkKey: campaign.linkKey,
    link: campaign.link,
    customerId: entry === undefined ? campaign.customerId : entry.customerId,
    segments: entry?.segments && [...entry.segments],
    variant: entry?.variant,
    linksExpireAt: links && linksExpireAt(entry, terms.linkDays)?.toISOString(),
    campaign:
      entry === undefined || campaign.kind === 'render'
        ? undefined
        : { id: campaign.id, row: entry.row, fileName: entry.fileName },
    metadata,
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString(),
  };
}

/**
 * Finds a render by its id: one that was ordered by itself, whether its row is recorded yet or not, or a
 * row of a campaign that was ordered.
 */
export async function findRender(
  pipeline: ReportPipeline & Pick<Pipeline, 'renders' | 'campaigns' | 'queue' | 'clips'>,
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
  const report = reportRender(pipeline, campaign, entry, terms);
  const { status } = report;
  if (status.state !== 'queued' && status.state !== 'rendering') return report;
  const slow = await slowScenes(pipeline, { render: report.id });
  return slow.length === 0 ? report : { ...report, status: { ...status, slow: [...slow] } };
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
  readonly rows: RenderReport[];
  /** `undefined` where no more rows are recorded. */
  readonly next: string | undefined;
}

/** The states of the tables that are reported as this one. */
export const recordedStates: Readonly<Record<RenderStatus['state'], readonly RenderState['state'][]>> = {
  queued: ['waiting'],
  rendering: ['waiting', 'ready'],
  done: ['done'],
  failed: ['failed'],
  skipped: ['skipped'],
  cancelled: ['cancelled'],
};

/** A page is short rather than reading more rows than this. */
export const mostRead = 5_000;
const readAtOnce = 1_000;

/** How many rows to read at a time: whether one that waits is queued or rendering shows only after reading it. */
export function readSize(states: readonly RenderStatus['state'][] | undefined, limit: number): number {
  const exact = states === undefined || states.includes('queued') === states.includes('rendering');
  return exact ? limit : readAtOnce;
}

/** @throws BespokeError `request-invalid`. */
export function parseCursor(cursor: string | undefined): number {
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
  const size = readSize(states, limit);
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
  const { status } = data;
  // Pictures that are still coming change it once more.
  const isFinal = status.state !== 'queued' && status.state !== 'rendering';
  return { id: nameOf(data), data, ended: isFinal && !(status.state === 'done' && status.coming.length > 0) };
}

/** The state of a campaign now; `undefined` if no campaign has this id. */
export async function campaignSnapshot(
  pipeline: Parameters<typeof findCampaign>[0],
  id: string,
  options: Pick<LinkOptions, 'publicUrl'>,
): Promise<Snapshot<CampaignReport> | undefined> {
  const data = await findCampaign(pipeline, id, options);
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
 * What a webhook says about a campaign, or about a row of it: what the API says, without anything that a record held.
 *
 * @param options without a public address there are no links.
 * @param row the id of the row; unset for the campaign itself.
 * @returns `undefined` where there is nothing of this id any more.
 */
export async function webhookData(
  pipeline: Parameters<typeof findRender>[0] & Pick<Pipeline, 'cuts'>,
  campaign: Campaign,
  { publicUrl, linkDays }: { readonly publicUrl: string | undefined; readonly linkDays: number },
  row?: string,
): Promise<unknown> {
  const terms: LinkOptions = { publicUrl: publicUrl ?? '', linkDays };
  if (campaign.kind === 'campaign' && row === undefined) {
    const report = await findCampaign(pipeline, campaign.id, terms);
    if (report === undefined) return undefined;
    const { links: _links, error, ...rest } = report;
    return { ...rest, error: error && { code: error.code } };
  }
  const report = await findRender(pipeline, row ?? campaign.id, terms);
  if (report === undefined) return undefined;
  const { status, links, linksExpireAt: expiresAt, segments: _segments, ...rest } = report;
  const { self: _self, events: _events, ...files } = links;
  return {
    ...rest,
    status: withoutWords(status),
    ...(publicUrl !== undefined && expiresAt !== undefined && { links: files, linksExpireAt: expiresAt }),
  };
}
