import { z } from 'zod';
import type { CampaignReport } from '../../worker/campaigns/report.ts';
import { inputSchema } from './campaign-plan.ts';
import { formatSchema } from '../../video/story/story-schema.ts';
import { metadataAnswer, moment, qualitySchema } from './order.ts';
import { nextPage, pageQuery } from './page.ts';
import { errorCodeSchema } from './problem.ts';
import { renderSchema } from './render.ts';

const count = (description: string, example: number) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [example] });

const own = 'https://video.example.com/v1/campaigns/9a4e5f7a-6a2f-4a10-8f0f-5f1e6c1b4c37';

const address = (description: string, path = '') =>
  z.url().meta({ description, examples: [`${own}${path}`] });

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
        skipped: count('Their person was erased.', 0),
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
    metadata: metadataAnswer,
    createdAt: moment('When it was ordered.'),
    endedAt: moment('When its last row ended.', '2026-11-24T11:02:08.000Z').optional(),
  })
  .meta({ id: 'Campaign', description: 'A file of rows, one video for each.' });

/** A campaign as clients see it. @param publicUrl without a slash at its end. */
export function presentCampaign(report: CampaignReport, publicUrl: string): z.infer<typeof campaignSchema> {
  const { id, template, format, quality, asOf, state, rows, clips, frames, error, metadata } = report;
  const self = `${publicUrl}/v1/campaigns/${id}`;
  return {
    id,
    template,
    format,
    quality,
    asOf,
    state,
    rows,
    clips,
    frames,
    ...(error && { error }),
    links: {
      self,
      events: `${self}/events`,
      rows: `${self}/rows`,
      results: `${self}/results.csv`,
      failed: `${self}/failed.csv`,
    },
    metadata,
    createdAt: report.createdAt.toISOString(),
    ...(report.endedAt && { endedAt: report.endedAt.toISOString() }),
  };
}

/** A campaign that was just accepted. */
export const acceptedCampaignSchema = campaignSchema
  .extend({ input: inputSchema })
  .meta({ id: 'AcceptedCampaign', description: 'Accepted.' });

/** A page of campaigns. */
export const campaignPageSchema = z
  .object({ campaigns: z.array(campaignSchema), next: nextPage })
  .meta({ id: 'CampaignPage', description: 'Campaigns, the newest first.' });

/** A page of a campaign's rows. */
export const rowPageSchema = z.object({ rows: z.array(renderSchema), next: nextPage }).meta({
  id: 'RowPage',
  description: "Rows in the input's order. A page can be short although more follow.",
});

const states = ['queued', 'rendering', 'done', 'failed', 'skipped', 'cancelled'] as const;

/** Filters of a campaign's rows. */
export const rowsQuery = z.strictObject({
  ...pageQuery,
  order: z
    .enum(['input', 'done'])
    .default('input')
    .meta({
      description:
        '`input`: all rows in the order of the input. `done`: only rows that are done, in the order in which they were done, to follow a campaign. A row whose end coincides with another’s may be missing there, so list the rows again when the campaign has ended.',
      examples: ['input'],
    }),
  status: z
    .preprocess(
      (value) => (typeof value === 'string' ? value.split(',') : value),
      z.array(z.enum(states)).max(20),
    )
    .optional()
    .meta({
      description: 'Only rows of these states, separated by commas or repeated. For `order=input`.',
      examples: ['failed'],
    }),
});

/** The answer to a retry. */
export const retrySchema = z
  .object({ rows: count('Rows that are rendered again.', 8), campaign: campaignSchema })
  .meta({ description: 'The failed rows are being rendered again.' });
