import { checkBody } from '../../data/check-record.ts';
import type { AnyRecord } from '../../data/record.ts';
import { checkGlyphs } from '../core/check-glyphs.ts';
import type { Order } from '../core/orders.ts';
import { personKey } from '../core/person-key.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { OrderRequest, RenderOutcome, RequestCircumstances } from './order-request.ts';
import { checkOrderRequest, placeOrder } from './place-order.ts';

/** One video from one record. */
export interface RenderRequest extends OrderRequest {
  /** Values by field name, as the body holds them. */
  readonly record: AnyRecord;
  /** The operator's id for the customer whom the record is about; an HMAC of it is kept. */
  readonly customerId?: string | undefined;
}

/**
 * Accepts a request for one video: checks all that can be checked without rendering, records the order
 * and queues its planning. Images are fetched when it is planned.
 *
 * @throws BespokeError `template-unknown`, `request-invalid` for a format that the template lacks,
 * `webhook-target-refused`.
 */
export async function placeRender(
  pipeline: Pick<Pipeline, 'registry' | 'orders' | 'people' | 'queue' | 'keyring' | 'clock' | 'log'>,
  request: RenderRequest,
  circumstances: RequestCircumstances,
): Promise<RenderOutcome> {
  const { template, complete } = checkOrderRequest(pipeline, request, circumstances);
  const check = checkBody(template.record, request.record);
  if (!check.ok) return { outcome: 'invalid', issues: check.issues };
  const glyphs = checkGlyphs(template.record, check.record, template.glyphs);
  if (!glyphs.ok) return { outcome: 'invalid', issues: glyphs.issues };

  const { record, customerId } = request;
  const person = customerId === undefined ? undefined : personKey(pipeline.keyring, customerId);
  const erased = person !== undefined && (await pipeline.people.erased([person])).has(person);
  // Of somebody who was erased nothing is kept: the order ends as skipped.
  const order: Order = erased
    ? { ...complete({ kind: 'render', source: { kind: 'erased' }, rows: 1 }, 'normal'), metadata: {} }
    : { ...complete({ kind: 'render', source: { kind: 'record', record }, rows: 1 }, 'normal'), person };
  return placeOrder(pipeline, order, circumstances, request);
}
