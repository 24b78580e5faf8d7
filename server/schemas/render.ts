import { z } from 'zod';
import { examplePaths, renderSchema, type RenderReport } from '../../worker/campaigns/report-schema.ts';
import { errorCodeSchema } from '../../worker/core/render-schema.ts';
import { asOfSchema, externalIdSchema, linkKeySchema, orderFields, suspectFields } from './order.ts';
import { nextPage, pageQuery } from './page.ts';
import { customerIdSchema } from './person.ts';

const unknownFields = z
  .enum(['refuse', 'ignore'])
  .optional()
  .meta({
    description: 'What is done with values of the record that fill no field. Default: they are refused.',
    examples: ['ignore'],
  });

const renderFields = {
  ...orderFields,
  record: z.record(z.string(), z.unknown()).meta({
    description:
      'Values by field name; `GET /v1/templates/{id}` lists the fields. Other names are matched as headers of a CSV are, so `first_name` fills `firstName`.',
    examples: [{ firstName: 'Anna', segment: 'loyal', renewalDate: '2026-12-14', plan: 'Plus' }],
  }),
  unknownFields,
  ...suspectFields,
  customerId: customerIdSchema.optional(),
  asOf: asOfSchema,
  path: z
    .array(z.string().max(500))
    .max(200)
    .optional()
    .meta({
      description:
        'What the viewer chooses, in order: a choice, `node=choice` or `form=answer`. Without it, the video shows what a viewer sees who only watches.',
      examples: [['sun', 'household=6']],
    }),
};

/** What `POST /v1/renders` takes. */
export const renderRequestSchema = z
  .strictObject(renderFields)
  .refine(({ linkKey, customerId }) => linkKey === undefined || customerId !== undefined, {
    path: ['customerId'],
    error: 'Is missing; linkKey keeps the link of a customer.',
  })
  .meta({ id: 'RenderRequest', description: 'One video from one record.' });

const { linkKey: _linkKey, customerId: _customerId, ...customerRenderFields } = renderFields;

/** What `PUT /v1/renders/by-customer/{linkKey}/{customerId}` takes. */
export const customerRenderSchema = z.strictObject(customerRenderFields).meta({
  id: 'CustomerRenderRequest',
  description: 'One video from one record, for the link of a customer.',
});

/** The customer in a campaign whose link an address names. */
export const customerParams = z.object({ linkKey: linkKeySchema, customerId: customerIdSchema });

/** What `PATCH /v1/renders/{id}` takes. */
export const renderChangeSchema = z
  .strictObject({
    record: z.record(z.string(), z.unknown()).meta({
      description: 'New values by field name. `null` takes a value away; fields that are not named stay.',
      examples: [{ plan: 'Plus' }],
    }),
    quality: orderFields.quality,
    priority: orderFields.priority,
    asOf: asOfSchema,
    webhookUrl: orderFields.webhookUrl,
    externalId: orderFields.externalId,
    metadata: orderFields.metadata,
    preview: orderFields.preview,
    link: orderFields.link,
    unknownFields,
    ...suspectFields,
  })
  .meta({
    id: 'RenderChange',
    description: 'New values for the record of a render. What is not named stays as it was ordered.',
  });

const mostAtOnce = 1_000;

/** What `POST /v1/renders/batch` takes. Each entry is checked when its turn comes. */
export const renderBatchSchema = z
  .strictObject({
    renders: z
      .array(z.unknown())
      .min(1)
      .max(mostAtOnce)
      .meta({
        description: `Up to ${mostAtOnce} bodies of \`POST /v1/renders\`.`,
        items: { $ref: '#/components/schemas/RenderRequest' },
        examples: [
          [
            {
              template: 'renewal-offer',
              record: { firstName: 'Anna', segment: 'loyal', renewalDate: '2026-12-14', plan: 'Plus' },
            },
          ],
        ],
      }),
  })
  .meta({ id: 'RenderBatch', description: 'Several videos in one call, 10 MB in total.' });

/** What became of each entry. */
export const batchAnswerSchema = z
  .object({
    renders: z
      .array(
        z.object({
          render: renderSchema.optional().meta({ description: 'The render, where it was accepted.' }),
          error: z
            .object({
              code: errorCodeSchema,
              message: z.string().meta({ examples: ['The record has a wrong value in 1 field.'] }),
              errors: z
                .array(
                  z.object({
                    pointer: z.string().meta({ examples: ['/record/plan'] }),
                    message: z.string().meta({ examples: ['Is missing.'] }),
                  }),
                )
                .meta({ description: 'What is wrong where.', examples: [[]] }),
            })
            .optional()
            .meta({ description: 'Why it was refused.' }),
        }),
      )
      .meta({ description: 'In the order of the request.', examples: [[]] }),
  })
  .meta({ id: 'RenderBatchAnswer', description: 'What became of each.' });

const time = (description: string) =>
  z.iso
    .datetime({ offset: true, error: 'Must be a time such as 2026-11-24T00:00:00Z.' })
    .transform((text) => new Date(text))
    .optional()
    .meta({ description, examples: ['2026-11-24T00:00:00Z'] });

const states = ['queued', 'rendering', 'done', 'failed', 'skipped', 'cancelled'] as const;

const listOf = (value: unknown): unknown => (typeof value === 'string' ? value.split(',') : value);
const mostPairs = 20;

/** Filters of all renders. */
export const rendersQuery = z.strictObject({
  ...pageQuery,
  status: z
    .preprocess(listOf, z.array(z.enum(states)).max(20))
    .optional()
    .meta({
      description: 'Only renders of these states, separated by commas or repeated.',
      examples: ['failed'],
    }),
  campaign: z
    .uuid()
    .optional()
    .meta({ description: 'Only rows of this campaign.', examples: ['9a4e5f7a-6a2f-4a10-8f0f-5f1e6c1b4c37'] }),
  customerId: customerIdSchema
    .optional()
    .meta({ description: 'Only renders of this customer.', examples: ['c-1093'] }),
  externalId: externalIdSchema.optional().meta({
    description: 'Only renders whose order has this id of yours.',
    examples: ['contract-1093'],
  }),
  linkKey: linkKeySchema
    .optional()
    .meta({ description: 'Only orders with this link key.', examples: ['spring-2026'] }),
  metadata: z
    .preprocess(
      (value) => (typeof value === 'string' ? [value] : value),
      z.array(z.string().regex(/^[^:]{1,40}:/, 'Must be `name:value`.')).max(mostPairs),
    )
    .transform((pairs) =>
      Object.fromEntries(
        pairs.map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]),
      ),
    )
    .optional()
    .meta({
      description: 'Only renders whose order has this metadata, as `name:value`. May be repeated.',
      examples: ['ticket:A-1093'],
    }),
  since: time('Only renders that were ordered at this time or later.'),
  before: time('Only renders that were ordered before this time.'),
});

/** A page of renders. */
export const renderPageSchema = z.object({ renders: z.array(renderSchema), next: nextPage }).meta({
  id: 'RenderPage',
  description: 'Renders, those that were ordered last first. A page can be short although more follow.',
});

/** What `POST /v1/renders/from-session` takes. */
export const sessionRenderRequestSchema = z
  .strictObject({
    session: z
      .string()
      .min(1)
      .max(64)
      .meta({
        description: 'Id of a viewer session.',
        examples: ['9f2c1e7d3b5a48607c1d2e3f'],
      }),
    quality: orderFields.quality,
    priority: orderFields.priority,
    webhookUrl: orderFields.webhookUrl,
    externalId: orderFields.externalId,
    metadata: orderFields.metadata,
  })
  .meta({ id: 'SessionRenderRequest', description: 'One video of what a viewer watched in a session.' });

const files = {
  video: `https://video.example.com${examplePaths.file}`,
  poster: 'https://video.example.com/f/mS0yHnC0bqGZxUeJ3sFOpAx8Qm5cWv2LrT7kPzYbN1Ge',
  teaser: 'https://video.example.com/f/mS0yHnC0bqGZxUeJ3sFOpAw4Jh9dXs6MtB3nRyVgK0Cf',
  captions: 'https://video.example.com/f/mS0yHnC0bqGZxUeJ3sFOpAu1Eo7aZp5NqD8jSxHlI2Fk',
  page: `https://video.example.com${examplePaths.page}`,
};

const orderedRender: RenderReport = {
  id: '3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10',
  template: 'renewal-offer',
  format: '9:16',
  quality: 'standard',
  status: { state: 'queued' },
  links: {
    self: `https://video.example.com${examplePaths.own}`,
    events: `https://video.example.com${examplePaths.own}/events`,
  },
  metadata: { event: 'contract.renewed', ticket: 'A-1093' },
  createdAt: '2026-11-24T09:30:00.000Z',
};

/** Renders as the documentation shows them. */
export const renderExamples = {
  ordered: orderedRender,
  done: {
    ...orderedRender,
    status: {
      state: 'done',
      durationInSeconds: 20.4,
      clipsRendered: 2,
      clipsReused: 3,
      warnings: [],
      coming: ['teaser'],
    },
    links: { ...orderedRender.links, ...files },
    linksExpireAt: '2027-11-24T09:30:21.000Z',
    endedAt: '2026-11-24T09:30:21.000Z',
  },
  deleted: {
    ...orderedRender,
    status: { state: 'skipped', reason: 'deleted' },
    endedAt: '2026-11-24T09:30:21.000Z',
  },
  cancelled: { ...orderedRender, status: { state: 'cancelled' }, endedAt: '2026-11-24T09:30:04.000Z' },
} as const satisfies Readonly<Record<string, RenderReport>>;

/** An answer with a render, for the documentation of a route. */
export function renderAnswer(description: string, example: keyof typeof renderExamples) {
  return {
    description,
    content: { 'application/json': { schema: renderSchema, example: renderExamples[example] } },
  };
}
