import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from '../../errors/bespoke-error.ts';
import { clipFiles } from '../core/clips.ts';
import { priorities, type Pipeline } from '../core/pipeline.ts';

/** How often a clip that is being made is asked after. */
const lookMs = 200;

/** A clip that was waited for. */
export type AwaitedClip =
  | { readonly state: 'stored'; readonly file: string }
  /** Its sound was asked for, and it plays nothing. */
  | { readonly state: 'silent' }
  /** It was not there in time. */
  | { readonly state: 'making' }
  /** It cannot be made, or is not for this viewer. */
  | { readonly state: 'failed' };

/** Demands a clip again that nobody waits for: the viewer's demand may have been forgotten since. */
async function wishAgain({ clips, queue }: Pipeline, key: string, render: string): Promise<void> {
  const [clip] = await clips.find([key]);
  if (clip === undefined) return;
  const wanted = await clips.demand(render, [{ clip, priority: priorities.single }]);
  await queue.add(
    wanted.map(({ key: each, priority }) => ({ job: { name: 'render-clip', clip: each }, priority })),
  );
}

/**
 * The local file of a stored clip. One whose file is gone from the store is to be made again from then on.
 *
 * @returns `undefined` where it is gone.
 */
export async function fetchClip(
  { clips, store, log }: Pick<Pipeline, 'clips' | 'store' | 'log'>,
  key: string,
  what: 'video' | 'playedSound' = 'video',
): Promise<string | undefined> {
  try {
    return await store.fetch('clips', clipFiles(key)[what]);
  } catch (error) {
    if (!hasCode(error, 'stored-file-missing')) throw error;
    log.warn('the file of a stored clip is gone', { clip: key });
    await clips.lose(key);
    return undefined;
  }
}

/**
 * Waits until `patienceMs` have passed, or `signal`, for a clip that the viewer of a render may play.
 *
 * @param what its frames, or what its components play.
 */
export async function awaitClip(
  pipeline: Pipeline,
  key: string,
  what: 'video' | 'playedSound',
  render: string,
  patienceMs: number,
  signal: AbortSignal,
): Promise<AwaitedClip> {
  const { clips, clock } = pipeline;
  const until = clock.now().getTime() + patienceMs;
  for (let asked = false; ;) {
    const state = await clips.stateFor(render, key);
    if (state === 'stored') {
      if (what === 'playedSound' && (await clips.sounding([key])).size === 0) return { state: 'silent' };
      const file = await fetchClip(pipeline, key, what);
      if (file !== undefined) return { state, file };
    } else if (state !== 'wanted') {
      return { state: 'failed' };
    } else {
      if (!asked) await wishAgain(pipeline, key, render);
      asked = true;
      if (signal.aborted || clock.now().getTime() >= until) return { state: 'making' };
      await sleep(lookMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
