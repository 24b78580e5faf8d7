import { z } from 'zod';
import { delimiters } from '../../data/csv/dialect.ts';
import { inputSchema } from '../../worker/campaigns/input-schema.ts';
import { campaignSchema, renderSchema } from '../../worker/campaigns/report-schema.ts';
import { count } from '../../worker/core/render-schema.ts';
import { nextPage, pageQuery } from './page.ts';

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

/** How `results.csv` and `failed.csv` are written. */
export const tableQuery = z.strictObject({
  delimiter: z
    .enum(delimiters)
    .optional()
    .meta({ description: "What separates the columns. Default: the input's.", examples: [';'] }),
  bom: z
    .enum(['true', 'false'])
    .transform((word) => word === 'true')
    .optional()
    .meta({
      description:
        'Whether the file begins with a byte order mark, by which spreadsheets know UTF-8. Default: true.',
      examples: ['false'],
    }),
});
