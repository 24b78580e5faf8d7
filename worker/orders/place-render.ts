import { checkBody } from '../../data/check-record.ts';
import type { AnyRecord } from '../../data/record.ts';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { bindPath } from '../../video/story/bind.ts';
import { chosenPlaythrough } from '../../video/story/playthrough.ts';
import type { Template } from '../../video/story/template.ts';
import { checkGlyphs } from '../core/check-glyphs.ts';
import type { Order } from '../core/campaigns.ts';
import { personKey } from '../core/person-key.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { readSession } from '../viewing/watched-walk.ts';
import type { OrderOutcome, OrderRequest, RenderOutcome, RequestCircumstances } from './order-request.ts';
import { checkOrderRequest, placeOrder, today } from './place-order.ts';

/** One video from one record. */
export interface RenderRequest extends OrderRequest {
  /** Values by field name, as the body holds them. */
  readonly record: AnyRecord;
  /** The operator's id for the customer whom the record is about; an HMAC of it is kept. */
  readonly customerId?: string | undefined;
  /** What the viewer chooses, in order, as `chosenPlaythrough` reads it; unset: the viewer only watches. */
  readonly path?: readonly string[] | undefined;
}

/** One video of what was watched in a session, which says the template, the record and the day. */
export interface SessionRenderRequest extends Pick<
  OrderRequest,
  'quality' | 'priority' | 'webhookUrl' | 'metadata'
> {
  readonly session: string;
}

/**
 * Accepts a request for one video: checks all that can be checked without rendering, records the order
 * and queues its planning. Images are fetched when it is planned.
 *
 * @throws BespokeError `template-unknown`, `request-invalid` for a format that the template lacks,
 * `webhook-target-refused`, `path-invalid`.
 */
export async function placeRender(
  pipeline: Pick<Pipeline, 'registry' | 'campaigns' | 'people' | 'queue' | 'keyring' | 'clock' | 'log'>,
  request: RenderRequest,
  circumstances: RequestCircumstances,
): Promise<RenderOutcome> {
  const { template, complete } = checkOrderRequest(pipeline, request, circumstances);
  const check = checkBody(template.record, request.record);
  if (!check.ok) return { outcome: 'invalid', issues: check.issues };
  const glyphs = checkGlyphs(template.record, check.record, template.glyphs);
  if (!glyphs.ok) return { outcome: 'invalid', issues: glyphs.issues };

  const { record, customerId, path } = request;
  if (path !== undefined) checkPath(template, glyphs.record, path, request.asOf ?? today(pipeline));
  const person = customerId === undefined ? undefined : personKey(pipeline.keyring, customerId);
  const erased = person !== undefined && (await pipeline.people.suppressed([person])).has(person);
  // Of somebody who was erased nothing is kept: the order ends as skipped.
  const order: Order = erased
    ? { ...complete({ kind: 'render', source: { kind: 'erased' }, rows: 1 }, 'normal'), metadata: {} }
    : {
        ...complete({ kind: 'render', source: { kind: 'record', record, path }, rows: 1 }, 'normal'),
        person,
      };
  return placeOrder(pipeline, order, circumstances, request);
}

/** @throws BespokeError `path-invalid` where a step of the path cannot be taken. */
function checkPath(template: Template, record: AnyRecord, path: readonly string[], asOf: string): void {
  try {
    bindPath(template, record, {}, { asOf }, chosenPlaythrough(path));
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
    'registry' | 'campaigns' | 'queue' | 'keyring' | 'clock' | 'log' | 'viewers' | 'renders'
  >,
  request: SessionRenderRequest,
  circumstances: RequestCircumstances,
): Promise<OrderOutcome> {
  const { session, ...asked } = request;
  const watched = await readSession(pipeline, session);
  if (watched.log.length === 0) {
    throw new BespokeError('session-unusable', 'Nothing was watched in this session yet.');
  }
  const { template, format, asOf } = watched.terms;
  const { complete } = checkOrderRequest(pipeline, { ...asked, template, format, asOf }, circumstances);
  const source = { kind: 'session', session } as const;
  const order: Order = {
    ...complete({ kind: 'render', source, rows: 1 }, 'normal'),
    person: watched.person,
  };
  return placeOrder(pipeline, order, circumstances, request);
}
