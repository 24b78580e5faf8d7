import { z } from 'zod';
import { formats } from '../../video/story/format.ts';

/** Ids of renders and campaigns. */
export const idParams = z.object({
  id: z.uuid().meta({
    description: 'The id that the order was answered with.',
    examples: ['3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10'],
  }),
});

/** The secret of a link. A text that cannot be one is answered like any unknown link. */
export const linkToken = z.string().transform((text) => (/^[\w-]*$/.test(text) ? text : ''));

/** What the client wants to be given back; never read by us. */
const metadataSchema = z
  .record(z.string().min(1).max(40), z.string().max(500))
  .refine((metadata) => Object.keys(metadata).length <= 20, 'Holds more than 20 entries.')
  .meta({
    description:
      'Up to 20 texts of your own, given back with every answer and webhook. Names have up to 40 characters, values 500. Not shown to viewers, never read by us.',
    examples: [{ event: 'contract.renewed', ticket: 'A-1093' }],
  });

export const formatSchema = z.enum(formats).meta({ description: 'Width to height.', examples: ['16:9'] });

export const qualitySchema = z.enum(['draft', 'standard', 'high']).meta({
  description: '`draft` is small and fast, for trying out; `high` takes longer and makes larger files.',
  examples: ['standard'],
});

/** What an order says besides its records. */
export const orderFields = {
  template: z
    .string()
    .min(1)
    .max(100)
    .meta({ description: 'Id of a template; `GET /v1/templates` lists them.', examples: ['renewal-offer'] }),
  format: formatSchema.optional().meta({
    description: 'One that the template comes in; its first where not said.',
    examples: ['9:16'],
  }),
  quality: qualitySchema.optional().meta({
    description:
      '`draft` is small and fast, `high` takes longer and makes larger files; `standard` where not said.',
    examples: ['standard'],
  }),
  priority: z
    .enum(['urgent', 'normal', 'batch'])
    .optional()
    .meta({
      description:
        'What waits behind what. Where not said, a single render is `normal` and a campaign `batch`.',
      examples: ['normal'],
    }),
  webhookUrl: z
    .url({ protocol: /^https?$/, error: 'Is not a web address.' })
    .max(2_000)
    .optional()
    .meta({
      description:
        'Told when the order has ended, signed as Standard Webhooks describes it. Must be public and https.',
      examples: ['https://example.com/hooks/bespoke'],
    }),
  metadata: metadataSchema.optional(),
};

/** The day that is today in the videos. */
export const asOfSchema = z.iso
  .date()
  .optional()
  .meta({
    description: 'The day that is today in the videos; where it is missing, the day of the request (UTC).',
    examples: ['2026-11-24'],
  });

/** Headers of a request that places an order. */
export const orderHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'Must be 1 to 255 visible ASCII characters, without spaces.')
    .optional()
    .meta({
      description:
        'Your name for this request. Sent again within seven days with the same body, it returns the same order, and nothing is ordered twice; with another body it is refused (409).',
      examples: ['renewal-2026-11-24-customer-1093'],
    }),
});

export const metadataAnswer = z.record(z.string(), z.string()).meta({
  description: 'What the order brought along.',
  examples: [{ event: 'contract.renewed', ticket: 'A-1093' }],
});

/** A moment as ISO 8601 in UTC. */
export const moment = (description: string, example = '2026-11-24T09:30:00.000Z') =>
  z.iso.datetime().meta({ description, examples: [example] });
