import { randomUUID } from 'node:crypto';
import { checkBody } from '../../data/check-body.ts';
import type { AnyRecord } from '../../data/record.ts';
import { checkWebhookTarget } from '../adapters/outbound/check-webhook-target.ts';
import { checkGlyphs } from '../core/check-glyphs.ts';
import type { Pipeline } from '../core/pipeline.ts';
import {
  priorityOf,
  requestedFormat,
  requestedTemplate,
  type OrderRequest,
  type RenderOutcome,
  type RequestCircumstances,
} from './order-request.ts';
import { placeOrder } from './place-order.ts';

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
  const entry = requestedTemplate(pipeline.registry, request.template);
  const { template } = entry;
  const format = requestedFormat(entry, request.format);
  if (request.webhookUrl !== undefined) checkWebhookTarget(request.webhookUrl, circumstances.webhookOrigins);
  const check = checkBody(template.record, request.record);
  if (!check.ok) return { outcome: 'invalid', issues: check.issues };
  const glyphs = checkGlyphs(template.record, check.record, template.glyphs);
  if (!glyphs.ok) return { outcome: 'invalid', issues: glyphs.issues };

  const id = randomUUID();
  const createdAt = pipeline.clock.now();
  return placeOrder(
    pipeline,
    {
      id,
      identity: `order ${id}`,
      kind: 'render',
      template: template.id,
      format,
      quality: request.quality ?? 'standard',
      priority: priorityOf(request.priority ?? 'normal'),
      asOf: request.asOf ?? createdAt.toISOString().slice(0, 10),
      source: { kind: 'record', record: request.record },
      rows: 1,
      webhookUrl: request.webhookUrl,
      metadata: request.metadata ?? {},
      createdAt,
    },
    circumstances,
    request,
  );
}
