import { z } from 'zod';
import { suspicions } from '../../data/suspects.ts';
import { qualitySchema } from '../../worker/campaigns/report-schema.ts';
import { orderLinkSchema } from './call-to-action.ts';
import { formatSchema } from '../../video/story/story-schema.ts';

/** Ids of renders and campaigns. */
export const idParams = z.object({
  id: z.uuid().meta({
    description: 'The id in the answer to the order.',
    examples: ['3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10'],
  }),
});

/** What programs for mail and chat take for a part of an address that stands in a sentence. */
const sentenceMarks = /[^\w-]+$/;

/**
 * The secret of a link, without the marks that programs for mail and chat append. A malformed one is answered like
 * any unknown link.
 */
export const linkToken = z.string().transform((text) => {
  const token = text.slice(0, 200).replace(sentenceMarks, '');
  return /^[\w-]*$/.test(token) ? token : '';
});

/** Values of the client, returned unchanged. */
const metadataSchema = z
  .record(z.string().min(1).max(40), z.string().max(500))
  .refine((metadata) => Object.keys(metadata).length <= 20, 'Has more than 20 entries.')
  .meta({
    description:
      'Up to 20 texts of your own, returned with every answer and webhook. Names have up to 40 characters, values up to 500. They are not shown to viewers, and Bespoke does not read them.',
    examples: [{ event: 'contract.renewed', ticket: 'A-1093' }],
  });

/** What names the links of customers. In addresses too, so no character that is not shown. */
export const linkKeySchema = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{C}]*$/u, 'Must have no control characters.')
  .meta({
    description:
      'Keeps the link of each customer: an order with the same key and customer replaces what the link shows, when its video is done. Without it, each order has links of its own.',
    examples: ['spring-2026'],
  });

/** The client's id for what it orders. In addresses too, so no character that is not shown. */
export const externalIdSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{C}]*$/u, 'Must have no control characters.')
  .meta({
    description:
      'Your id for this order. It comes back in every answer, row and webhook, and `GET /v1/renders` finds it. It need not be unique; `Idempotency-Key` is what keeps a request from being carried out twice.',
    examples: ['contract-1093'],
  });

/** Fields of an order besides its records. */
export const orderFields = {
  template: z
    .string()
    .min(1)
    .max(100)
    .meta({ description: 'Id of a template; `GET /v1/templates` lists them.', examples: ['renewal-offer'] }),
  format: formatSchema.optional().meta({
    description: "One of the template's formats. Default: its first.",
    examples: ['9:16'],
  }),
  quality: qualitySchema.optional().meta({
    description:
      '`draft` is small and fast, `high` takes longer and makes larger files. Default: `standard`.',
    examples: ['standard'],
  }),
  priority: z
    .enum(['urgent', 'normal', 'batch'])
    .optional()
    .meta({
      description: 'Priority in the queue. Default: `normal` for a single render, `batch` for a campaign.',
      examples: ['normal'],
    }),
  webhookUrl: z
    .url({ protocol: /^https?$/, error: 'Is not a web address.' })
    .max(2_000)
    .optional()
    .meta({
      description:
        'Called when the order has ended. Messages are signed as Standard Webhooks describes. Must be public https.',
      examples: ['https://example.com/hooks/bespoke'],
    }),
  externalId: externalIdSchema.optional(),
  metadata: metadataSchema.optional(),
  linkKey: linkKeySchema.optional(),
  link: orderLinkSchema.optional().meta({
    description: 'The call to action on the page. Default: that of the template.',
    examples: [{ to: 'https://shop.example.com/offer', label: 'See the offer' }],
  }),
  coarser: z
    .array(z.string().min(1).max(100))
    .max(100)
    .optional()
    .meta({
      description:
        'Fields that are shown coarser, as the template declares (`coarser` of a field in `GET /v1/templates/{id}`), so that more people share a clip. Default: none.',
      examples: [['renewalDate']],
    }),
  settings: z
    .record(z.string().min(1).max(100), z.unknown())
    .refine((settings) => JSON.stringify(settings).length <= 20_000, 'Is longer than 20,000 characters.')
    .optional()
    .meta({
      description:
        'Values of the template’s settings (`settings` in `GET /v1/templates/{id}`), the same for all customers, such as a logo, a colour or words. Default: what the template has for each.',
      examples: [{ accent: '#0b6e4f', logo: 'https://example.com/logo.png' }],
    }),
  preview: z
    .enum(['neutral', 'personal'])
    .optional()
    .meta({
      description:
        'What chat and mail programs may show of the page. `personal`: the poster, which may show the name of the customer. Default: `neutral`, title and description of the template only.',
      examples: ['neutral'],
    }),
};

/** What is made of values that are doubtful. */
export const suspectFields = {
  strict: z
    .boolean()
    .optional()
    .meta({
      description:
        'Whether a suspect value, such as `NULL` as a name, fails its row. Default: it is reported as a warning.',
      examples: [true],
    }),
  accept: z
    .array(z.enum(suspicions))
    .optional()
    .meta({ description: 'Suspicions that are meant, and not reported.', examples: [['placeholder']] }),
};

/** The date that is today in the videos. */
export const asOfSchema = z.iso
  .date()
  .optional()
  .meta({
    description: 'The date that is today in the videos. Default: the day of the request (UTC).',
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
