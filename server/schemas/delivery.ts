import { z } from 'zod';
import { webhookEvents, type WebhookDelivery } from '../../worker/core/webhooks.ts';
import { moment } from '../../worker/campaigns/report-schema.ts';
import { nextPage, pageQuery } from './page.ts';

/** A message to one of the client's servers. */
export const deliverySchema = z
  .object({
    id: z.string().meta({
      description: 'Sent as `webhook-id`, the same in all attempts.',
      examples: ['msg_5f7a6a2f9a104a4e8c373f0f5f1e6c1b'],
    }),
    order: z.uuid().meta({
      description: 'The render or campaign of the message.',
      examples: ['3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10'],
    }),
    render: z
      .uuid()
      .optional()
      .meta({
        description: 'The row of the campaign that the message is about.',
        examples: ['6f1e6c1b-4c37-4a10-8f0f-5f1e6c1b4c37'],
      }),
    endpoint: z
      .string()
      .optional()
      .meta({
        description: 'The endpoint that it goes to. Without it: the `webhookUrl` of the order.',
        examples: ['whe_5f7a6a2f9a104a4e8c373f0f'],
      }),
    event: z.enum(webhookEvents).meta({ examples: ['render.done'] }),
    url: z.string().meta({
      description: 'The target, without its query, which may be a secret.',
      examples: ['https://example.com/hooks/bespoke'],
    }),
    state: z.enum(['pending', 'delivered', 'failed']).meta({
      description: '`failed`: given up after a day. `pending`: not sent yet, or to be sent again.',
      examples: ['delivered'],
    }),
    attempts: z
      .int()
      .min(0)
      .meta({ examples: [1] }),
    lastAnswer: z
      .string()
      .optional()
      .meta({
        description: 'The status of the last attempt, or why there was none.',
        examples: ['HTTP 204'],
      }),
    nextAttemptAt: moment('When it is sent next, while it is pending.').optional(),
    createdAt: moment('When it was created.'),
    endedAt: moment('When it was accepted or given up.').optional(),
  })
  .meta({ id: 'Delivery', description: 'A message to one of your servers.' });

/** A page of deliveries. */
export const deliveryPageSchema = z
  .object({ deliveries: z.array(deliverySchema), next: nextPage })
  .meta({ id: 'DeliveryPage', description: 'Messages to your servers, the newest first.' });

/** Which deliveries to show. */
export const deliveriesQuery = z.strictObject({
  ...pageQuery,
  order: z
    .uuid()
    .optional()
    .meta({
      description: 'Only deliveries of this render, campaign or row.',
      examples: ['3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10'],
    }),
  state: z
    .enum(['pending', 'delivered', 'failed'])
    .optional()
    .meta({ description: 'Only deliveries in this state.', examples: ['failed'] }),
});

/** The secret that signs webhooks. */
export const webhookSecretSchema = z
  .object({
    secret: z.string().meta({
      description: 'Pass it unchanged to a library for Standard Webhooks.',
      examples: ['whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'],
    }),
  })
  .meta({ id: 'WebhookSecret', description: 'Signs every webhook of this deployment.' });

/** An address without what may be a secret of the receiver. */
export const withoutQuery = (url: string): string => url.replace(/[?#].*$/s, '');

/** A delivery as clients see it. */
export function presentDelivery(delivery: WebhookDelivery): z.infer<typeof deliverySchema> {
  const { id, campaign, render, endpoint, event, url, attempts, lastAnswer, createdAt, status } = delivery;
  return {
    id,
    order: campaign,
    ...(render !== undefined && { render }),
    ...(endpoint !== undefined && { endpoint }),
    event,
    url: withoutQuery(url),
    state: status.state,
    attempts,
    ...(lastAnswer !== undefined && { lastAnswer }),
    ...(status.state === 'pending'
      ? { nextAttemptAt: status.nextAt.toISOString() }
      : { endedAt: status.at.toISOString() }),
    createdAt: createdAt.toISOString(),
  };
}
