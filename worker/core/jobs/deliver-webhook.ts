import { createHash, createHmac } from 'node:crypto';
import type { Campaign } from '../campaigns.ts';
import type { Hmac } from '../hmac.ts';
import { type Pipeline, priorities } from '../pipeline.ts';
import type { Job, JobHandlers, JobQueue } from '../ports.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../webhooks.ts';

/** A message as it is sent; the same in all attempts but for its time and its body. */
export interface WebhookMessage {
  readonly id: string;
  readonly sentAt: Date;
  /** JSON, exactly as it is sent. */
  readonly body: string;
}

const asSecret = (key: string): string => `whsec_${Buffer.from(key, 'hex').toString('base64')}`;

/**
 * What receivers check the signatures of messages with that go to the address which an order named, as the Standard
 * Webhooks specification writes it.
 */
export const webhookSecret = (hmac: Hmac): string => asSecret(hmac('webhook-secret', 1));

/** A secret of an endpoint. Nothing of it is kept: it is made from the deployment's secret. */
export const endpointSecret = (
  hmac: Hmac,
  { id, version }: Pick<WebhookEndpoint, 'id' | 'version'>,
): string => asSecret(hmac('webhook-endpoint', { id, version }));

/** The secrets that sign a message to an endpoint now: two while receivers change to a new one. */
export function endpointSecrets(hmac: Hmac, endpoint: WebhookEndpoint, now: Date): readonly string[] {
  const { id, version, previousUntil } = endpoint;
  const secrets = [endpointSecret(hmac, endpoint)];
  if (previousUntil !== undefined && now < previousUntil) {
    secrets.push(endpointSecret(hmac, { id, version: version - 1 }));
  }
  return secrets;
}

/** Headers of a message, signed as the Standard Webhooks specification (1.0) says, with each of these secrets. */
export function signWebhook(
  secrets: readonly string[],
  { id, sentAt, body }: WebhookMessage,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(sentAt.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}

const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

/** Between attempts: about a day in all. */
const pausesMs = [
  5 * seconds,
  30 * seconds,
  2 * minutes,
  10 * minutes,
  1 * hours,
  3 * hours,
  6 * hours,
  12 * hours,
] as const;
const longestMs = 12 * hours;
/** Of a pause, added or taken away: a target that was away does not get everything in one moment. */
const jitter = 0.1;

/** From 0 to 1: different for each attempt, always the same for one attempt. */
function spread(delivery: string, attempts: number): number {
  return createHash('sha256').update(`${delivery} ${attempts}`).digest().readUInt32BE() / 2 ** 32;
}

/** Reads `Retry-After`: seconds, or the date of HTTP. */
function askedPauseMs(retryAfter: string | undefined, now: Date): number {
  if (retryAfter === undefined) return 0;
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * seconds : Date.parse(retryAfter) - now.getTime();
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), longestMs);
}

/**
 * When to try a webhook again.
 *
 * @param attempts how many were made, at least one.
 * @param retryAfter what the receiver asks for, which can make a pause longer, up to 12 hours.
 * @returns `undefined` when it is to be given up.
 */
export function nextAttemptAt(
  delivery: string,
  attempts: number,
  now: Date,
  retryAfter: string | undefined,
): Date | undefined {
  const pauseMs = pausesMs[attempts - 1];
  if (pauseMs === undefined) return undefined;
  const varied = pauseMs * (1 - jitter + 2 * jitter * spread(delivery, attempts));
  return new Date(now.getTime() + Math.round(Math.max(varied, askedPauseMs(retryAfter, now))));
}

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
  /**
   * What a message says of its campaign, or of a row of it: ids, status, links, counts, metadata; nothing that a record
   * held. Nothing for a row that is gone.
   */
  readonly describe: (
    campaign: Campaign,
    about: Pick<WebhookDelivery, 'render' | 'viewed'>,
  ) => Promise<unknown>;
}

type Addition = Parameters<JobQueue['add']>[0][number];

/** The job that makes a pending delivery's next attempt, at its time. The rows of a campaign keep no other message waiting. */
export function deliveryJob(delivery: WebhookDelivery, now: Date): Addition {
  const { id, attempts, status, render } = delivery;
  const job: Job = { name: 'deliver-webhook', delivery: id, attempt: attempts + 1 };
  const delayMs = status.state === 'pending' ? Math.max(0, status.nextAt.getTime() - now.getTime()) : 0;
  return { job, priority: render === undefined ? priorities.single : priorities.batch, delayMs };
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
  pipeline: Pick<
    Pipeline,
    'webhooks' | 'webhookEndpoints' | 'campaigns' | 'queue' | 'hmac' | 'clock' | 'metrics' | 'log'
  >,
  { sender, describe }: WebhookParts,
): JobHandlers['deliver-webhook'] {
  const { webhooks, webhookEndpoints, campaigns, queue, hmac, clock, metrics, log } = pipeline;

  const givenUp = (why: string): Attempt => ({
    status: { state: 'failed', at: clock.now() },
    answer: why,
    outcome: 'given-up',
  });

  /** What signs a message now; nothing where its endpoint was removed. */
  async function secretsFor({ endpoint }: WebhookDelivery): Promise<readonly string[]> {
    if (endpoint === undefined) return [webhookSecret(hmac)];
    const found = await webhookEndpoints.find(endpoint);
    return found === undefined ? [] : endpointSecrets(hmac, found, clock.now());
  }

  async function attemptOnce(delivery: WebhookDelivery, signal: AbortSignal): Promise<Attempt> {
    const secrets = await secretsFor(delivery);
    if (secrets.length === 0) return givenUp('its endpoint was deleted');
    const campaign = await campaigns.find(delivery.campaign);
    const data = campaign && (await describe(campaign, delivery));
    if (data === undefined) return givenUp('what it was about is gone');
    const body = JSON.stringify({
      type: delivery.event,
      timestamp: delivery.createdAt.toISOString(),
      data,
    });
    const headers = signWebhook(secrets, { id: delivery.id, sentAt: clock.now(), body });
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
    const ids = {
      delivery: delivery.id,
      campaign: delivery.campaign,
      attempt: job.attempt,
    };
    if (outcome === 'delivered') log.info('webhook delivered', { ...ids, answer });
    else log.warn('webhook not delivered', { ...ids, answer, outcome });
    if (status.state === 'pending') {
      await queue.add([deliveryJob({ ...delivery, attempts: job.attempt, status }, clock.now())]);
    }
  };
}
