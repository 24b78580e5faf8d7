import { z } from 'zod';
import { moment } from '../../worker/campaigns/report-schema.ts';
import { webhookEvents, type WebhookEndpoint } from '../../worker/core/webhooks.ts';
import { orderFields } from './order.ts';
import { withoutQuery } from './delivery.ts';

/** The id of an endpoint in an address. */
export const endpointParams = z.object({
  id: z
    .string()
    .max(100)
    .meta({ description: 'An id from the list of endpoints.', examples: ['whe_5f7a6a2f9a104a4e8c373f0f'] }),
});

const events = z.array(z.enum(webhookEvents)).min(1).max(webhookEvents.length);

/** What `POST /v1/webhooks/endpoints` takes. */
export const endpointRequestSchema = z
  .strictObject({
    url: orderFields.webhookUrl.unwrap().meta({
      description: 'Gets the messages. Must be public https.',
      examples: ['https://example.com/hooks/bespoke'],
    }),
    events: events.default([...webhookEvents]).meta({
      description: 'Which events it gets. Default: all.',
      examples: [['render.done', 'render.failed']],
    }),
    description: z
      .string()
      .trim()
      .max(200)
      .default('')
      .meta({ description: 'What it is for, for people.', examples: ['CRM'] }),
  })
  .meta({ id: 'EndpointRequest', description: 'A server of yours that gets messages about all orders.' });

/** What a rotation takes. */
export const rotationSchema = z
  .strictObject({
    overlapHours: z
      .number()
      .min(0)
      .max(168)
      .default(24)
      .meta({
        description:
          'How long messages are signed with the secret before, too. Default: 24. `0`: it ends at once.',
        examples: [24],
      }),
  })
  .nullish()
  .meta({ id: 'SecretRotation', description: 'How a secret is replaced.' });

/** An endpoint without its secret. */
export const endpointSchema = z
  .object({
    id: z.string().meta({ examples: ['whe_5f7a6a2f9a104a4e8c373f0f'] }),
    url: z.string().meta({
      description: 'Without its query, which may be a secret.',
      examples: ['https://example.com/hooks/bespoke'],
    }),
    events: events.meta({ examples: [['render.done', 'render.failed']] }),
    description: z.string().meta({ examples: ['CRM'] }),
    previousSecretUntil: moment('Until when the secret before the present one signs too.').optional(),
    createdAt: moment('When it was created.'),
  })
  .meta({ id: 'Endpoint', description: 'A server of yours that gets messages about all orders.' });

/** An endpoint with a new secret. */
export const endpointSecretSchema = endpointSchema
  .extend({
    secret: z.string().meta({
      description:
        'Signs messages to this endpoint. It is shown here and never again. Pass it unchanged to a library for Standard Webhooks.',
      examples: ['whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'],
    }),
  })
  .meta({ id: 'EndpointSecret', description: 'An endpoint with its new secret.' });

/** All endpoints. */
export const endpointListSchema = z
  .object({ endpoints: z.array(endpointSchema) })
  .meta({ id: 'EndpointList', description: 'All endpoints, the oldest first.' });

/** An endpoint as clients see it. @param now decides whether a secret before still signs. */
export function presentEndpoint(endpoint: WebhookEndpoint, now: Date): z.infer<typeof endpointSchema> {
  const { id, url, events: wanted, description, previousUntil, createdAt } = endpoint;
  return {
    id,
    url: withoutQuery(url),
    events: [...wanted],
    description,
    ...(previousUntil !== undefined &&
      now < previousUntil && { previousSecretUntil: previousUntil.toISOString() }),
    createdAt: createdAt.toISOString(),
  };
}
