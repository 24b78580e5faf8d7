import { setTimeout as sleep } from 'node:timers/promises';
import { priorities, type Pipeline } from '../core/pipeline.ts';

/** How often a clip that is being made is asked after. */
const lookMs = 200;

/** Asks for a clip again that nobody waits for: whoever told of it may have moved on. */
async function wishAgain({ ledger, queue }: Pipeline, key: string, video: string): Promise<void> {
  const [clip] = await ledger.clips([key]);
  if (clip === undefined) return;
  const wanted = await ledger.wish(video, [{ clip, priority: priorities.single }]);
  await queue.add(
    wanted.map(({ key: each, priority }) => ({ job: { name: 'render-clip', clip: each }, priority })),
  );
}

/**
 * Waits for a clip that a viewer of a video was told of.
 *
 * @returns `making` when it is not stored before `patienceMs` or `signal`; `failed` when it cannot be made.
 */
export async function awaitClip(
  pipeline: Pipeline,
  key: string,
  video: string,
  patienceMs: number,
  signal: AbortSignal,
): Promise<'stored' | 'making' | 'failed'> {
  const { ledger, clock } = pipeline;
  const until = clock.now().getTime() + patienceMs;
  for (let asked = false; ; asked = true) {
    const state = (await ledger.clipStates([key])).get(key);
    if (state === 'stored') return 'stored';
    if (state !== 'wanted') return 'failed';
    if (!asked) await wishAgain(pipeline, key, video);
    if (signal.aborted || clock.now().getTime() >= until) return 'making';
    await sleep(lookMs, undefined, { signal }).catch(() => undefined);
  }
}
