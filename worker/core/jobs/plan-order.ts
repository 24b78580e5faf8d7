import { BespokeError } from '../../../errors/bespoke-error.ts';
import { chosenPlaythrough } from '../../../video/story/playthrough.ts';
import { findTemplate } from '../../../video/story/registry.ts';
import { blankInputRows, sourceChanged } from '../blank-input.ts';
import { chunksOf, takeIn, takeInCancelled, type IntakeContext, type IntakeRow } from '../intake.ts';
import type { OrderEntry } from '../campaigns.ts';
import type { Pipeline } from '../pipeline.ts';
import { rememberTemplateCode } from '../plan-context.ts';
import { createPlanner } from '../plan-video.ts';
import type { JobAttempt, JobHandlers } from '../ports.ts';
import { qualities } from '../quality.ts';
import { removeErased } from '../remove-erased.ts';
import { settleCampaigns } from './end-rows.ts';
import type { Guard } from './guard.ts';
import { openOrderRows, orderVideoId, type WatchedFilm } from './order-rows.ts';
import { traceOf } from './trace-of.ts';
import { whileWanted } from './while-wanted.ts';

/**
 * Records the rows of orders. An order may be planned again and again: rows that are recorded are
 * passed over, so that what a worker left in the middle goes on there.
 *
 * @param readWatched the film of a viewer's session.
 */
export function createPlanOrder(
  pipeline: Pipeline,
  guards: Readonly<Record<'plan-render' | 'plan-campaign', Guard>>,
  readWatched: (session: string) => Promise<WatchedFilm>,
): Pick<JobHandlers, 'plan-render' | 'plan-campaign'> {
  const { registry, keyring, campaigns, people, store, log } = pipeline;
  const templateCode = rememberTemplateCode(pipeline);

  async function contextOf(order: OrderEntry, watched: WatchedFilm | undefined): Promise<IntakeContext> {
    const { template: name, format, asOf, quality, source } = order;
    const entry = findTemplate(registry, name);
    if (entry === undefined) {
      throw new BespokeError('template-unknown', `This worker has no template "${name}".`);
    }
    const { template } = entry;
    const choice = { template, format, asOf, encoding: qualities[quality] };
    const path = source.kind === 'record' ? source.path : undefined;
    const walker = watched?.walker ?? (path && chosenPlaythrough(path));
    return {
      campaign: order,
      template,
      planner: createPlanner({ ...choice, ...(await templateCode(entry)) }, keyring, walker),
      priority: order.priority,
      videoId: (row) => orderVideoId(keyring, order, row),
    };
  }

  /** What an order's rows are to become now: it may be cancelled, or end, while it is planned. */
  async function wantedOf(id: string): Promise<'videos' | 'cancelled' | 'nothing'> {
    const now = await campaigns.find(id);
    if (now?.status.state !== 'planning') return 'nothing';
    return now.cancelling ? 'cancelled' : 'videos';
  }

  /** @returns whether the rows are recorded; not where the order ended meanwhile. */
  async function recordChunk(
    context: IntakeContext,
    rows: readonly IntakeRow[],
    signal: AbortSignal,
  ): Promise<boolean> {
    const { id } = context.campaign;
    for (;;) {
      signal.throwIfAborted();
      const wanted = await wantedOf(id);
      if (wanted === 'nothing') return false;
      if (wanted === 'cancelled') {
        await takeInCancelled(pipeline, context, rows);
        return true;
      }
      const taken = await whileWanted(
        async () => (await wantedOf(id)) === 'videos',
        signal,
        async (within) => {
          await takeIn(pipeline, context, rows, within);
          return true;
        },
      );
      if (taken !== undefined) return taken;
    }
  }

  /** @returns whether all rows are recorded; not where the order ended meanwhile. */
  async function recordRows(order: OrderEntry, signal: AbortSignal, renew: () => void): Promise<boolean> {
    const { source } = order;
    const watched = source.kind === 'session' ? await readWatched(source.session) : undefined;
    const context = await contextOf(order, watched);
    const rows = await openOrderRows(store, order, context.template.record, watched);
    for await (const chunk of chunksOf(rows())) {
      if (!(await recordChunk(context, chunk, signal))) return false;
      renew();
    }
    return true;
  }

  /** The same, where the order's file is exchanged meanwhile for one without somebody who was erased. */
  async function recordAllRows(order: OrderEntry, signal: AbortSignal, renew: () => void): Promise<boolean> {
    try {
      return await recordRows(order, signal, renew);
    } catch (error) {
      if (signal.aborted || !(await sourceChanged(pipeline, order))) throw error;
      const now = await campaigns.find(order.id);
      return now === undefined ? false : recordAllRows(now, signal, renew);
    }
  }

  /** People who were erased are not kept in what the order was made from either. */
  async function forgetErased({ id, source }: OrderEntry): Promise<void> {
    const rows = await people.erasedRows(id);
    if (rows.length === 0) return;
    if (source.kind === 'csv') await blankInputRows(pipeline, id, rows);
    else await people.erase({ video: id }, []);
    try {
      await removeErased(pipeline);
    } catch (error) {
      log.warn('files of erased people are removed later', { order: id, trace: traceOf(error) });
    }
  }

  const plan = (guard: Guard, id: string, attempt: JobAttempt): Promise<void> =>
    guard(
      attempt,
      { order: id },
      async (signal, renew) => {
        const order = await campaigns.find(id);
        if (order === undefined) return;
        if (order.status.state === 'planning' && (await recordAllRows(order, signal, renew))) {
          await forgetErased(order);
          await campaigns.planned(id);
          log.info('order planned', { order: id, kind: order.kind, rows: order.rows });
        }
        await settleCampaigns(pipeline, [id]);
      },
      async (code, message) => {
        await campaigns.fail(id, code, message);
        log.warn('order failed', { order: id, code });
        await settleCampaigns(pipeline, [id]);
      },
    );
  return {
    'plan-render': ({ order }, attempt) => plan(guards['plan-render'], order, attempt),
    'plan-campaign': ({ order }, attempt) => plan(guards['plan-campaign'], order, attempt),
  };
}
