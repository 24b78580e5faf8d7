import { setTimeout as sleep } from 'node:timers/promises';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import type { Pipeline } from '../pipeline.ts';
import { removeErased } from '../erasure.ts';
import { settleRemakes } from '../settle.ts';
import { reconcile, resumeDeliveries, resumeCampaigns } from '../reconcile.ts';
import type { ReplanWithdrawn } from '../replan-withdrawn.ts';
import { withinTime } from '../within-time.ts';

const defaultPauseMs = 30_000;
/** A look at all clips and videos may take a fiftieth of the time; the larger the queue, the rarer it is. */
const fullLookPauses = 50;
/** Rows that a look plans again; the job that withdrew a cut plans them all. */
const rowsAtOnce = 500;
/** For how long stopping waits for a look that is under way; engines may be away. */
const stopMs = 3_000;

/** Whether no clip and no video is queued or being made. */
async function isIdle({ queue }: Pipeline): Promise<boolean> {
  const depth = await queue.depth();
  const making = [depth['render-clip'], depth['assemble-video']];
  return making.every(({ waiting, active }) => waiting + active === 0);
}

/** Queues everything that the tables say is to be done. */
export async function catchUp(pipeline: Pipeline): Promise<void> {
  await reconcile(pipeline);
  await resumeCampaigns(pipeline);
  await resumeDeliveries(pipeline, 'all');
}

/**
 * Looks time and again for what other processes' crashes, or a queue that lost jobs, have left undone,
 * and queues it. A look that fails is logged, and the next one comes all the same.
 *
 * @param count brings figures up to date; it is called with each look.
 * @param replan plans again what was planned with cuts that were withdrawn.
 * @returns a stop that resolves when no look is under way any more, or soon after.
 */
export function keepGoing(
  pipeline: Pipeline,
  count: () => Promise<unknown>,
  replan: ReplanWithdrawn,
  pauseMs = defaultPauseMs,
): { readonly stop: () => Promise<void> } {
  const { clock, log } = pipeline;
  const stopping = new AbortController();
  const { signal } = stopping;
  let nextFullLook = 0;

  async function look(): Promise<void> {
    await resumeCampaigns(pipeline);
    if (signal.aborted) return;
    // What viewers did may be owed to webhooks.
    await count();
    if (signal.aborted) return;
    await resumeDeliveries(pipeline, 'due');
    if (signal.aborted) return;
    await settleRemakes(pipeline);
    if (signal.aborted) return;
    await replan(signal, rowsAtOnce);
    if (signal.aborted) return;
    const began = clock.now().getTime();
    if (began >= nextFullLook || (await isIdle(pipeline))) {
      await reconcile(pipeline);
      const now = clock.now().getTime();
      nextFullLook = now + (now - began) * fullLookPauses;
    }
    if (signal.aborted) return;
    await pipeline.stills.forgetOld();
    if (signal.aborted) return;
    await pipeline.clips.forgetUnneededImages();
    if (signal.aborted) return;
    // Last: a store that refuses to remove a file keeps nothing else from being done.
    await removeErased(pipeline);
  }

  async function run(): Promise<void> {
    for (;;) {
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await look();
      } catch (error) {
        if (signal.aborted) return;
        const code = error instanceof BespokeError ? error.code : 'internal';
        log.warn('could not look for lost work', { code });
      }
    }
  }

  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await withinTime(running, stopMs, () => new Error('late')).catch(() => undefined);
    },
  };
}
