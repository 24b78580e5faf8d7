import { errors } from '../../errors/messages.ts';
import { removeErased } from '../core/erasure.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { tryNow } from '../core/settle.ts';
import { cancelCampaign } from './place.ts';

type DeletePipeline = Pick<Pipeline, 'campaigns' | 'renders' | 'people' | 'store' | 'queue' | 'log'>;

/**
 * Cancels a single render that has not ended. Any other render stays as it is.
 *
 * @returns whether there is such a render.
 */
export async function cancelRender(
  pipeline: Pick<Pipeline, 'campaigns' | 'renders' | 'queue' | 'log'>,
  id: string,
): Promise<boolean> {
  if ((await cancelCampaign(pipeline, 'render', id)) !== undefined) return true;
  const entry = await pipeline.renders.find(id);
  if (entry === undefined) return false;
  const { state } = entry.status;
  if (state === 'waiting' || state === 'ready') throw errors.campaignUnfinished();
  return true;
}

/**
 * Deletes the video of a render that is done or has failed, be it a row of a campaign; cancels a single one that has
 * not ended. One that was cancelled stays as it is.
 *
 * @returns whether there is such a render.
 * @throws BespokeError `campaign-unfinished` for a row that has not ended.
 */
export async function deleteRender(pipeline: DeletePipeline, id: string): Promise<boolean> {
  if (!(await pipeline.renders.delete(id))) return cancelRender(pipeline, id);
  pipeline.log.info('render deleted', { render: id });
  // Workers remove what stays.
  await tryNow(pipeline, async () => void (await removeErased(pipeline)));
  return true;
}
