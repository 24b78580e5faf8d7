import { z } from 'zod';
import { linkReportSchema } from '../../worker/campaigns/report-schema.ts';
import { nextPage } from './page.ts';

const expiresAt = z.iso
  .datetime({ offset: true, error: 'Must be a time such as 2027-01-31T00:00:00Z, or null.' })
  .nullable()
  .meta({
    description:
      'When the links stop working. `null`: as the server says, counted from the day on which the video could be watched. A time that has passed ends them now.',
    examples: ['2027-01-31T00:00:00Z'],
  });

/** What `PATCH` of links takes. */
export const changeLinksSchema = z
  .strictObject({ expiresAt })
  .meta({ id: 'LinksChange', description: 'When links end.' });

/** What `POST` to links takes; nothing is needed. */
export const renewLinksSchema = z
  .strictObject({ expiresAt: expiresAt.optional() })
  .nullish()
  .meta({ description: 'When the new links end. Default: when the earlier ones would have.' });

/** For requests that take no body: a field in one was meant for something. */
export const noBodySchema = z.strictObject({}).nullish().meta({ description: 'Empty.' });

/** A page of the links of a campaign. */
export const linkPageSchema = z
  .object({ links: z.array(linkReportSchema), next: nextPage })
  .meta({ id: 'LinkPage', description: 'The links of the videos of a campaign.' });
