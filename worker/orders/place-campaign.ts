import { randomUUID } from 'node:crypto';
import { checkWebhookTarget } from '../adapters/outbound/check-webhook-target.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { withCampaignSource, type CampaignRequest } from './campaign-source.ts';
import {
  priorityOf,
  requestedFormat,
  requestedTemplate,
  type OrderOutcome,
  type RequestCircumstances,
} from './order-request.ts';
import { placeOrder } from './place-order.ts';

/**
 * Accepts a file of rows: finds out that it can be read to its end and fits the template, keeps it, records
 * the order and queues its planning. Bad rows do not keep a file from being accepted.
 *
 * @throws BespokeError `template-unknown`; `request-invalid` for a format that the template lacks and for
 * JSON rows that no CSV can hold; `webhook-target-refused`; `csv-not-text`, `csv-encoding`, `csv-empty`,
 * `csv-columns`, `csv-quotes`; what the store throws.
 */
export async function placeCampaign(
  pipeline: Pick<Pipeline, 'registry' | 'orders' | 'queue' | 'store' | 'keyring' | 'clock' | 'log'>,
  request: CampaignRequest,
  circumstances: RequestCircumstances,
): Promise<OrderOutcome> {
  const { registry, store, clock } = pipeline;
  const entry = requestedTemplate(registry, request.template);
  const { template } = entry;
  const format = requestedFormat(entry, request.format);
  const { source: _source, ...asked } = request;
  const { webhookUrl, map, idColumn } = asked;
  if (webhookUrl !== undefined) checkWebhookTarget(webhookUrl, circumstances.webhookOrigins);

  return withCampaignSource(store, template.record, request, async ({ file, hash, fileName, input }) => {
    const rows = await input.countRows();
    const name = `${hash}.csv`;
    await store.publish('inputs', name, file);
    const id = randomUUID();
    const createdAt = clock.now();
    return placeOrder(
      pipeline,
      {
        id,
        identity: `order ${id}`,
        kind: 'campaign',
        template: template.id,
        format,
        quality: asked.quality ?? 'standard',
        priority: priorityOf(asked.priority ?? 'batch'),
        asOf: asked.asOf ?? createdAt.toISOString().slice(0, 10),
        source: { kind: 'csv', file: name, fileName, map: map ?? [], idColumn },
        rows,
        webhookUrl,
        metadata: asked.metadata ?? {},
        createdAt,
      },
      circumstances,
      { ...asked, hash },
    );
  });
}
