import type { RowsEnded } from '../video.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Metrics } from '../ports.ts';
import { queueWebhooks } from '../queue-webhooks.ts';
import { settleRemakes } from '../settle-remakes.ts';

/**
 * Ends those of these orders whose last row has ended, and queues the webhooks that this owes. To be
 * called after anything that may have ended rows: a clip or video, the planning or cancelling of an
 * order. Campaigns that are no orders are ignored.
 */
export async function settleCampaigns(
  { campaigns, queue }: Pick<Pipeline, 'campaigns' | 'queue'>,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await queueWebhooks({ queue }, await campaigns.settle(ids));
}

/** Counts rows that have ended in one way, and settles the orders that are over with them. */
export async function endRows(
  pipeline: Pick<Pipeline, 'campaigns' | 'queue' | 'metrics' | 'log' | 'viewers'>,
  outcome: Parameters<Metrics['videoEnded']>[0],
  { campaigns, rows, over, remakes }: RowsEnded,
): Promise<void> {
  for (let row = 0; row < rows; row += 1) pipeline.metrics.videoEnded(outcome);
  for (const campaign of campaigns) pipeline.log.info('rows ended', { campaign, outcome });
  await settleCampaigns(pipeline, over);
  if (remakes.length > 0) await settleRemakes(pipeline, remakes);
}
