import { settleCampaigns } from '../core/jobs/end-rows.ts';
import type { OrderEntry } from '../core/campaigns.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { tryNow } from './place-order.ts';

/**
 * Asks for the end of an order: its rows that have not ended are cancelled at once, rows that are planned
 * later too. Workers give up clips that nobody waits for any more and go on with those that others need.
 * An order that has ended stays as it is.
 *
 * @returns the order as it is then, or `undefined` when there is none of this kind and id.
 */
export async function cancelOrder(
  pipeline: Pick<Pipeline, 'campaigns' | 'queue' | 'log'>,
  kind: OrderEntry['kind'],
  id: string,
): Promise<OrderEntry | undefined> {
  const order = await pipeline.campaigns.find(id);
  if (order?.kind !== kind) return undefined;
  if ('at' in order.status) return order;
  await pipeline.campaigns.cancel(id);
  await tryNow(pipeline, () => settleCampaigns(pipeline, [id]));
  return pipeline.campaigns.find(id);
}
