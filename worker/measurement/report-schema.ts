import type { z } from 'zod';
import { comparisonSchema } from './comparison-schema.ts';
import { watchingSchema } from './watching-schema.ts';

/** Everything that is measured of a campaign. */
export const campaignReportSchema = comparisonSchema
  .extend({
    watching: watchingSchema.meta({
      description: 'How the videos are watched, with all that is known by now.',
    }),
  })
  .meta({
    id: 'CampaignReport',
    description:
      'How the videos of a campaign are watched, and what customers with a video did beside those who were held out. All intervals are of 95 %.',
  });

export type CampaignReport = z.output<typeof campaignReportSchema>;
