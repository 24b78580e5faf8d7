import { BespokeError } from '../../errors/bespoke-error.ts';
import { withinTime } from '../adapters/queue/within-time.ts';
import type { Idempotency, Order } from '../core/orders.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { Job, Priority } from '../core/ports.ts';
import type { OrderOutcome, RequestCircumstances } from './order-request.ts';

/** A client is not kept waiting for a queue that is away: workers queue again what the tables hold. */
const patienceMs = 2_000;

/** Queues jobs that are owed anyway. What the queue does not take in time, workers find in the tables. */
export async function queueSoon(
  { queue, log }: Pick<Pipeline, 'queue' | 'log'>,
  jobs: readonly { readonly job: Job; readonly priority: Priority }[],
): Promise<void> {
  if (jobs.length === 0) return;
  const late = (): Error => new BespokeError('service-unavailable', 'The queue did not answer in time.');
  try {
    await withinTime(queue.add(jobs), patienceMs, late);
  } catch (error) {
    const code = error instanceof BespokeError ? error.code : 'internal';
    log.warn('not queued at once', { code, jobs: jobs.length });
  }
}

/** What planning an order is called in the queue. */
export function planJob({ id, kind }: Pick<Order, 'id' | 'kind'>): Job {
  return kind === 'render' ? { name: 'plan-render', order: id } : { name: 'plan-campaign', order: id };
}

/**
 * Records an order and queues its planning. Once recorded it stands, whether the queue answers or not.
 *
 * @param asked what the client asked for, in its own terms; a repetition must equal it.
 */
export async function placeOrder(
  pipeline: Pick<Pipeline, 'orders' | 'queue' | 'keyring' | 'log'>,
  order: Order,
  { idempotency }: RequestCircumstances,
  asked: unknown,
): Promise<OrderOutcome> {
  const same: Idempotency | undefined = idempotency && {
    ...idempotency,
    fingerprint: pipeline.keyring('request', asked),
  };
  const placed = await pipeline.orders.place(order, same);
  if (placed.outcome === 'placed') {
    await queueSoon(pipeline, [{ job: planJob(order), priority: order.priority }]);
  }
  return placed;
}
