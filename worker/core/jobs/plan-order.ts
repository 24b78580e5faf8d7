import { BespokeError } from '../../../errors/bespoke-error.ts';
import { findTemplate } from '../../../video/story/registry.ts';
import { blankInputRows, sourceChanged } from '../blank-input.ts';
import { chunksOf, takeIn, takeInCancelled, type IntakeContext } from '../intake.ts';
import type { OrderEntry } from '../orders.ts';
import type { Pipeline } from '../pipeline.ts';
import { rememberTemplateCode } from '../plan-context.ts';
import { createPlanner } from '../plan-video.ts';
import type { JobAttempt, JobHandlers } from '../ports.ts';
import { qualities } from '../quality.ts';
import { settleOrders } from './end-rows.ts';
import type { Guard } from './guard.ts';
import { openOrderRows, orderVideoId } from './order-rows.ts';

/**
 * Records the rows of orders. An order may be planned again and again: rows that are recorded are
 * passed over, so that what a worker left in the middle goes on there.
 */
export function createPlanOrder(
  pipeline: Pipeline,
  guard: Guard,
): Pick<JobHandlers, 'plan-render' | 'plan-campaign'> {
  const { registry, keyring, orders, people, store, log } = pipeline;
  const templateCode = rememberTemplateCode(pipeline);

  async function contextOf(order: OrderEntry): Promise<IntakeContext> {
    const { template: name, format, asOf, quality } = order;
    const entry = findTemplate(registry, name);
    if (entry === undefined) {
      throw new BespokeError('template-unknown', `This worker has no template "${name}".`);
    }
    const { template } = entry;
    const choice = { template, format, asOf, encoding: qualities[quality] };
    return {
      campaign: order,
      template,
      planner: createPlanner({ ...choice, ...(await templateCode(entry)) }, keyring),
      destination: undefined,
      priority: order.priority,
      videoId: (row) => orderVideoId(keyring, order, row),
    };
  }

  /** @returns whether all rows are recorded; not where the order ended meanwhile. */
  async function recordRows(order: OrderEntry, signal: AbortSignal): Promise<boolean> {
    const context = await contextOf(order);
    const rows = await openOrderRows(store, order, context.template.record);
    for await (const chunk of chunksOf(rows())) {
      signal.throwIfAborted();
      const now = await orders.find(order.id);
      if (now?.status.state !== 'planning') return false;
      if (now.cancelling) await takeInCancelled(pipeline, context, chunk);
      else await takeIn(pipeline, context, chunk, signal);
    }
    return true;
  }

  /** The same, where the order's file is exchanged meanwhile for one without somebody who was erased. */
  async function recordAllRows(order: OrderEntry, signal: AbortSignal): Promise<boolean> {
    try {
      return await recordRows(order, signal);
    } catch (error) {
      if (signal.aborted || !(await sourceChanged(pipeline, order))) throw error;
      const now = await orders.find(order.id);
      return now === undefined ? false : recordAllRows(now, signal);
    }
  }

  /** People who were erased are not kept in what the order was made from either. */
  async function forgetErased({ id, source }: OrderEntry): Promise<void> {
    const rows = await people.erasedRows(id);
    if (rows.length === 0) return;
    if (source.kind === 'csv') await blankInputRows(pipeline, id, rows);
    else await people.erase({ video: id }, []);
  }

  const plan = ({ order: id }: { readonly order: string }, attempt: JobAttempt): Promise<void> =>
    guard(
      attempt,
      { order: id },
      async () => {
        const order = await orders.find(id);
        if (order === undefined) return;
        if (order.status.state === 'planning' && (await recordAllRows(order, attempt.signal))) {
          await forgetErased(order);
          await orders.planned(id);
          log.info('order planned', { order: id, kind: order.kind, rows: order.rows });
        }
        await settleOrders(pipeline, [id]);
      },
      async (code, message) => {
        await orders.fail(id, code, message);
        log.warn('order failed', { order: id, code });
        await settleOrders(pipeline, [id]);
      },
    );
  return { 'plan-render': plan, 'plan-campaign': plan };
}
