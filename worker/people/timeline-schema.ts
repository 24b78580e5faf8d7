import { z } from 'zod';
import { moment } from '../campaigns/report-schema.ts';

const text = (description: string, example: string) => z.string().meta({ description, examples: [example] });

/** What happened with one customer's videos. */
export const timelineSchema = z
  .object({
    lines: z
      .array(
        z.object({
          at: moment('When it happened.'),
          type: text(
            '`ordered`, the state in which a render ended (`done`, `failed`, `skipped`, `cancelled`), `converted`, or an event of a page such as `opened`, `entered` or `chosen` (docs/measurement.md).',
            'entered',
          ),
          render: text('Id of the render.', '3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10').optional(),
          campaign: text('Id of its campaign.', '9a4e5f7a-6a2f-4a10-8f0f-5f1e6c1b4c37').optional(),
          by: z
            .enum(['owner', 'guest'])
            .optional()
            .meta({ description: 'Who watched: `guest`, by a shared link.', examples: ['owner'] }),
          details: z.record(z.string(), z.unknown()).meta({
            description: 'What the event says; of a node also the seconds of it that were seen.',
            examples: [{ node: 'offer', seconds: 4.2 }],
          }),
        }),
      )
      .meta({ description: 'In the order of time.' }),
  })
  .meta({ id: 'PersonTimeline', description: "What happened with one customer's videos, for support." });

export type Timeline = z.output<typeof timelineSchema>;
