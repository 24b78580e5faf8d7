import type { WebhookDelivery } from '../webhooks.ts';
import type { Campaign } from '../campaigns.ts';
import { priorities, type Pipeline } from '../pipeline.ts';
import type { Job, JobHandlers, JobQueue } from '../ports.ts';
import { signWebhook } from './sign-webhook.ts';
import { nextAttemptAt } from './webhook-schedule.ts';

/** What a target said. Redirects are answers like others: a webhook is not carried to elsewhere. */
export type WebhookAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: string | undefined }
  /** Why there was no answer, in our words and without the address. */
  | { readonly kind: 'unreachable'; readonly reason: string };

/** The way to webhooks. */
export interface WebhookSender {
  /** Never throws for a bad target; rejects with the signal's reason. */
  readonly send: (
    url: string,
    message: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
    signal: AbortSignal,
  ) => Promise<WebhookAnswer>;
}

/** What a webhook handler works with besides the pipeline. */
export interface WebhookParts {
  readonly sender: WebhookSender;
  /** What a message says of its campaign: ids, status, links, counts, metadata; nothing about a person. */
  readonly describe: (campaign: Campaign) => Promise<unknown>;
}

type Addition = Parameters<JobQueue['add']>[0][number];

/** The job that makes a pending delivery's next attempt, at its time. */
export function deliveryJob(delivery: WebhookDelivery, now: Date): Addition {
  const { id, attempts, status } = delivery;
  const job: Job = { name: 'deliver-webhook', delivery: id, attempt: attempts + 1 };
  const delayMs = status.state === 'pending' ? Math.max(0, status.nextAt.getTime() - now.getTime()) : 0;
  return { job, priority: priorities.single, delayMs };
}

interface Attempt {
  readonly status: WebhookDelivery['status'];
  readonly answer: string;
  readonly outcome: Parameters<Pipeline['metrics']['webhookAttempted']>[0];
}

function judge(delivery: WebhookDelivery, answer: WebhookAnswer, now: Date): Attempt {
  const answered = answer.kind === 'answered';
  const said = answered ? `HTTP ${answer.status}` : answer.reason;
  if (answered && answer.status >= 200 && answer.status < 300) {
    return { status: { state: 'delivered', at: now }, answer: said, outcome: 'delivered' };
  }
  const gone = answered && answer.status === 410;
  const nextAt = gone
    ? undefined
    : nextAttemptAt(delivery.id, delivery.attempts + 1, now, answered ? answer.retryAfter : undefined);
  if (nextAt === undefined) {
    return { status: { state: 'failed', at: now }, answer: said, outcome: 'given-up' };
  }
  const outcome = answered ? 'refused' : 'unreachable';
  return { status: { state: 'pending', nextAt }, answer: said, outcome };
}

/**
 * Makes one attempt at a delivery. The tables hold what was tried and what comes next; the next
 * attempt is a delayed job of its own, so that a target that is slow or away occupies nobody between
 * attempts. A worker that dies between sending and noting sends again, with the same `webhook-id`.
 */
export function createWebhookHandler(
  pipeline: Pick<Pipeline, 'webhooks' | 'campaigns' | 'queue' | 'hmac' | 'clock' | 'metrics' | 'log'>,
  { sender, describe }: WebhookParts,
): JobHandlers['deliver-webhook'] {
  const { webhooks, campaigns, queue, hmac, clock, metrics, log } = pipeline;

  async function attemptOnce(delivery: WebhookDelivery, signal: AbortSignal): Promise<Attempt> {
    const campaign = await campaigns.find(delivery.campaign);
    if (campaign === undefined) {
      const status = { state: 'failed', at: clock.now() } as const;
      return { status, answer: 'what it was about is gone', outcome: 'given-up' };
    }
    const body = JSON.stringify({
      type: delivery.event,
      timestamp: delivery.createdAt.toISOString(),
      data: await describe(campaign),
    });
    const headers = signWebhook(hmac, { id: delivery.id, sentAt: clock.now(), body });
    const answer = await sender.send(delivery.url, { headers, body }, signal);
    return judge(delivery, answer, clock.now());
  }

  return async (job, { signal }) => {
    const delivery = await webhooks.find(job.delivery);
    if (delivery?.status.state !== 'pending') return;
    if (job.attempt !== delivery.attempts + 1) {
      // Noted, but perhaps not queued: a worker died in between.
      await queue.add([deliveryJob(delivery, clock.now())]);
      return;
    }
    const { status, answer, outcome } = await attemptOnce(delivery, signal);
    await webhooks.recordAttempt(delivery.id, status, answer);
    metrics.webhookAttempted(outcome);
    const ids = { delivery: delivery.id, campaign: delivery.campaign, attempt: job.attempt };
    if (outcome === 'delivered') log.info('webhook delivered', { ...ids, answer });
    else log.warn('webhook not delivered', { ...ids, answer, outcome });
    if (status.state === 'pending') {
      await queue.add([deliveryJob({ ...delivery, attempts: job.attempt, status }, clock.now())]);
    }
  };
}
