import type { Pipeline } from '../core/pipeline.ts';
import {
  describeInput,
  withCampaignSource,
  type CampaignRequest,
  type DescribedInput,
} from './campaign-source.ts';
import type { OrderOutcome, RequestCircumstances } from './order-request.ts';
import { checkOrderRequest, placeOrder } from './place-order.ts';

/** What became of a request for a campaign, and how its rows were understood. */
export type CampaignOutcome = OrderOutcome & { readonly input: DescribedInput };

/**
 * Accepts a file of rows: finds out that it can be read to its end and fits the template, keeps it, records
 * the order and queues its planning. Bad rows do not keep a file from being accepted.
 *
 * @throws BespokeError `template-unknown`; `request-invalid` for a format that the template lacks and for
 * JSON rows that no CSV can hold; `webhook-target-refused`; `csv-not-text`, `csv-encoding`, `csv-empty`,
 * `csv-columns`, `csv-quotes`, `csv-too-wide`; what the store throws.
 */
export async function placeCampaign(
  pipeline: Pick<Pipeline, 'registry' | 'campaigns' | 'queue' | 'store' | 'keyring' | 'clock' | 'log'>,
  request: CampaignRequest,
  circumstances: RequestCircumstances,
): Promise<CampaignOutcome> {
  const { store } = pipeline;
  const { source: _source, ...asked } = request;
  const { map, idColumn, limit } = asked;
  const { template, complete } = checkOrderRequest(pipeline, request, circumstances);

  return withCampaignSource(store, template.record, request, async ({ file, hash, fileName, input }) => {
    const rows = await input.countRows();
    const name = `${hash}.csv`;
    await store.publish('inputs', name, file);
    const source = { kind: 'csv', file: name, fileName, map: map ?? [], idColumn, limit } as const;
    const order = complete({ kind: 'campaign', source, rows }, 'batch');
    const placed = await placeOrder(pipeline, order, circumstances, { ...asked, hash });
    return { ...placed, input: describeInput(fileName, input) };
  });
}
