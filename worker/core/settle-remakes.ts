import type { Pipeline } from './pipeline.ts';
import { queueWebhooks } from './queue-webhooks.ts';

/**
 * Puts films that were made anew in their places; those that could not be are told to the log, and to the
 * webhook of the render. To be called after anything that may have ended such a row.
 *
 * @param ids of rows that films may be made as; all where none are given.
 */
export async function settleRemakes(
  { viewers, queue, log }: Pick<Pipeline, 'viewers' | 'queue' | 'log'>,
  ids?: readonly string[],
): Promise<void> {
  const { failed, owed, coming } = await viewers.settleRemakes(ids);
  for (const { film, code } of failed) log.warn('a film could not be made anew', { video: film, code });
  await queueWebhooks({ queue }, owed);
  await queue.add(
    coming.map(({ id, priority }) => ({ job: { name: 'take-pictures', video: id }, priority })),
  );
}
