import { z } from 'zod';
import { count } from '../core/render-schema.ts';

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

const verdictSchema = z
  .enum(['more', 'fewer', 'unclear', 'too-early', 'too-few', 'not-planned', 'no-control-group'])
  .meta({
    description:
      '`more` and `fewer`: with videos, more or fewer customers do it. `unclear`: the numbers allow both. `too-early`: the days are not over. `too-few`: they are, but the control group has fewer conversions than the base rate of the order leads to expect. `not-planned`: the report counts other days than the order fixed.',
    examples: ['too-early'],
  });

const basisSchema = z.enum(['one-look', 'always-valid']).meta({
  description:
    'Which intervals these are. `one-look`: those of the one look that was planned. `always-valid`: wider ones that hold however often you look.',
  examples: ['always-valid'],
});

const differenceSchema = intervalSchema.extend({
  estimate: share('The first rate minus the second.', 0.004),
});

const liftSchema = z.object({
  estimate: z
    .number()
    .nullable()
    .meta({
      description:
        'The first rate divided by the second, minus 1. `null` where nobody of the second group did it.',
      examples: [0.148],
    }),
  from: share('Lower end.', -0.12),
  to: z
    .number()
    .nullable()
    .meta({ description: 'Upper end; `null`: none.', examples: [0.61] }),
});

const plannedSchema = z
  .object({
    conversions: count('Conversions of the control group that a verdict requires.', 7),
    missing: count('How many of them are still needed.', 2),
  })
  .nullable()
  .meta({ description: 'What the base rate of the order requires; `null` where it has none.' });

const namedFields = {
  name: z.string().meta({ description: 'What they did.', examples: ['renewed'] }),
  verdict: verdictSchema,
  intervals: basisSchema,
  planned: plannedSchema,
  sent: rateSchema,
  heldOut: rateSchema.nullable().meta({ description: '`null` without a control group.' }),
  difference: differenceSchema
    .nullable()
    .meta({ description: 'Between the two rates; `null` without a control group.' }),
  lift: liftSchema
    .nullable()
    .meta({ description: 'How much larger the first rate is; `null` without a control group.' }),
};

const viewersSchema = (description: string, example: string) =>
  z
    .array(
      z.object({
        name: z.string().meta({ description, examples: [example] }),
        people: count('Customers who opened their page.', 820),
        conversions: z
          .array(
            z.object({
              name: z.string().meta({ description: 'What they did.', examples: ['renewed'] }),
              converted: count('Customers of these who did it at least once.', 41),
            }),
          )
          .meta({ description: 'By name.' }),
      }),
    )
    .meta({ description });

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
    days: z
      .int()
      .min(1)
      .meta({ description: 'How many days they count.', examples: [30] }),
    measure: z
      .object({
        days: z
          .int()
          .min(1)
          .meta({ examples: [30] }),
        baseRate: z
          .number()
          .nullable()
          .meta({ examples: [0.03] }),
      })
      .nullable()
      .meta({ description: 'How the order fixed that it is judged; `null` where it did not.' }),
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
          ...namedFields,
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
      .meta({ description: 'By name. Each interval is one of 95 %.' }),
    segments: z
      .array(
        z.object({
          segment: z.string().meta({ description: 'Name of an audience segment.', examples: ['loyal'] }),
          sent: count('Customers of the segment who have a video.', 1710),
          heldOut: count('Customers of the segment in the control group.', 190),
          conversions: z.array(z.object(namedFields)).meta({ description: 'By name.' }),
        }),
      )
      .meta({
        description:
          'The same within each audience segment that customers were in when the campaign was ordered. Intervals are wider: those of all segments together hold in 95 of 100 campaigns.',
      }),
    variants: z
      .array(
        z.object({
          variant: z.string().meta({ examples: ['loyal'] }),
          people: count('Customers who have a video of it.', 1800),
        }),
      )
      .meta({ description: 'Variants of the story. Empty where the campaign compares none.' }),
    variantConversions: z
      .array(
        z.object({
          name: z.string().meta({ description: 'What they did.', examples: ['renewed'] }),
          rates: z.array(rateSchema.extend({ variant: z.string().meta({ examples: ['loyal'] }) })),
          comparisons: z
            .array(
              z.object({
                variant: z.string().meta({ examples: ['loyal'] }),
                against: z.string().meta({ examples: ['new'] }),
                verdict: verdictSchema.meta({
                  description:
                    'As above: `more` says that more customers do it with `variant` than with `against`.',
                }),
                intervals: basisSchema,
                difference: differenceSchema,
                lift: liftSchema,
              }),
            )
            .meta({ description: 'Each variant against each other.' }),
        }),
      )
      .meta({
        description:
          'What customers did, by variant. The intervals of differences and lifts hold together in 95 of 100 campaigns, however many variants there are.',
      }),
    viewers: z
      .object({
        devices: viewersSchema('By kind of device.', 'phone'),
        days: viewersSchema('By the day of the first opening, in UTC.', '2026-11-30'),
      })
      .meta({
        description:
          'What customers did who opened their page. It compares nothing: who opens a video is not like the others.',
      }),
  })
  .meta({
    id: 'Comparison',
    description: 'What customers with a video did, beside those who were held out. Intervals are of 95 %.',
  });

export type Comparison = z.output<typeof comparisonSchema>;
