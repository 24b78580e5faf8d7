import type { Pipeline } from './pipeline.ts';

/**
 * Queues again whatever the ledger says is to be done. Repairs what a crash left between a
 * transaction and its enqueueing; harmless at any time, since a queued job is never queued twice.
 */
export async function reconcile({ ledger, queue }: Pick<Pipeline, 'ledger' | 'queue'>): Promise<void> {
  let after: string | undefined;
  do {
    const page = await ledger.outstanding(after, 1000);
    await queue.add([
      ...page.clips.map(({ key, priority }) => ({
        job: { name: 'render-clip', clip: key } as const,
        priority,
      })),
      ...page.videos.map(({ id, priority }) => ({
        job: { name: 'assemble-video', video: id } as const,
        priority,
      })),
    ]);
    after = page.next;
  } while (after !== undefined);
}
