import { priorities, type Pipeline } from './pipeline.ts';

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
