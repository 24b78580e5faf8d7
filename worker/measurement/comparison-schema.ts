import { z } from 'zod';
import { count } from '../core/render-schema.ts';

/** How many days conversions count, where nobody says it. */
export const usualDays = 30;

const share = (description: string, example: number) => z.number().meta({ description, examples: [example] });

const intervalSchema = z.object({
  from: share('Lower end.', 0.021),
  to: share('Upper end.', 0.044),
});

const rateSchema = z.object({
  people: count('Customers of the group.', 3600),
  converted: count('Of these, customers who did it at least once.', 112),
  rate: share('Their share.', 0.0311),
  interval: intervalSchema,
});

const meanSchema = z.object({
  people: count('Customers of the group.', 3600),
  withValue: count('Of these, customers with a value.', 112),
  mean: share('Value for each customer of the group, zeros included.', 1.55),
});

/** Whether sending videos changed what customers do. */
export const comparisonSchema = z
  .object({
    campaign: z.uuid().meta({ examples: ['9a4e5f7a-6a2f-4a10-8f0f-5f1e6c1b4c37'] }),
    template: z.string().meta({ examples: ['renewal-offer'] }),
    from: z.iso.datetime().meta({
      description: 'When the campaign was ordered: conversions count from then on.',
      examples: ['2026-11-24T09:30:00.000Z'],
    }),
    until: z.iso
      .datetime()
      .meta({ description: 'Until when they count.', examples: ['2026-12-24T09:30:00.000Z'] }),
    complete: z.boolean().meta({
      description:
        'Whether that time is over. Before, intervals are wider, so that they hold however often you look, and there is no verdict.',
      examples: [false],
    }),
    sent: count('Customers who have a video.', 3600),
    heldOut: count('Customers of the control group.', 400),
    conversions: z
      .array(
        z.object({
          name: z.string().meta({ description: 'What they did.', examples: ['renewed'] }),
          verdict: z.enum(['more', 'fewer', 'unclear', 'too-early', 'no-control-group']).meta({
            description:
              '`more` and `fewer`: with videos, more or fewer customers do it. `unclear`: the numbers allow both.',
            examples: ['too-early'],
          }),
          sent: rateSchema,
          heldOut: rateSchema.nullable().meta({ description: '`null` without a control group.' }),
          difference: intervalSchema
            .extend({ estimate: share('Rate of those sent minus that of those held out.', 0.004) })
            .nullable()
            .meta({ description: 'Between the two rates; `null` without a control group.' }),
          lift: z
            .object({
              estimate: z
                .number()
                .nullable()
                .meta({
                  description:
                    'The first rate divided by the second, minus 1. `null` where nobody who was held out did it.',
                  examples: [0.148],
                }),
              from: share('Lower end.', -0.12),
              to: z
                .number()
                .nullable()
                .meta({ description: 'Upper end; `null`: none.', examples: [0.61] }),
            })
            .nullable()
            .meta({ description: 'How much larger the first rate is; `null` without a control group.' }),
          values: z
            .array(
              z.object({
                currency: z.string().meta({ examples: ['EUR'] }),
                sent: meanSchema,
                heldOut: meanSchema,
                difference: z.number().meta({ description: 'For each customer.', examples: [0.2] }),
                interval: intervalSchema.nullable().meta({
                  description: '`null` where fewer than 50 customers of a group have a value.',
                }),
              }),
            )
            .meta({ description: 'What it was worth, by currency. Empty without a control group.' }),
        }),
      )
      .meta({ description: 'By name.' }),
  })
  .meta({
    id: 'Comparison',
    description:
      'What customers with a video did, beside those who were held out. All intervals are of 95 %.',
  });

export type Comparison = z.output<typeof comparisonSchema>;
