import { z } from 'zod';
import { renderPictures, type RenderStatus } from '../../worker/core/renders.ts';
import type { RenderReport } from '../../worker/campaigns/report.ts';
import { formatSchema } from '../../video/story/story-schema.ts';
import { asOfSchema, metadataAnswer, moment, orderFields, qualitySchema } from './order.ts';
import { customerIdSchema } from './person.ts';
import { errorCodeSchema } from './problem.ts';

/** What `POST /v1/renders` takes. */
export const renderRequestSchema = z
  .strictObject({
    ...orderFields,
    record: z.record(z.string(), z.unknown()).meta({
      description:
        'Values by field name; `GET /v1/templates/{id}` lists the fields. Unknown fields are refused.',
      examples: [{ firstName: 'Anna', segment: 'loyal', renewalDate: '2026-12-14', plan: 'Plus' }],
    }),
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
  })
  .meta({ id: 'RenderRequest', description: 'One video from one record.' });

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
    metadata: orderFields.metadata,
  })
  .meta({ id: 'SessionRenderRequest', description: 'One video of what a viewer watched in a session.' });

const count = (description: string, example: number) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [example] });

const warningSchema = z.object({
  code: z
    .enum(['image-unavailable', 'glyph-unavailable', 'formula-cell', 'picture-unavailable'])
    .meta({ description: 'Permanent.', examples: ['image-unavailable'] }),
  field: z.string().meta({ examples: ['photo'] }),
  message: z.string().meta({ examples: ['The image could not be fetched (404); the fallback is shown.'] }),
});

const statusSchema = z
  .discriminatedUnion('state', [
    z.object({ state: z.literal('queued') }).meta({ title: 'queued', description: 'No clip is ready yet.' }),
    z
      .object({
        state: z.literal('rendering'),
        done: count('Clips of the video that are stored.', 2),
        total: count('Clips that the video consists of.', 5),
        beside: z
          .object({
            done: count('How many of them are stored.', 7),
            total: count('How many there are.', 20),
          })
          .optional()
          .meta({
            description:
              'Clips that the video does not show but its page may need. Present while one of them is missing; the render is done only when they are stored too.',
            examples: [{ done: 7, total: 20 }],
          }),
      })
      .meta({ title: 'rendering', description: 'Its clips are being rendered or joined.' }),
    z
      .object({
        state: z.literal('done'),
        durationInSeconds: z.number().meta({ description: 'Length of the video.', examples: [20.4] }),
        clipsRendered: count('Clips rendered for it.', 2),
        clipsReused: count('Clips that existed already.', 3),
        warnings: z.array(warningSchema).meta({
          description: 'Where the video shows something other than the record, or a picture is missing.',
          examples: [[]],
        }),
        coming: z.array(z.enum(renderPictures)).meta({
          description:
            'Pictures that are still being made. Requests to their links wait for them. Empty soon after the video is done.',
          examples: [['teaser']],
        }),
      })
      .meta({ title: 'done', description: 'It can be watched; see `links`.' }),
    z
      .object({
        state: z.literal('failed'),
        code: errorCodeSchema,
        message: z.string().meta({ examples: ['The scene "offer" could not be drawn.'] }),
        retryable: z
          .boolean()
          .meta({ description: 'Whether ordering it again can succeed.', examples: [false] }),
      })
      .meta({ title: 'failed', description: 'There is no video.' }),
    z
      .object({
        state: z.literal('skipped'),
        reason: z.literal('erased').meta({
          description: 'The person is on the suppression list.',
          examples: ['erased'],
        }),
      })
      .meta({ title: 'skipped', description: 'No video was made.' }),
    z
      .object({ state: z.literal('cancelled') })
      .meta({ title: 'cancelled', description: 'It was cancelled before its end.' }),
  ])
  .meta({
    id: 'RenderStatus',
    description: 'State of a render. `done`, `failed`, `skipped` and `cancelled` are final.',
    examples: [{ state: 'rendering', done: 2, total: 5 }],
  });

const link = (description: string, address: string) =>
  z
    .url()
    .optional()
    .meta({ description, examples: [`https://video.example.com${address}`] });

const token = '/f/mS0yHnC0bqGZxUeJ3sFOpAk2b7wRzVt9dQeYxL4uNcHg';
const page = '/v/mS0yHnC0bqGZxUeJ3sFOpAn5Tz2bGk8WfY4cXvRmQ7Ld';
const own = '/v1/renders/3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10';

/** A video: a render of its own or a row of a campaign. */
export const renderSchema = z
  .object({
    id: z
      .uuid()
      .meta({ description: 'Id of the render.', examples: ['3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10'] }),
    template: z.string().meta({ description: 'Id of its template.', examples: ['renewal-offer'] }),
    format: formatSchema,
    quality: qualitySchema,
    status: statusSchema,
    links: z
      .object({
        self: z
          .url()
          .meta({ description: 'Address of the render.', examples: [`https://video.example.com${own}`] }),
        events: z.url().meta({
          description: 'Its progress as server-sent events.',
          examples: [`https://video.example.com${own}/events`],
        }),
        video: link('The MP4.', token),
        poster: link('A JPEG, for mails and as a placeholder.', token),
        teaser: link('An animated GIF of under 1 MB, for mails.', token),
        captions: link('WebVTT.', token),
        page: link('A page on which the viewer watches the video and makes choices.', page),
      })
      .meta({
        description:
          'Links to files and the page are present when it is done. They need no key, are meant for the viewer, and can be withdrawn.',
      }),
    content: z
      .string()
      .optional()
      .meta({
        description:
          'Identifies the content of its files: equal values mean equal files. Present together with the links.',
        examples: ['0b9f6c1f4a10c37e'],
      }),
    linksExpireAt: moment(
      'When the links to files and the page stop working.',
      '2027-11-24T09:30:21.000Z',
    ).optional(),
    campaign: z
      .object({
        id: z.uuid().meta({ examples: ['9a4e5f7a-6a2f-4a10-8f0f-5f1e6c1b4c37'] }),
        row: z
          .int()
          .min(1)
          .meta({ description: '1-based among the rows of the input.', examples: [17] }),
        fileName: z
          .string()
          .meta({ description: "Unique in the campaign; derived from the row's id.", examples: ['c-1093'] }),
      })
      .optional()
      .meta({ description: 'The campaign whose row this is.' }),
    metadata: metadataAnswer,
    createdAt: moment('When it was ordered.'),
    endedAt: moment('When it ended.', '2026-11-24T09:30:21.000Z').optional(),
  })
  .meta({ id: 'Render', description: 'One video and its state.' });

type Render = z.infer<typeof renderSchema>;

const files = {
  video: `https://video.example.com${token}`,
  poster: 'https://video.example.com/f/mS0yHnC0bqGZxUeJ3sFOpAx8Qm5cWv2LrT7kPzYbN1Ge',
  teaser: 'https://video.example.com/f/mS0yHnC0bqGZxUeJ3sFOpAw4Jh9dXs6MtB3nRyVgK0Cf',
  captions: 'https://video.example.com/f/mS0yHnC0bqGZxUeJ3sFOpAu1Eo7aZp5NqD8jSxHlI2Fk',
  page: `https://video.example.com${page}`,
};

const orderedRender: Render = {
  id: '3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10',
  template: 'renewal-offer',
  format: '9:16',
  quality: 'standard',
  status: { state: 'queued' },
  links: {
    self: `https://video.example.com${own}`,
    events: `https://video.example.com${own}/events`,
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
  cancelled: { ...orderedRender, status: { state: 'cancelled' }, endedAt: '2026-11-24T09:30:04.000Z' },
} as const satisfies Readonly<Record<string, Render>>;

/** An answer with a render, for the documentation of a route. */
export function renderAnswer(description: string, example: keyof typeof renderExamples) {
  return {
    description,
    content: { 'application/json': { schema: renderSchema, example: renderExamples[example] } },
  };
}

/** Leaves out the names of files in the store. */
function presentStatus(status: RenderStatus): Render['status'] {
  switch (status.state) {
    case 'done': {
      const { state, durationInSeconds, clipsRendered, clipsReused, warnings, coming } = status;
      return {
        state,
        durationInSeconds,
        clipsRendered,
        clipsReused,
        warnings: [...warnings],
        coming: [...coming],
      };
    }
    case 'skipped':
    case 'queued':
    case 'rendering':
    case 'failed':
    case 'cancelled':
      return status;
    default:
      return status satisfies never;
  }
}

/** A render as clients see it. @param publicUrl without a slash at its end. */
export function presentRender(report: RenderReport, publicUrl: string): Render {
  const { id, template, format, quality, status, metadata, campaign, createdAt, endedAt } = report;
  const self = `${publicUrl}/v1/renders/${id}`;
  return {
    id,
    template,
    format,
    quality,
    status: presentStatus(status),
    links: { self, events: `${self}/events`, ...report.links },
    ...(report.content !== undefined && { content: report.content }),
    ...(report.linksExpireAt && { linksExpireAt: report.linksExpireAt.toISOString() }),
    ...(campaign && { campaign }),
    metadata,
    createdAt: createdAt.toISOString(),
    ...(endedAt && { endedAt: endedAt.toISOString() }),
  };
}
