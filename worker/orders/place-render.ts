import { checkBody } from '../../data/check-body.ts';
import type { AnyRecord } from '../../data/record.ts';
import { checkGlyphs } from '../core/check-glyphs.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { OrderRequest, RenderOutcome, RequestCircumstances } from './order-request.ts';
import { checkOrderRequest, placeOrder } from './place-order.ts';

/** One video from one record. */
export interface RenderRequest extends OrderRequest {
  /** Values by field name, as the body holds them. */
  readonly record: AnyRecord;
}

/**
 * Accepts a request for one video: checks all that can be checked without rendering, records the order
 * and queues its planning. Images are fetched when it is planned.
 *
 * @throws BespokeError `template-unknown`, `request-invalid` for a format that the template lacks,
 * `webhook-target-refused`.
 */
export async function placeRender(
  pipeline: Pick<Pipeline, 'registry' | 'orders' | 'queue' | 'keyring' | 'clock' | 'log'>,
  request: RenderRequest,
  circumstances: RequestCircumstances,
): Promise<RenderOutcome> {
  const { template, complete } = checkOrderRequest(pipeline, request, circumstances);
  const check = checkBody(template.record, request.record);
  if (!check.ok) return { outcome: 'invalid', issues: check.issues };
  const glyphs = checkGlyphs(template.record, check.record, template.glyphs);
  if (!glyphs.ok) return { outcome: 'invalid', issues: glyphs.issues };

  const source = { kind: 'record', record: request.record } as const;
  const order = complete({ kind: 'render', source, rows: 1 }, 'normal');
  return placeOrder(pipeline, order, circumstances, request);
}
