import type { z } from 'zod';
import {
  deliveryPageSchema,
  deliverySchema,
  webhookSecretSchema,
  type deliveriesQuery,
} from '../server/schemas/delivery.ts';
import {
  endpointListSchema,
  endpointSecretSchema,
  type endpointRequestSchema,
} from '../server/schemas/webhook-endpoint.ts';
import type { CallOptions } from './requests.ts';
import type { Transport } from './transport.ts';

type Endpoint = z.output<typeof endpointListSchema>['endpoints'][number];

const at = (path: string, id: string): string => `${path}/${encodeURIComponent(id)}`;

/** Calls about messages to the client's servers. */
export const webhookCalls = ({ ask, send }: Pick<Transport, 'ask' | 'send'>) => ({
  listDeliveries: ({
    signal,
    ...query
  }: CallOptions & Partial<Readonly<z.output<typeof deliveriesQuery>>> = {}): Promise<
    z.output<typeof deliveryPageSchema>
  > => ask(deliveryPageSchema, { path: '/v1/webhooks/deliveries', query, signal }),
  resendDelivery: (id: string, { signal }: CallOptions = {}): Promise<z.output<typeof deliverySchema>> =>
    ask(deliverySchema, { method: 'POST', path: `${at('/v1/webhooks/deliveries', id)}/resend`, signal }),
  /** A server that gets messages about all orders. Its secret is shown only in this answer. */
  createEndpoint: (
    request: z.input<typeof endpointRequestSchema>,
    { signal }: CallOptions = {},
  ): Promise<z.output<typeof endpointSecretSchema>> =>
    ask(endpointSecretSchema, {
      method: 'POST',
      path: '/v1/webhooks/endpoints',
      json: request,
      signal,
    }),
  listEndpoints: async ({ signal }: CallOptions = {}): Promise<readonly Endpoint[]> =>
    (await ask(endpointListSchema, { path: '/v1/webhooks/endpoints', signal })).endpoints,
  /** Replaces its secret; the one before signs too until `overlapHours` are over. */
  rotateEndpointSecret: (
    id: string,
    { overlapHours, signal }: CallOptions & { readonly overlapHours?: number } = {},
  ): Promise<z.output<typeof endpointSecretSchema>> =>
    ask(endpointSecretSchema, {
      method: 'POST',
      path: `${at('/v1/webhooks/endpoints', id)}/rotate`,
      json: { overlapHours },
      signal,
    }),
  deleteEndpoint: async (id: string, { signal }: CallOptions = {}): Promise<void> => {
    await send({ method: 'DELETE', path: at('/v1/webhooks/endpoints', id), signal });
  },
  getWebhookSecret: async ({ signal }: CallOptions = {}): Promise<string> =>
    (await ask(webhookSecretSchema, { path: '/v1/webhooks/secret', signal })).secret,
});
