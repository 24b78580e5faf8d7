import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import type { Template } from '../../video/story/template.ts';
import { checkWebhookTarget } from '../core/check-target.ts';
import { planJob, type Idempotency, type NewCampaign, type Campaign } from '../core/campaigns.ts';
import type { Pipeline } from '../core/pipeline.ts';
import {
  priorityOf,
  checkLinkPlace,
  requestedFormat,
  orderedTemplateOf,
  requestedTemplate,
  requestedGroups,
  suspectsOf,
  findSuspects,
  type PlaceOutcome,
  type RequestOptions,
  type RequestContext,
  type RequestedPriority,
  type RenderOutcome,
  describeInput,
  withCampaignInput,
  type CampaignInput,
  type CampaignRequest,
} from './request.ts';
import { checkBody } from '../../data/check-record.ts';
import type { AnyRecord } from '../../data/record.ts';
import { bindPath, type SessionContext, type Variant } from '../../video/story/bind.ts';
import { chosenPlaythrough } from '../../video/story/playthrough.ts';
import { checkGlyphs } from '../core/check-glyphs.ts';
import { checkLinks } from '../core/check-links.ts';
import { linkOwnerOf, personKey } from '../core/suppression.ts';
import { readSession } from '../viewers/viewer-session.ts';
import { nameFields, type UnknownFields } from '../../data/csv/name-fields.ts';
import type { InputReading } from './input-schema.ts';
import { publishCopy } from '../core/erasure.ts';
import type { Store } from '../core/ports.ts';
import { linkFor } from '../core/viewers.ts';
import { settleCampaigns, tryNow } from '../core/settle.ts';

/** Queues the planning of a campaign. */
async function queuePlanning(
  pipeline: Pick<Pipeline, 'queue' | 'log'>,
  campaign: Pick<NewCampaign, 'id' | 'kind' | 'priority'>,
): Promise<void> {
  await tryNow(pipeline, () => pipeline.queue.add([{ job: planJob(campaign), priority: campaign.priority }]));
}

/** A day in UTC, as ISO `YYYY-MM-DD`. */
const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);

/** Today in UTC, the day that a campaign takes where its request names none. */
export const today = ({ clock }: Pick<Pipeline, 'clock'>): string => dayOf(clock.now());

/** A request whose words are good. */
export interface CheckedRequest {
  readonly template: Template;
  /** Makes a new campaign of it. */
  readonly complete: (
    rows: Pick<NewCampaign, 'kind' | 'source' | 'rows'>,
    usualPriority: RequestedPriority,
  ) => NewCampaign;
}

/**
 * Checks what a client asks for, whatever its source is.
 *
 * @throws BespokeError `template-unknown`, `request-invalid` for a format that the template lacks,
 * `webhook-target-refused`.
 */
function checkRequest(
  { registry, clock }: Pick<Pipeline, 'registry' | 'clock'>,
  request: RequestOptions,
  { webhookOrigins }: RequestContext,
): CheckedRequest {
  const entry = orderedTemplateOf(requestedTemplate(registry, request.template), request);
  const { template } = entry;
  const { webhookUrl, quality = 'standard', metadata = {}, priority } = request;
  const { externalId, linkKey, preview, link } = request;
  const format = requestedFormat(entry, request.format);
  checkLinkPlace(entry, link);
  if (webhookUrl !== undefined) checkWebhookTarget(webhookUrl, webhookOrigins);
  return {
    template,
    complete: (rows, usualPriority) => {
      const id = randomUUID();
      const createdAt = clock.now();
      return {
        id,
        template: template.id,
        format,
        quality,
        priority: priorityOf(priority ?? usualPriority),
        asOf: request.asOf ?? dayOf(createdAt),
        ...rows,
        ...{ externalId, linkKey, preview, link, webhookUrl, metadata, createdAt },
      };
    },
  };
}

/**
 * Records a campaign and queues its planning. Once recorded, it is carried out, whether the queue answers or not.
 *
 * @param asked the client's request as it was sent; a repetition must be equal.
 */
async function place(
  pipeline: Pick<Pipeline, 'campaigns' | 'queue' | 'hmac' | 'log'>,
  campaign: NewCampaign,
  { idempotency }: RequestContext,
  asked: unknown,
): Promise<PlaceOutcome> {
  const placed = await pipeline.campaigns.place(campaign, fingerprintOf(pipeline, idempotency, asked));
  if (placed.outcome === 'placed') await queuePlanning(pipeline, campaign);
  return placed;
}

/** What makes a repetition of a request the same. */
const fingerprintOf = (
  { hmac }: Pick<Pipeline, 'hmac'>,
  idempotency: RequestContext['idempotency'],
  asked: unknown,
): Idempotency | undefined => idempotency && { ...idempotency, fingerprint: hmac('request', asked) };

/** The same for an order that follows another one. @returns `undefined` where that is not the newest any more. */
export async function placeAfter(
  pipeline: Pick<Pipeline, 'campaigns' | 'queue' | 'hmac' | 'log'>,
  campaign: NewCampaign & { readonly linkOwner: string },
  newest: string,
  { idempotency }: RequestContext,
  asked: unknown,
): Promise<PlaceOutcome | undefined> {
  const same = fingerprintOf(pipeline, idempotency, asked);
  const placed = await pipeline.campaigns.placeAfter(campaign, newest, same);
  if (placed?.outcome === 'placed') await queuePlanning(pipeline, campaign);
  return placed;
}

/** One video from one record. */
export interface RenderRequest extends RequestOptions {
  /** Values by field name, as the body holds them. */
  readonly record: AnyRecord;
  /** The operator's id for the customer whom the record is about; kept until they are erased. */
  readonly customerId?: string | undefined;
  /** What is done with values of the record that fill no field. */
  readonly unknownFields?: UnknownFields | undefined;
  /** What the viewer chooses, in order, as `chosenPlaythrough` reads it; unset: the viewer only watches. */
  readonly path?: readonly string[] | undefined;
  /** Of the render that it is a change of; unset: the record decides alone. */
  readonly variant?: Variant | undefined;
}

/** One video of what was watched in a session, which says the template, the record and the day. */
export interface SessionRenderRequest extends Pick<
  RequestOptions,
  'quality' | 'priority' | 'webhookUrl' | 'externalId' | 'metadata'
> {
  readonly session: string;
}

/**
 * Accepts a request for one video: checks all that can be checked without rendering, records the campaign
 * and queues its planning. Images are fetched when it is planned.
 *
 * @throws BespokeError `template-unknown`, `request-invalid` for a format that the template lacks,
 * `webhook-target-refused`, `path-invalid`.
 */
export async function placeRender(
  pipeline: RenderPipeline,
  request: RenderRequest,
  context: RequestContext,
): Promise<RenderOutcome> {
  const { hmac } = pipeline;
  const { customerId, linkKey } = request;
  const person = customerId === undefined ? undefined : personKey(hmac, customerId);
  const linkOwner = linkKey && person && linkOwnerOf(hmac, linkKey, person);
  const checked = await checkRender(pipeline, request, { person, linkOwner }, context);
  return 'issues' in checked ? checked : place(pipeline, checked.campaign, context, request);
}

/** What ordering a render needs. */
export type RenderPipeline = Pick<
  Pipeline,
  'registry' | 'campaigns' | 'people' | 'queue' | 'hmac' | 'clock' | 'log' | 'linkOrigins'
>;

type CheckedRender =
  { readonly campaign: NewCampaign } | Extract<RenderOutcome, { readonly outcome: 'invalid' }>;

/** Checks all that can be checked of a record without rendering, and makes a campaign of it. */
export async function checkRender(
  pipeline: RenderPipeline,
  request: RenderRequest,
  { person, linkOwner }: Pick<NewCampaign, 'person' | 'linkOwner'>,
  context: RequestContext,
): Promise<CheckedRender> {
  const { template, complete } = checkRequest(pipeline, request, context);
  const asOf = request.asOf ?? today(pipeline);
  const record = nameFields(template.record, request.record, request.unknownFields);
  const check = checkBody(template.record, record, asOf);
  if (!check.ok) return { outcome: 'invalid', issues: check.issues };
  const links = checkLinks(template.record, check.record, pipeline.linkOrigins);
  if (links.length > 0) return { outcome: 'invalid', issues: links };
  const glyphs = checkGlyphs(template.record, check.record, template.glyphs);
  if (!glyphs.ok) return { outcome: 'invalid', issues: glyphs.issues };
  const suspects = suspectsOf(request);
  const issues = findSuspects(check.warnings, suspects);
  if (suspects.strict === true && issues.length > 0) return { outcome: 'invalid', issues };

  const { customerId, path, variant } = request;
  if (path !== undefined) checkPath(template, glyphs.record, path, { asOf, variant });
  const erased = person !== undefined && (await pipeline.people.suppressed([person])).has(person);
  // Of someone who was erased nothing is kept: the campaign ends as skipped.
  if (erased) {
    const gone = complete({ kind: 'render', source: { kind: 'erased' }, rows: 1 }, 'normal');
    return { campaign: { ...gone, externalId: undefined, metadata: {} } };
  }
  const { coarser, settings } = request;
  const source = { kind: 'record', record, path, coarser, settings, suspects, variant } as const;
  const campaign = complete({ kind: 'render', source, rows: 1 }, 'normal');
  return { campaign: { ...campaign, person, customerId, linkOwner } };
}

/** @throws BespokeError `path-invalid` where a step of the path cannot be taken. */
function checkPath(
  template: Template,
  record: AnyRecord,
  path: readonly string[],
  context: SessionContext,
): void {
  try {
    bindPath(template, record, {}, context, chosenPlaythrough(path));
  } catch (error) {
    // Planning reports what is wrong with the template, as without a path.
    if (!(error instanceof BespokeError && error.code === 'template-failed')) throw error;
  }
}

/**
 * Accepts a request for the video of what was watched in a session.
 *
 * @throws BespokeError `session-unusable`, `template-unknown`, `webhook-target-refused`.
 */
export async function placeSessionRender(
  pipeline: Pick<
    Pipeline,
    'registry' | 'campaigns' | 'queue' | 'hmac' | 'clock' | 'log' | 'viewers' | 'renders'
  >,
  request: SessionRenderRequest,
  context: RequestContext,
): Promise<PlaceOutcome> {
  const { session, ...asked } = request;
  const watched = await readSession(pipeline, session);
  if (watched.log.length === 0) {
    throw errors.sessionEmpty();
  }
  const { template, format, asOf } = watched.terms;
  const link = linkFor(watched.link, watched.rights);
  const { complete } = checkRequest(pipeline, { ...asked, template, format, asOf, link }, context);
  const source = { kind: 'session', session } as const;
  const campaign: NewCampaign = {
    ...complete({ kind: 'render', source, rows: 1 }, 'normal'),
    person: watched.person,
  };
  return place(pipeline, campaign, context, request);
}

/** Keeps a file of rows; rows behind the limit are not kept, since nothing will read them. @returns its name. */
async function publishInput(
  store: Pick<Store, 'scratch' | 'publish'>,
  { file, hash, fileName }: Pick<CampaignInput, 'file' | 'hash' | 'fileName'>,
  limit: number | undefined,
): Promise<string> {
  if (limit !== undefined) {
    const copy = await publishCopy(store, file, fileName, { limit });
    await rm(file, { force: true });
    return copy;
  }
  const name = `${hash}.csv`;
  await store.publish('inputs', name, file);
  return name;
}

/** What became of a request for a campaign, and how its rows were understood. */
export type CampaignOutcome = PlaceOutcome & { readonly input: InputReading };

/**
 * Accepts a file of rows: finds out that it can be read to its end and fits the template, keeps it, records
 * the campaign and queues its planning. Bad rows do not keep a file from being accepted.
 *
 * @throws BespokeError `template-unknown`; `request-invalid` for a format that the template lacks and for
 * JSON rows that no CSV can hold; `webhook-target-refused`; `csv-*` and `table-*`; what the store throws.
 */
export async function placeCampaign(
  pipeline: Pick<Pipeline, 'registry' | 'campaigns' | 'queue' | 'store' | 'hmac' | 'clock' | 'log'>,
  request: CampaignRequest,
  context: RequestContext,
): Promise<CampaignOutcome> {
  const { store } = pipeline;
  const { source: _source, ...asked } = request;
  const { map, mapping, limit } = asked;
  const { template, complete } = checkRequest(pipeline, request, context);

  return withCampaignInput(
    store,
    template.record,
    request,
    async ({ file, hash, fileName, table, input }) => {
      if (request.linkKey !== undefined && input.idColumn === undefined) throw errors.linkKeyWithoutIds();
      const groups = requestedGroups(template, request, { hash, input });
      const rows = await input.countRows();
      const stored = await publishInput(store, { file, hash, fileName }, limit);
      const source = {
        kind: 'csv',
        file: stored,
        fileName,
        map: map ?? [],
        mapping,
        idColumn: input.idColumn ?? null,
        conventions: input.conventions,
        coarser: asked.coarser,
        settings: asked.settings,
        suspects: suspectsOf(asked),
        ...groups,
      } as const;
      const { rowEvents, viewerEvents } = request;
      const campaign = { ...complete({ kind: 'campaign', source, rows }, 'batch'), rowEvents, viewerEvents };
      const sent = request.source.kind === 'csv' ? request.source.hash : hash;
      const placed = await place(pipeline, campaign, context, { ...asked, hash: sent });
      return { ...placed, input: describeInput(fileName, table, input) };
    },
  );
}

/**
 * Asks for the end of a campaign: its rows that have not ended are cancelled at once, rows that are planned
 * later too. Workers give up clips that nobody waits for any more and continue those that others need.
 * A campaign that has ended stays as it is.
 *
 * @returns the campaign as it is then, or `undefined` when there is none of this kind and id.
 */
export async function cancelCampaign(
  pipeline: Pick<Pipeline, 'campaigns' | 'queue' | 'log'>,
  kind: Campaign['kind'],
  id: string,
): Promise<Campaign | undefined> {
  const campaign = await pipeline.campaigns.find(id);
  if (campaign?.kind !== kind) return undefined;
  if ('at' in campaign.status) return campaign;
  await pipeline.campaigns.cancel(id);
  await tryNow(pipeline, () => settleCampaigns(pipeline, [id]));
  return pipeline.campaigns.find(id);
}

/**
 * Retries a render that has failed or was cancelled: a single one, or a row of a campaign that has ended. Any other
 * render stays as it is.
 *
 * @returns whether there is such a render.
 * @throws BespokeError `campaign-unfinished`.
 */
export async function retryRender(
  pipeline: Pick<Pipeline, 'campaigns' | 'renders' | 'queue' | 'log'>,
  id: string,
): Promise<boolean> {
  const entry = await pipeline.renders.find(id);
  const campaign = await pipeline.campaigns.find(entry?.campaign ?? id);
  if (campaign === undefined || (entry === undefined && campaign.kind === 'campaign')) return false;
  if (entry !== undefined && entry.status.state !== 'failed' && entry.status.state !== 'cancelled')
    return true;
  if (!('at' in campaign.status)) throw errors.campaignUnfinished();
  const rows = await pipeline.campaigns.retry(campaign.id, id);
  if (rows > 0) await queuePlanning(pipeline, campaign);
  return true;
}

/**
 * Retries the failed rows of a campaign that has ended; all others stay as they are.
 *
 * @returns how many rows are made again, or `undefined` when there is no such campaign.
 * @throws BespokeError `campaign-unfinished`.
 */
export async function retryCampaign(
  pipeline: Pick<Pipeline, 'campaigns' | 'queue' | 'log'>,
  id: string,
): Promise<number | undefined> {
  const campaign = await pipeline.campaigns.find(id);
  if (campaign?.kind !== 'campaign') return undefined;
  if (!('at' in campaign.status)) {
    throw errors.campaignUnfinished();
  }
  const rows = await pipeline.campaigns.retry(id);
  if (rows > 0) await queuePlanning(pipeline, campaign);
  return rows;
}
