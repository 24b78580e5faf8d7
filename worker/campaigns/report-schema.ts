import { z } from 'zod';
import { campaignLinkSchema, formatSchema } from '../../video/story/story-schema.ts';
import { inputSchema, orderedSettings } from './input-schema.ts';
import { speechForecastSchema } from './speech-schema.ts';
import {
  count,
  errorCodeSchema,
  proofsSchema,
  renderStatusSchema,
  slowScenesSchema,
  warningCodeSchema,
} from '../core/render-schema.ts';

/* What the API says about renders and campaigns. Reports are built as these schemas have them, and sent as they are. */

/** A moment as ISO 8601 in UTC. */
export const moment = (description: string, example = '2026-11-24T09:30:00.000Z') =>
  z.iso.datetime().meta({ description, examples: [example] });

export const qualitySchema = z.enum(['draft', 'standard', 'high']).meta({
  description: '`draft` is small and fast, for trials; `high` takes longer and makes larger files.',
  examples: ['standard'],
});

const metadataAnswer = z.record(z.string(), z.string()).meta({
  description: 'The metadata of the order.',
  examples: [{ event: 'contract.renewed', ticket: 'A-1093' }],
});

const optionalText = (description: string, example: string) =>
  z
    .string()
    .optional()
    .meta({ description, examples: [example] });

const externalIdAnswer = optionalText(
  'Your id for the order. It is gone when the person of a single render is erased.',
  'contract-1093',
);

const linkKeyAnswer = optionalText(
  'Names the links of its customers: an order with the same key replaces what the link of a customer shows.',
  'spring-2026',
);

const linkAnswer = campaignLinkSchema.optional().meta({
  description: 'The call to action that the order gave its pages.',
  examples: [{ to: 'https://shop.example.com/offer', label: 'See the offer' }],
});

const link = (description: string, address: string) =>
  z
    .url()
    .optional()
    .meta({ description, examples: [`https://video.example.com${address}`] });

/** Paths of a render in examples: the route, a file, the page. */
export const examplePaths = {
  own: '/v1/renders/3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10',
  file: '/f/mS0yHnC0bqGZxUeJ3sFOpAk2b7wRzVt9dQeYxL4uNcHg',
  page: '/v/mS0yHnC0bqGZxUeJ3sFOpAn5Tz2bGk8WfY4cXvRmQ7Ld',
} as const;

const fileLinks = {
  video: link('The MP4.', examplePaths.file),
  poster: link('A JPEG, for mails and as a placeholder.', examplePaths.file),
  teaser: link('An animated GIF of under 1 MB, for mails.', examplePaths.file),
  captions: link('WebVTT.', examplePaths.file),
  page: link('A page on which the viewer watches the video and makes choices.', examplePaths.page),
};

const replacedBy = z
  .uuid()
  .optional()
  .meta({
    description:
      'The render that its links show now: a newer one of the same customer, or one of an equal record. Its own files are gone.',
    examples: ['6f1e6c1b-4c37-4a10-8f0f-5f1e6c1b4c37'],
  });

const customerId = optionalText('Your id for the customer. It is gone when the person is erased.', 'c-1093');

/** The links of a video and whether they work. */
export const linkReportSchema = z
  .object({
    render: z
      .uuid()
      .meta({ description: 'Id of the render.', examples: ['3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10'] }),
    row: z
      .int()
      .min(1)
      .optional()
      .meta({ description: '1-based among the rows of its campaign.', examples: [17] }),
    customerId,
    state: z.enum(['pending', 'active', 'expired', 'withdrawn']).meta({
      description: '`pending`: there is no video yet.',
      examples: ['active'],
    }),
    replacedBy,
    links: z.object(fileLinks).meta({ description: 'The links, while they work.' }),
    expiresAt: moment('When they stop working, or did.', '2027-11-24T09:30:21.000Z').optional(),
  })
  .meta({ id: 'LinkReport', description: 'The links of a video.' });

export type LinkReport = z.output<typeof linkReportSchema>;

/** A video: a render of its own or a row of a campaign. */
export const renderSchema = z
  .object({
    id: z
      .uuid()
      .meta({ description: 'Id of the render.', examples: ['3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10'] }),
    template: z.string().meta({ description: 'Id of its template.', examples: ['renewal-offer'] }),
    format: formatSchema,
    quality: qualitySchema,
    status: renderStatusSchema,
    links: z
      .object({
        self: z.url().meta({
          description: 'Address of the render.',
          examples: [`https://video.example.com${examplePaths.own}`],
        }),
        events: z.url().meta({
          description: 'Its progress as server-sent events.',
          examples: [`https://video.example.com${examplePaths.own}/events`],
        }),
        ...fileLinks,
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
    replacedBy,
    externalId: externalIdAnswer,
    linkKey: linkKeyAnswer,
    link: linkAnswer,
    customerId,
    segments: z
      .array(z.string())
      .optional()
      .meta({
        description:
          'Audience segments of the template that its record was in when it was ordered. Later changes of the record do not change them. Missing if the row was never planned.',
        examples: [['staying']],
      }),
    variant: z
      .string()
      .optional()
      .meta({
        description:
          'The variant of the story that the customer was assigned to, where the campaign compares several.',
        examples: ['loyal'],
      }),
    metadata: metadataAnswer,
    createdAt: moment('When it was ordered.'),
    endedAt: moment('When it ended.', '2026-11-24T09:30:21.000Z').optional(),
  })
  .meta({ id: 'Render', description: 'One video and its state.' });

const ownCampaign = 'https://video.example.com/v1/campaigns/9a4e5f7a-6a2f-4a10-8f0f-5f1e6c1b4c37';

const address = (description: string, path = '') =>
  z.url().meta({ description, examples: [`${ownCampaign}${path}`] });

/** A campaign and its progress. */
export const campaignSchema = z
  .object({
    id: z.uuid().meta({ examples: ['9a4e5f7a-6a2f-4a10-8f0f-5f1e6c1b4c37'] }),
    template: z.string().meta({ examples: ['renewal-offer'] }),
    format: formatSchema,
    quality: qualitySchema,
    asOf: z.iso
      .date()
      .meta({ description: 'The date that the videos are made for.', examples: ['2026-11-24'] }),
    state: z.enum(['planning', 'rendering', 'cancelling', 'finished', 'cancelled', 'failed']).meta({
      description:
        '`planning`: its rows are being read. `rendering`: all rows are planned, some have not ended. `failed`: its file cannot be used at all. The last three are final.',
      examples: ['rendering'],
    }),
    rows: z
      .object({
        total: count('Rows that were accepted: the sum of all others.', 1000),
        queued: count('Not planned yet, or none of their clips is stored yet.', 610),
        rendering: count('Some or all of their clips are stored; the video is not finished yet.', 2),
        done: count('Their video can be watched.', 380),
        failed: count('Have no video; failed.csv says why.', 8),
        skipped: count('Without a video: the control group, erased people, deleted videos.', 0),
        cancelled: count('Cancelled before their end.', 0),
      })
      .meta({ description: 'Rows by state.' }),
    clips: z
      .object({
        wanted: count('Clips needed.', 3400),
        stored: count('Clips ready.', 1310),
        failed: count('Clips that failed.', 3),
      })
      .meta({ description: 'Clips that this campaign was the first to need.' }),
    frames: z
      .object({ wanted: count('Frames needed.', 204_000), stored: count('Frames ready.', 78_600) })
      .meta({ description: 'Frames of these clips, for a progress bar.' }),
    slow: slowScenesSchema,
    proofs: proofsSchema,
    error: z
      .object({
        code: errorCodeSchema,
        message: z.string().meta({ examples: ['customers.csv contains only empty lines.'] }),
      })
      .optional()
      .meta({ description: 'Why its file cannot be used.' }),
    links: z.object({
      self: address('Address of the campaign.'),
      events: address('Its progress as server-sent events.', '/events'),
      rows: address('Its rows, page by page.', '/rows'),
      results: address('results.csv, available when the campaign has ended.', '/results.csv'),
      failed: address('failed.csv, available when the campaign has ended.', '/failed.csv'),
    }),
    externalId: externalIdAnswer,
    coarser: z
      .array(z.string())
      .optional()
      .meta({ description: 'Fields that its videos show coarser.', examples: [['renewalDate']] }),
    settings: orderedSettings,
    linkKey: linkKeyAnswer,
    link: linkAnswer,
    metadata: metadataAnswer,
    createdAt: moment('When it was ordered.'),
    endedAt: moment('When its last row ended.', '2026-11-24T11:02:08.000Z').optional(),
  })
  .meta({ id: 'Campaign', description: 'A file of rows, one video for each.' });

const seconds = (description: string, example: number) =>
  z
    .number()
    .min(0)
    .meta({ description, examples: [example] });

const basis = z.enum(['measured', 'assumed']).meta({
  description: 'Whether time and bytes come from earlier renders or are assumed.',
  examples: ['measured'],
});

const sceneSchema = z.object({
  scene: z.string().meta({ examples: ['greeting'] }),
  distinct: count('Different clips of the scene.', 812),
  shared: count('Of these, shared clips.', 0),
  personal: count('Of these, personal clips.', 812),
  stored: count('Of these, clips that exist already.', 40),
  frames: count('Frames still to be rendered.', 46_320),
  seconds: seconds('Estimated time for them.', 1544),
  bytes: count('Estimated size of them.', 96_000_000),
  basis,
});

/** The forecast for a campaign: the answer to a dry run. */
export const campaignPlanSchema = z
  .object({
    template: z.string().meta({ examples: ['renewal-offer'] }),
    format: formatSchema,
    quality: qualitySchema,
    asOf: z.iso
      .date()
      .meta({ description: 'The date that the videos would be made for.', examples: ['2026-11-24'] }),
    input: inputSchema,
    rows: z.object({
      good: count('Rows that would become videos.', 992),
      bad: count('Rows that would fail.', 8),
      erased: count('Rows of erased people, which would be skipped.', 0),
      heldOut: count('Rows of the control group, which would be skipped.', 0),
    }),
    segments: z
      .array(
        z.object({
          segment: z.string().meta({ description: 'Name of an audience segment.', examples: ['loyal'] }),
          good: count('Rows of the segment that would become videos.', 410),
          heldOut: count('Rows of the segment in the control group.', 44),
        }),
      )
      .meta({
        description: 'Rows by audience segment of the template. A row may be in several of them, or in none.',
        examples: [[{ segment: 'loyal', good: 410, heldOut: 44 }]],
      }),
    variants: z
      .array(
        z.object({
          variant: z.string().meta({ examples: ['loyal'] }),
          good: count('Rows assigned to it that would become videos.', 496),
        }),
      )
      .meta({
        description: 'Rows by variant of the story. Empty for a campaign that compares none.',
        examples: [[]],
      }),
    badRows: z
      .array(
        z.object({
          row: z
            .int()
            .min(1)
            .meta({ description: '1-based among the rows.', examples: [17] }),
          code: errorCodeSchema,
          message: z.string().meta({ examples: ['Column "plan" is empty; write a value such as Plus.'] }),
        }),
      )
      .meta({ description: 'The first hundred rows that would fail, and why.', examples: [[]] }),
    stops: z
      .object({
        code: errorCodeSchema,
        message: z.string().meta({ examples: ['The first 20 rows all fail in the same way, …'] }),
      })
      .optional()
      .meta({
        description: 'Why the campaign would be stopped: its first 20 rows all fail in the same way.',
        examples: [{ code: 'campaign-stopped', message: 'The first 20 rows all fail in the same way, …' }],
      }),
    warnings: z
      .array(
        z.object({
          code: warningCodeSchema,
          field: z.string().meta({ description: 'The column.', examples: ['First Name'] }),
          rows: count('Rows that would become videos with this warning.', 3),
          examples: z
            .array(
              z.object({
                row: z
                  .int()
                  .min(1)
                  .meta({ examples: [17] }),
                message: z.string().meta({
                  examples: [
                    'Column "First Name" holds "NULL", which looks like a placeholder for a missing value.',
                  ],
                }),
              }),
            )
            .meta({ description: 'Up to three different ones.', examples: [[]] }),
        }),
      )
      .meta({
        description:
          'Values that would be drawn although they are doubtful, or otherwise than the file has them; suspicions first.',
        examples: [[]],
      }),
    pictures: z
      .object({
        distinct: count('Different pictures that the good rows name.', 992),
        looked: count(
          'Of these, pictures that were looked at, for this answer or in the last day. `warnings` counts what is wrong with them.',
          992,
        ),
      })
      .meta({
        description:
          'How many pictures are known. One answer looks at some more of them: ask again until both numbers are equal. A clip whose picture was not looked at counts as one still to be rendered.',
      }),
    speech: speechForecastSchema.optional(),
    clips: z.object({
      distinct: count('Different clips in total.', 3400),
      stored: count('Clips that exist already.', 1310),
      toRender: count('Clips still to be rendered.', 2090),
    }),
    frames: z.object({
      toRender: count('Frames still to be rendered.', 125_400),
      withoutSharing: count('Frames if every video were rendered as a whole.', 600_000),
    }),
    seconds: seconds('Estimated time for all clips on this server.', 4180),
    bytes: count('Estimated size of the rendered clips.', 250_000_000),
    basis,
    scenes: z.array(sceneSchema),
  })
  .meta({ id: 'CampaignPlan', description: 'The forecast for a campaign. Nothing was ordered.' });

export type RenderReport = z.output<typeof renderSchema>;
export type CampaignReport = z.output<typeof campaignSchema>;
export type CampaignPlan = z.output<typeof campaignPlanSchema>;
