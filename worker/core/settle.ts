import { BespokeError } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import type { RowsEnded } from './clips.ts';
import { deliveryJob } from './jobs/deliver-webhook.ts';
import { type Pipeline, priorities } from './pipeline.ts';
import type { Metrics } from './ports.ts';
import { withinTime } from './within-time.ts';

/**
 * Ends those of these campaigns whose last row has ended, and queues the webhooks that this owes. To be called after
 * anything that may have ended rows: a clip or render, the planning or cancelling of a campaign.
 */
export async function settleCampaigns(
  { campaigns, queue }: Pick<Pipeline, 'campaigns' | 'queue'>,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await queueWebhooks({ queue }, await campaigns.settle(ids));
}

/** Counts rows that have ended in one way, and settles the campaigns that are over with them. */
export async function endRows(
  pipeline: Pick<Pipeline, 'campaigns' | 'queue' | 'metrics' | 'log' | 'viewers' | 'webhooks' | 'clock'>,
  outcome: Parameters<Metrics['renderEnded']>[0],
  { campaigns, rows, over, remakes, owing = [] }: RowsEnded,
): Promise<void> {
  for (let row = 0; row < rows; row += 1) pipeline.metrics.renderEnded(outcome);
  for (const campaign of campaigns) pipeline.log.info('rows ended', { campaign, outcome });
  await queueRowMessages(pipeline, owing, rows);
  await settleCampaigns(pipeline, over);
  if (remakes.length > 0) await settleRemakes(pipeline, remakes);
}

/**
 * Puts remakes that are done in the places of their renders; failures are reported to the log and to the webhook of
 * the render. To be called after anything that may have ended a remake.
 *
 * @param ids of rows that may be remakes; all where none are given.
 */
export async function settleRemakes(
  { viewers, queue, log }: Pick<Pipeline, 'viewers' | 'queue' | 'log'>,
  ids?: readonly string[],
): Promise<void> {
  const { failed, owed, coming } = await viewers.settleRemakes(ids);
  for (const { render, code } of failed) log.warn('a render could not be made again', { render, code });
  await queueWebhooks({ queue }, owed);
  await queue.add(
    coming.map(({ id, priority }) => ({ job: { name: 'take-pictures', render: id }, priority })),
  );
}

/** More messages about rows than this wait in the tables, and the queue gets them bit by bit. */
const mostUntried = 1_000;
/** Usual for a row, and enough for those that end at the same moment. Workers find what is missing when they look. */
const [messagesOfRow, leastNewest] = [4, 20];

/** Queues the first attempt of messages about rows that have just ended. */
export async function queueRowMessages(
  { webhooks, queue, clock }: Pick<Pipeline, 'webhooks' | 'queue' | 'clock'>,
  campaigns: readonly string[],
  rows: number,
): Promise<void> {
  if (campaigns.length === 0) return;
  const newest = Math.max(leastNewest, messagesOfRow * rows);
  const untried = await webhooks.untriedForRows(campaigns, newest, mostUntried);
  await queue.add(untried.map((delivery) => deliveryJob(delivery, clock.now())));
}

/** Queues the first attempt of webhook messages that are owed. */
export async function queueWebhooks(
  { queue }: Pick<Pipeline, 'queue'>,
  owed: readonly string[],
): Promise<void> {
  await queue.add(
    owed.map((delivery) => ({
      job: { name: 'deliver-webhook', delivery, attempt: 1 } as const,
      priority: priorities.single,
    })),
  );
}

/** A client does not wait for a queue that does not answer: workers queue again what is in the tables. */
const patienceMs = 2_000;

/** Does what workers would do later anyway, and gives up soon if engines do not answer. */
export async function tryNow({ log }: Pick<Pipeline, 'log'>, what: () => Promise<void>): Promise<void> {
  const late = (): Error => errors.partSilent({ part: 'The queue', seconds: patienceMs / 1000 });
  try {
    await withinTime(what(), patienceMs, late);
  } catch (error) {
    log.warn('a job could not be queued now; workers will queue it', {
      code: error instanceof BespokeError ? error.code : 'internal',
    });
  }
}
