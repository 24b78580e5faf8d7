import { randomUUID } from 'node:crypto';
import { BespokeError } from '../../errors/bespoke-error.ts';
import type { Template } from '../../video/story/template.ts';
import { checkWebhookTarget } from '../adapters/outbound/webhook-sender.ts';
import type { Idempotency, Order } from '../core/campaigns.ts';
import { planJob } from '../core/jobs/plan-job.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { withinTime } from '../core/within-time.ts';
import {
  type OrderOutcome,
  type OrderRequest,
  priorityOf,
  type RequestCircumstances,
  requestedFormat,
  type RequestedPriority,
  requestedTemplate,
} from './order-request.ts';

/** A client is not kept waiting for a queue that is away: workers queue again what the tables hold. */
const patienceMs = 2_000;

/** Does what workers do anyway when they find it undone, and gives up soon where engines are away. */
export async function tryNow({ log }: Pick<Pipeline, 'log'>, what: () => Promise<void>): Promise<void> {
  const late = (): Error => new BespokeError('service-unavailable', 'The queue did not answer in time.');
  try {
    await withinTime(what(), patienceMs, late);
  } catch (error) {
    log.warn('left to the workers', { code: error instanceof BespokeError ? error.code : 'internal' });
  }
}

/** Queues the planning of an order. */
export async function queuePlanning(
  pipeline: Pick<Pipeline, 'queue' | 'log'>,
  order: Pick<Order, 'id' | 'kind' | 'priority'>,
): Promise<void> {
  await tryNow(pipeline, () => pipeline.queue.add([{ job: planJob(order), priority: order.priority }]));
}

/** A day in UTC, as ISO `YYYY-MM-DD`. */
const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);

/** Today in UTC, the day that an order takes where its request names none. */
export const today = ({ clock }: Pick<Pipeline, 'clock'>): string => dayOf(clock.now());

/** A request whose words are good. */
export interface CheckedRequest {
  readonly template: Template;
  /** Makes a new order of it. */
  readonly complete: (
    rows: Pick<Order, 'kind' | 'source' | 'rows'>,
    usualPriority: RequestedPriority,
  ) => Order;
}

/**
 * Checks what clients say of an order, whatever it is made from.
 *
 * @throws BespokeError `template-unknown`, `request-invalid` for a format that the template lacks,
 * `webhook-target-refused`.
 */
export function checkOrderRequest(
  { registry, clock }: Pick<Pipeline, 'registry' | 'clock'>,
  request: OrderRequest,
  { webhookOrigins }: RequestCircumstances,
): CheckedRequest {
  const entry = requestedTemplate(registry, request.template);
  const { template } = entry;
  const { webhookUrl, quality = 'standard', metadata = {}, priority } = request;
  const format = requestedFormat(entry, request.format);
  if (webhookUrl !== undefined) checkWebhookTarget(webhookUrl, webhookOrigins);
  return {
    template,
    complete: (rows, usualPriority) => {
      const id = randomUUID();
      const createdAt = clock.now();
      return {
        id,
        identity: `order ${id}`,
        template: template.id,
        format,
        quality,
        priority: priorityOf(priority ?? usualPriority),
        asOf: request.asOf ?? dayOf(createdAt),
        ...rows,
        webhookUrl,
        metadata,
        createdAt,
      };
    },
  };
}

/**
 * Records an order and queues its planning. Once recorded it stands, whether the queue answers or not.
 *
 * @param asked what the client asked for, in its own terms; a repetition must equal it.
 */
export async function placeOrder(
  pipeline: Pick<Pipeline, 'campaigns' | 'queue' | 'keyring' | 'log'>,
  order: Order,
  { idempotency }: RequestCircumstances,
  asked: unknown,
): Promise<OrderOutcome> {
  const same: Idempotency | undefined = idempotency && {
    ...idempotency,
    fingerprint: pipeline.keyring('request', asked),
  };
  const placed = await pipeline.campaigns.place(order, same);
  if (placed.outcome === 'placed') await queuePlanning(pipeline, order);
  return placed;
}
