import { BespokeError } from '../../errors/bespoke-error.ts';
import { createContextReader, type WatchedVideo } from './campaign-context.ts';
import type { CutRecord } from './cuts.ts';
import { type IntakeContext, type PlannedRow, planRow, speakRows } from './intake.ts';
import type { Pipeline } from './pipeline.ts';
import { remember } from './remember.ts';
import { endRows } from './settle.ts';

const pageSize = 100;

/**
 * Plans the renders again that were planned with cuts that were withdrawn: their scenes are whole from now on.
 *
 * @param most renders at a time; unset: all.
 * @param renew is called after each of them.
 */
export type ReplanWithdrawn = (signal: AbortSignal, most?: number, renew?: () => void) => Promise<void>;

/** @param readWatched reads what was watched in a viewer's session. */
export function createReplanWithdrawn(
  pipeline: Pipeline,
  readWatched: (session: string) => Promise<WatchedVideo>,
): ReplanWithdrawn {
  const { campaigns, cuts, queue, renders, log } = pipeline;
  const readContext = createContextReader(pipeline);

  async function contextOf(id: string): Promise<IntakeContext | undefined> {
    const campaign = await campaigns.find(id);
    if (campaign === undefined) return undefined;
    const { source } = campaign;
    return readContext(campaign, source.kind === 'session' ? await readWatched(source.session) : undefined);
  }

  /** @returns whether it was planned again. */
  async function replan(id: string, context: IntakeContext, signal: AbortSignal): Promise<boolean> {
    const [render, source] = await Promise.all([renders.find(id), renders.source(id)]);
    if (render === undefined || source === undefined) return false;
    const { record, images } = source;
    const { row, person } = render;
    const unspoken = (await speakRows(context, [{ row, person, record, images }], signal)).get(row);
    // It is tried again.
    if (unspoken?.retryable === true) throw unspoken;
    const { plan, clips }: PlannedRow =
      unspoken === undefined
        ? planRow(pipeline, context, render, { record, images })
        : { plan: { state: 'failed', code: unspoken.code, message: unspoken.message }, clips: [] };
    const { terms } = context.plannerFor(person);
    const replanned = await renders.replan(
      id,
      source.terms.id,
      { plan, source: { terms, record, images } },
      clips,
    );
    if (replanned === undefined) return false;
    const { priority } = render;
    await queue.add([
      ...replanned.clips.map((clip) => ({ job: { name: 'render-clip', clip } as const, priority })),
      ...(replanned.ready ? [{ job: { name: 'assemble-video', render: id } as const, priority }] : []),
    ]);
    await endRows(pipeline, 'failed', replanned.ended);
    return true;
  }

  async function replanAll(
    { id: cut, template, scene }: CutRecord,
    signal: AbortSignal,
    most: number,
    renew: () => void,
  ): Promise<number> {
    if (most <= 0) return 0;
    const contexts = new Map<string, Promise<IntakeContext | undefined>>();
    let [after, looked, made] = ['', 0, 0];
    const failed: string[] = [];
    while (made < most) {
      const page = await cuts.touched(cut, after, Math.min(pageSize, most - made));
      for (const { render, campaign } of page) {
        signal.throwIfAborted();
        try {
          const context = await remember(contexts, campaign, () => contextOf(campaign));
          if (context !== undefined && (await replan(render, context, signal))) made += 1;
        } catch (error) {
          // Others are planned again all the same, and this one is tried again.
          if (!(error instanceof BespokeError) || error.retryable) throw error;
          failed.push(error.code);
        }
        after = render;
        renew();
      }
      looked += page.length;
      if (page.length === 0) break;
    }
    if (looked === 0) await cuts.settle(cut);
    const [code] = failed;
    if (code !== undefined)
      log.warn('renders cannot be made again without a cut', {
        ...{ template, scene, renders: failed.length, code },
      });
    if (made > 0) log.info('renders are made again without a cut', { template, scene, renders: made });
    return made;
  }

  return async (signal, most = Infinity, renew = () => undefined) => {
    let left = most;
    for (const cut of await cuts.unsettled()) left -= await replanAll(cut, signal, left, renew);
  };
}
