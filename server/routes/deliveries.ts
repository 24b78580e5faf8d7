import { z } from 'zod';
import { errors } from '../../errors/messages.ts';
import { deliveryJob, webhookSecret } from '../../worker/core/jobs/deliver-webhook.ts';
import { tryNow } from '../../worker/core/settle.ts';
import type { ServerDependencies } from '../dependencies.ts';
import {
  deliveriesQuery,
  deliveryPageSchema,
  deliverySchema,
  presentDelivery,
  webhookSecretSchema,
} from '../schemas/delivery.ts';
import { problems } from '../schemas/problem.ts';
import type { Server } from '../server.ts';

const tags = ['Webhooks'];
const handlerTimeout = 30_000;

/** `/webhooks`: messages to clients' servers, and the secret that signs them. */
export async function deliveryRoutes(server: Server, { pipeline }: ServerDependencies): Promise<void> {
  server.get(
    '/webhooks/deliveries',
    {
      config: { scopes: ['read'] },
      handlerTimeout,
      schema: {
        operationId: 'listDeliveries',
        tags,
        summary: 'List webhook deliveries',
        description:
          'The newest first. A message that is not accepted is sent again for a day, with growing pauses.',
        querystring: deliveriesQuery,
        response: { 200: deliveryPageSchema, ...problems('request-invalid') },
      },
    },
    async ({ query: { order, state, cursor, limit } }, reply) => {
      const filter = { ...(order !== undefined && { order }), ...(state !== undefined && { state }) };
      const { deliveries, next } = await pipeline.webhooks.list(filter, cursor, limit);
      return reply
        .header('cache-control', 'no-store')
        .send({ deliveries: deliveries.map(presentDelivery), next });
    },
  );

  server.post(
    '/webhooks/deliveries/:id/resend',
    {
      config: { scopes: ['render'], unknown: 'delivery-unknown' },
      handlerTimeout,
      schema: {
        operationId: 'resendDelivery',
        tags,
        summary: 'Send a webhook message again',
        description:
          'At once, with the id that it had, whether it was delivered or given up. It says how its order is now.',
        params: z.object({
          id: z
            .string()
            .max(100)
            .meta({ description: 'Id of the delivery.', examples: ['msg_5f7a6a2f9a104a4e8c373f0f5f1e6c1b'] }),
        }),
        response: { 202: deliverySchema, ...problems('delivery-unknown') },
      },
    },
    async ({ params: { id } }, reply) => {
      const { webhooks, queue, clock } = pipeline;
      const delivery = await webhooks.resend(id);
      if (delivery === undefined) throw errors.deliveryUnknown();
      await tryNow(pipeline, () => queue.add([deliveryJob(delivery, clock.now())]));
      return reply.code(202).send(presentDelivery(delivery));
    },
  );

  server.get(
    '/webhooks/secret',
    {
      config: { scopes: ['admin'] },
      handlerTimeout,
      schema: {
        operationId: 'getWebhookSecret',
        tags,
        summary: 'The secret that signs webhooks',
        description:
          'Webhooks are signed as Standard Webhooks describes (`webhook-id`, `webhook-timestamp`, `webhook-signature`). Check the signature of each message.',
        response: { 200: webhookSecretSchema },
      },
    },
    async (_request, reply) =>
      reply.header('cache-control', 'no-store').send({ secret: webhookSecret(pipeline.hmac) }),
  );
}
