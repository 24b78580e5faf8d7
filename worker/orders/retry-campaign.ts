import { BespokeError } from '../../errors/bespoke-error.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { queuePlanning } from './place-order.ts';

/**
 * Makes the failed rows of a campaign that has ended anew; all others stay as they are.
 *
 * @returns how many rows are made anew, or `undefined` when there is no such campaign.
 * @throws BespokeError `campaign-unfinished`.
 */
export async function retryCampaign(
  pipeline: Pick<Pipeline, 'campaigns' | 'queue' | 'log'>,
  id: string,
): Promise<number | undefined> {
  const order = await pipeline.campaigns.find(id);
  if (order?.kind !== 'campaign') return undefined;
  if (!('at' in order.status)) {
    throw new BespokeError('campaign-unfinished', 'Some rows of the campaign are still open.');
  }
  const rows = await pipeline.campaigns.retry(id);
  if (rows > 0) await queuePlanning(pipeline, order);
  return rows;
}
