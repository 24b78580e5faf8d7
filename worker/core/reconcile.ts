import { deliveryJob } from './jobs/deliver-webhook.ts';
import { proofJob } from './jobs/prove-cut.ts';
import { settleCampaigns } from './settle.ts';
import { planJob } from './campaigns.ts';
import type { Pipeline } from './pipeline.ts';

const pageSize = 1000;

/**
 * Queues again all clips, videos and pictures that the tables say are to be made. Repairs what a crash left
 * between a transaction and its enqueueing; harmless at any time, since a queued job is never queued twice.
 */
export async function reconcile({
  renders,
  cuts,
  queue,
}: Pick<Pipeline, 'renders' | 'cuts' | 'queue'>): Promise<void> {
  let after: string | undefined;
  do {
    const page = await renders.outstanding(after, pageSize);
    await queue.add([
      ...page.clips.map(({ key, priority }) => ({
        job: { name: 'render-clip', clip: key } as const,
        priority,
      })),
      ...page.renders.map(({ id, priority }) => ({
        job: { name: 'assemble-video', render: id } as const,
        priority,
      })),
      ...page.pictures.map(({ id, priority }) => ({
        job: { name: 'take-pictures', render: id } as const,
        priority,
      })),
    ]);
    after = page.next;
  } while (after !== undefined);
  await queue.add((await cuts.openProofs(pageSize)).map(proofJob));
}

/** Queues the planning of campaigns that are not planned yet, and ends those that nobody ended. */
export async function resumeCampaigns(pipeline: Pick<Pipeline, 'campaigns' | 'queue'>): Promise<void> {
  const { campaigns, queue } = pipeline;
  let after: string | undefined;
  do {
    const page = await campaigns.unsettled(after, pageSize);
    const planning = page.campaigns.filter(({ status }) => status.state === 'planning');
    await queue.add(planning.map((campaign) => ({ job: planJob(campaign), priority: campaign.priority })));
    const rendering = page.campaigns.filter(({ status }) => status.state === 'rendering');
    await settleCampaigns(
      pipeline,
      rendering.map(({ id }) => id),
    );
    after = page.next;
  } while (after !== undefined);
}

/** How many messages about rows a look queues: with the pause between looks, more a second than rows are rendered. */
const rowMessagesAtOnce = 5_000;

/**
 * Queues webhooks that have not arrived: all of them, or those whose time has come. Of messages about rows there may be
 * very many: those that wait longest get their turn first.
 */
export async function resumeDeliveries(
  { webhooks, queue, clock }: Pick<Pipeline, 'webhooks' | 'queue' | 'clock'>,
  which: 'all' | 'due',
): Promise<void> {
  let after: string | undefined;
  do {
    const page = await webhooks.pending(after, pageSize);
    const additions = page.deliveries.map((delivery) => deliveryJob(delivery, clock.now()));
    await queue.add(which === 'all' ? additions : additions.filter(({ delayMs = 0 }) => delayMs === 0));
    after = page.next;
  } while (after !== undefined);
  const due = await webhooks.dueForRows(rowMessagesAtOnce);
  for (let at = 0; at < due.length; at += pageSize) {
    await queue.add(due.slice(at, at + pageSize).map((delivery) => deliveryJob(delivery, clock.now())));
  }
}
