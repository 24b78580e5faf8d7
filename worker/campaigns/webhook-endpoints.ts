import { randomBytes } from 'node:crypto';
import { errors } from '../../errors/messages.ts';
import { checkWebhookTarget } from '../core/check-target.ts';
import { endpointSecret } from '../core/jobs/deliver-webhook.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { WebhookEndpoint, WebhookEvent } from '../core/webhooks.ts';
import type { RequestContext } from './request.ts';

/** Each event is recorded for each endpoint in the transaction that ends what it is about. */
const mostEndpoints = 20;

type EndpointsPipeline = Pick<Pipeline, 'webhookEndpoints' | 'hmac' | 'clock' | 'log'>;

/** An endpoint with its present secret. */
export interface NewSecret {
  readonly endpoint: WebhookEndpoint;
  readonly secret: string;
}

/**
 * Adds an endpoint: messages about everything that ends from now on go there too.
 *
 * @throws BespokeError `webhook-target-refused`, `endpoints-full`.
 */
export async function addEndpoint(
  { webhookEndpoints, hmac, clock, log }: EndpointsPipeline,
  asked: Pick<WebhookEndpoint, 'url' | 'description'> & { readonly events: readonly WebhookEvent[] },
  { webhookOrigins }: Pick<RequestContext, 'webhookOrigins'>,
): Promise<NewSecret> {
  checkWebhookTarget(asked.url, webhookOrigins);
  const endpoint: WebhookEndpoint = {
    id: `whe_${randomBytes(12).toString('hex')}`,
    url: asked.url,
    description: asked.description,
    events: [...new Set(asked.events)],
    version: 1,
    previousUntil: undefined,
    createdAt: clock.now(),
  };
  if (!(await webhookEndpoints.add(endpoint, mostEndpoints))) {
    throw errors.endpointsFull({ most: mostEndpoints });
  }
  log.info('webhook endpoint added', { endpoint: endpoint.id });
  return { endpoint, secret: endpointSecret(hmac, endpoint) };
}

/**
 * Gives an endpoint a new secret. Until the overlap is over, messages are signed with the one before, too; an older one
 * ends at once.
 *
 * @returns `undefined` when there is no such endpoint.
 */
export async function rotateSecret(
  { webhookEndpoints, hmac, clock, log }: EndpointsPipeline,
  id: string,
  overlapHours: number,
): Promise<NewSecret | undefined> {
  const before = await webhookEndpoints.find(id);
  if (before === undefined) return undefined;
  const until = new Date(clock.now().getTime() + overlapHours * 3_600_000);
  const endpoint = await webhookEndpoints.rotate(id, before.version, until);
  if (endpoint === undefined) return undefined;
  log.info('webhook secret rotated', { endpoint: id, version: endpoint.version });
  return { endpoint, secret: endpointSecret(hmac, endpoint) };
}
