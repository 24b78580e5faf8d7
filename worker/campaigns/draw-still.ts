import { setTimeout as sleep } from 'node:timers/promises';
import type { FieldIssue } from '../../data/record.ts';
import { hasCode } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import type { Template } from '../../video/story/template.ts';
import { type Pipeline, priorities } from '../core/pipeline.ts';
import { stillFile, type StillDraft } from '../core/stills.ts';
import { personKey } from '../core/suppression.ts';
import { checkRender, type RenderRequest } from './place.ts';
import { requestedTemplate } from './request.ts';

/** A picture of a record before it is rendered. */
export interface RecordStill extends Omit<
  RenderRequest,
  'priority' | 'webhookUrl' | 'metadata' | 'externalId' | 'linkKey' | 'preview' | 'coarser' | 'settings'
> {
  readonly scene?: string | undefined;
}

/** A picture of a render, or of a row of a campaign, whether its video is made or not. */
export interface RenderStill {
  readonly of: { readonly render: string } | { readonly campaign: string; readonly row: number };
  readonly scene?: string | undefined;
}

/** What became of a request for a picture. */
export type StillOutcome =
  /** A PNG on this machine. */
  | { readonly outcome: 'drawn'; readonly file: string }
  /** Not yet: the same request continues to wait for it. */
  | { readonly outcome: 'drawing' }
  | { readonly outcome: 'invalid'; readonly issues: readonly FieldIssue[] };

type StillPipeline = Pick<
  Pipeline,
  | 'registry'
  | 'campaigns'
  | 'renders'
  | 'people'
  | 'stills'
  | 'queue'
  | 'store'
  | 'hmac'
  | 'clock'
  | 'log'
  | 'linkOrigins'
>;

/** So many pictures may wait at a time; a worker draws one at a time. */
const mostWaiting = 100;
const lookMs = 100;

type Asked = Omit<StillDraft, 'id'>;

/** @throws BespokeError `still-failed` for a scene that the template lacks. */
function checkScene(template: Template, scene: string | undefined): void {
  if (scene === undefined || Object.hasOwn(template.scenes, scene)) return;
  const nodes = Object.keys(template.story.nodes);
  if (nodes.includes(scene)) return;
  throw errors.sceneUnknown({ scene, known: Object.keys(template.scenes) });
}

/** Waits for a picture, which a worker draws. */
async function awaitStill(
  pipeline: StillPipeline,
  asked: Asked,
  patienceMs: number,
  signal: AbortSignal,
): Promise<StillOutcome> {
  const { stills, queue, store, hmac, clock } = pipeline;
  const draft: StillDraft = { id: hmac('still', asked), ...asked };
  const until = clock.now().getTime() + patienceMs;
  if (!(await stills.want(draft, mostWaiting))) throw errors.tooManyStills();
  for (let queued = false; ;) {
    const status = (await stills.find(draft.id))?.status;
    if (status === undefined) return { outcome: 'drawing' };
    if (status.state === 'failed') throw errors.stillFailed(status);
    if (status.state === 'stored') {
      try {
        return { outcome: 'drawn', file: await store.fetch('stills', stillFile(draft.id)) };
      } catch (error) {
        if (!hasCode(error, 'stored-file-missing')) throw error;
        await stills.lose(draft.id);
        continue;
      }
    }
    if (!queued) {
      await queue.add([{ job: { name: 'draw-still', still: draft.id }, priority: priorities.single }]);
      queued = true;
    }
    if (signal.aborted || clock.now().getTime() >= until) return { outcome: 'drawing' };
    await sleep(lookMs, undefined, { signal }).catch(() => undefined);
  }
}

/**
 * Draws a record that was not ordered. All that can be checked without rendering is checked, as for an order.
 *
 * @throws BespokeError what `placeRender` throws; `person-erased`;
 * `still-failed`; `stills-waiting`.
 */
export async function drawRecord(
  pipeline: StillPipeline,
  { scene, ...request }: RecordStill,
  patienceMs: number,
  signal: AbortSignal,
): Promise<StillOutcome> {
  const { customerId } = request;
  const person = customerId === undefined ? undefined : personKey(pipeline.hmac, customerId);
  const nobody = { linkOwner: undefined };
  const checked = await checkRender(pipeline, request, { person, ...nobody }, { webhookOrigins: [] });
  if ('issues' in checked) return checked;
  const { template, format, quality, asOf, source } = checked.campaign;
  if (source.kind !== 'record') throw errors.customerErased();
  checkScene(requestedTemplate(pipeline.registry, template).template, scene);
  const { record, path } = source;
  const asked = { template, format, quality, asOf, record, path, scene, person };
  return awaitStill(pipeline, { ...asked, images: undefined, render: undefined }, patienceMs, signal);
}

/**
 * Draws a render as it was planned, with what its viewer changed.
 *
 * @returns `undefined` where there is no such render or row.
 * @throws BespokeError `render-unplanned`; `record-unknown` for a row that was
 * refused, deleted or erased; `still-failed`; `stills-waiting`.
 */
export async function drawRender(
  pipeline: StillPipeline,
  { of, scene }: RenderStill,
  patienceMs: number,
  signal: AbortSignal,
): Promise<StillOutcome | undefined> {
  const { campaigns, renders, registry } = pipeline;
  const campaign = await campaigns.find('render' in of ? of.render : of.campaign);
  const [entry] =
    'render' in of
      ? [await renders.find(of.render)]
      : (await renders.list(of.campaign, of.row - 1, 1)).filter(({ row }) => row === of.row);
  if (entry === undefined) {
    // Its campaign may come to it yet.
    const isComing = 'render' in of ? campaign?.kind === 'render' : of.row <= (campaign?.rows ?? 0);
    if (isComing && campaign?.status.state === 'planning') throw errors.renderUnplanned();
    return undefined;
  }
  const order = await campaigns.find(entry.campaign);
  const source = await renders.source(entry.shown?.id ?? entry.id);
  if (order === undefined || source === undefined || order.source.kind === 'session') {
    throw errors.recordUnknown();
  }
  const { template, format, asOf } = source.terms;
  checkScene(requestedTemplate(registry, template).template, scene);
  const path = order.source.kind === 'record' ? order.source.path : undefined;
  const { record, images } = source;
  const asked = { template, format, quality: order.quality, asOf, record, images, path, scene };
  return awaitStill(pipeline, { ...asked, person: entry.person, render: entry.id }, patienceMs, signal);
}
