import { z } from 'zod';
import { renderRequestSchema } from './render.ts';

const scene = z
  .string()
  .min(1)
  .max(100)
  .optional()
  .meta({
    description:
      'Which scene is shown, by its id or that of its node, at rest. Default: the moment of the poster.',
    examples: ['offer'],
  });

const { template, format, quality, record, unknownFields, strict, accept, customerId, asOf, path } =
  renderRequestSchema.shape;

const id = (description: string) =>
  z.uuid().meta({ description, examples: ['9a4e5f7a-6a2f-4a10-8f0f-5f1e6c1b4c37'] });

const recordStillSchema = z
  .strictObject({
    ...{ template, record, format, quality, asOf, path, scene },
    ...{ unknownFields, strict, accept, customerId },
  })
  .meta({ title: 'A record', description: 'A record that need not be ordered.' });

const renderStillSchema = z
  .strictObject({ render: id('Id of a render, or of a row of a campaign.'), scene })
  .meta({ title: 'A render', description: 'A render as it was planned.' });

const rowStillSchema = z
  .strictObject({
    campaign: id('Id of a campaign.'),
    row: z
      .int()
      .min(1)
      .max(999_999_999)
      .meta({ description: '1-based among the rows of the input.', examples: [17] }),
    scene,
  })
  .meta({ title: 'A row', description: 'A row of a campaign, by its number.' });

/** What `POST /v1/stills` takes. */
export const stillRequestSchema = z.union([recordStillSchema, renderStillSchema, rowStillSchema]).meta({
  id: 'StillRequest',
  description: 'What a picture shows: a record, a render, or a row of a campaign.',
});
