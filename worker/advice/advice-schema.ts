import { z } from 'zod';
import { inputSchema } from '../campaigns/input-schema.ts';
import { campaignPlanSchema, moment, qualitySchema } from '../campaigns/report-schema.ts';
import { count } from '../core/render-schema.ts';
import { formatSchema } from '../../video/story/story-schema.ts';

/* The answer to "Are we ready?" for one file, one template and one deployment. */

export const levelSchema = z.enum(['ready', 'with-care', 'not-yet']).meta({
  id: 'ReadinessLevel',
  description: 'docs/readiness.md has the criteria of each level.',
  examples: ['with-care'],
});

export type Level = z.output<typeof levelSchema>;

export const factorNames = ['data', 'content', 'privacy', 'resources', 'time'] as const;
export type FactorName = (typeof factorNames)[number];

const sentence = (description: string, example: string) =>
  z.string().meta({ description, examples: [example] });

const field = z.string().meta({ description: 'Name of the field.', examples: ['city'] });
const label = z.string().meta({ description: 'Its name for people.', examples: ['City'] });
const share = (description: string, example: number) =>
  z
    .number()
    .min(0)
    .max(1)
    .meta({ description, examples: [example] });
const amount = (description: string, example: number) =>
  z
    .number()
    .min(0)
    .meta({ description, examples: [example] });
const names = (description: string, example: readonly string[]) =>
  z.array(z.string()).meta({ description, examples: [[...example]] });
const day = (description: string, example: string) =>
  z.iso
    .date()
    .nullable()
    .meta({ description, examples: [example] });

const findingSchema = z.object({
  criterion: z.string().meta({ description: 'Permanent.', examples: ['fields-filled'] }),
  level: levelSchema,
  message: sentence('What was found.', 'City is usable in 31 % of the rows.'),
  remedy: z
    .string()
    .nullable()
    .meta({
      description: 'What to do; `null` where nothing is.',
      examples: ['Complete the column, or leave the field out.'],
    }),
});

export type Finding = z.output<typeof findingSchema>;

const factorSchema = z.object({
  factor: z.enum(factorNames).meta({ examples: ['data'] }),
  title: z.string().meta({ examples: ['Data capture'] }),
  level: levelSchema,
  findings: z.array(findingSchema),
});

export type Factor = z.output<typeof factorSchema>;

const dataFieldSchema = z.object({
  field,
  label,
  column: z
    .string()
    .nullable()
    .meta({ description: 'The column that fills it; `null` without one.', examples: ['City'] }),
  kind: z.string().meta({ examples: ['text'] }),
  personal: z.boolean().meta({ examples: [true] }),
  scenes: names('Scenes that show it, directly or through a fact.', ['tenure']),
  filled: share('Rows in which it is not empty, of all rows with the right number of cells.', 0.94),
  optional: z.boolean().meta({
    description: 'Whether the scenes work without it, with nothing in its place.',
    examples: [false],
  }),
  required: z.boolean().meta({
    description: 'Whether rows without a value fail: it is required, and the mapping does not say `emptyAs`.',
    examples: [true],
  }),
  usable: share('Rows in which its value is accepted, of the same.', 0.92),
  doubtful: count('Rows whose value is accepted and doubtful.', 3),
  distinct: z.object({
    values: count('Different values.', 812),
    exact: z.boolean().meta({
      description: 'Whether they were counted. Above 8,192 they are estimated, to about 2 %.',
      examples: [true],
    }),
  }),
  only: z
    .string()
    .nullable()
    .meta({ description: 'The value, where all rows that have one have the same.', examples: [null] }),
  dates: z
    .object({
      oldest: day('The earliest day.', '2009-05-17'),
      newest: day('The latest day.', '2025-06-20'),
      unlikely: count('Days that make no sense for the date that the videos are made for.', 0),
    })
    .nullable()
    .meta({ description: 'For fields that are dates.', examples: [null] }),
  fallback: z.object({
    shown: z
      .string()
      .nullable()
      .meta({ description: 'Words in place of a value; `null` for none.', examples: ['your city'] }),
    rows: count('Videos that would show it.', 12),
    noticed: count('Of these, videos in which a scene shows words in place of the value.', 12),
  }),
});

export type DataField = z.output<typeof dataFieldSchema>;

const dataSchema = z.object({
  rows: count('All rows.', 1000),
  fields: z.array(dataFieldSchema),
  fallbacks: z.object({
    rows: count('Videos with at least one fallback.', 31),
    viewers: count('Viewers who would see one in the film.', 28),
    firstRows: z
      .array(z.int().min(1))
      .meta({ description: 'The first hundred rows that a viewer would notice.', examples: [[17, 203]] }),
  }),
});

const contentSchema = z.object({
  segments: z.array(
    z.object({
      segment: z.string().meta({ examples: ['loyal'] }),
      rows: count('Videos of people in it.', 412),
      variants: count('Different shared clips that they see.', 9),
      own: z.object({
        nodes: names('Nodes of the story that only they come to.', ['opening-loyal']),
        clips: count('Shared clips that only they see.', 4),
      }),
    }),
  ),
  inNoSegment: count('Videos of people in no audience segment.', 0),
  unreached: names('Nodes that no row of the file comes to.', ['invoice']),
  unusedValues: z
    .array(z.object({ field, label, values: z.array(z.string()) }))
    .meta({ description: 'Values that the template knows and no row has.', examples: [[]] }),
  clips: z.object({
    shown: amount('Clips in each video, on average.', 5),
    personal: amount('Of these, personal ones.', 1),
    shared: count('Different shared clips in all.', 23),
    perPerson: amount('Different clips for each video.', 1.02),
  }),
});

const privacySchema = z.object({
  fields: z
    .array(
      z.object({
        field,
        label,
        scenes: names('Scenes that show it.', ['personal']),
        correct: z.boolean().meta({ description: 'Whether viewers can correct it.', examples: [true] }),
        withhold: z.boolean().meta({ description: 'Whether viewers can withhold it.', examples: [true] }),
      }),
    )
    .meta({ description: 'Personal fields that the videos use.' }),
  seenBy: names('Who sees them.', ['The customer, through the link that you send.']),
  retention: z.array(
    z.object({
      what: sentence('What is kept.', 'Links'),
      until: sentence('How long.', '365 days after the video is done, or until you withdraw them'),
    }),
  ),
  consents: z
    .array(
      z.object({
        variable: sentence('A variable of the story.', 'household'),
        purpose: sentence('As viewers read it.', 'To plan the size of your roof.'),
      }),
    )
    .meta({
      description: 'Answers that may change a record, and for what viewers are asked.',
      examples: [[]],
    }),
  leaves: names('What leaves this deployment.', ['The address behind the button contains: plan.']),
});

const resourcesSchema = z.object({
  parts: z
    .record(z.string(), z.enum(['ok', 'away']))
    .meta({ description: 'As `/readyz` reports them.', examples: [{ queue: 'ok', database: 'ok' }] }),
  cores: count('Of the machine that answers.', 8),
  memory: z.object({
    available: count('Bytes.', 12_000_000_000),
    total: count('Bytes.', 16_000_000_000),
  }),
  parallelClips: count('Clips that a worker renders at a time.', 8),
  workers: z.object({
    running: count('Workers that are alive.', 1),
    counted: count('Workers that the forecast counts with.', 1),
  }),
  speed: z.array(
    z.object({
      scene: z.string().meta({ examples: ['personal'] }),
      framesPerSecond: z
        .number()
        .nullable()
        .meta({ description: 'Of one clip at a time; `null` where none was measured.', examples: [12.4] }),
      basis: z.enum(['measured', 'assumed']).meta({ examples: ['measured'] }),
    }),
  ),
  keys: count('API keys in use.', 2),
  roles: z.array(
    z.object({
      scope: z.enum(['render', 'read', 'conversions', 'admin']).meta({ examples: ['render'] }),
      keys: count('API keys in use with this scope.', 1),
      names: z
        .array(z.string())
        .nullable()
        .meta({ description: 'Their names; only for keys with the scope `admin`.', examples: [null] }),
    }),
  ),
});

const timeSchema = z.object({
  seconds: amount('Estimated time for all clips, with the workers that are counted.', 4180),
  workerHours: amount('The same for one worker.', 1.16),
  coreHours: amount('The same for one clip at a time, which is about one core.', 9.3),
  finishedAt: moment('When all clips are rendered if it starts now.'),
  basis: z.enum(['measured', 'assumed']).meta({ examples: ['measured'] }),
  by: z
    .object({
      at: moment('The date that was asked for.', '2026-12-04T09:00:00.000Z'),
      workers: z
        .int()
        .nullable()
        .meta({
          description: 'Workers like this one that it takes; `null` where the date is over.',
          examples: [3],
        }),
      inTime: z.boolean().meta({ examples: [false] }),
    })
    .nullable()
    .meta({
      description: 'Against the date; `null` where none was named.',
      examples: [{ at: '2026-12-04T09:00:00.000Z', workers: 3, inTime: false }],
    }),
  money: z
    .object({
      hourPrice: amount('Of an hour of a worker.', 0.4),
      currency: z
        .string()
        .nullable()
        .meta({ examples: ['EUR'] }),
      cost: amount('Of all worker-hours.', 12.4),
      budget: z
        .number()
        .nullable()
        .meta({ examples: [50] }),
    })
    .nullable()
    .meta({
      description: 'What it costs; `null` without the price of an hour.',
      examples: [{ hourPrice: 0.4, currency: 'EUR', cost: 12.4, budget: 50 }],
    }),
});

const savingSchema = z.object({
  clips: z.int().meta({ description: 'Clips fewer to render.', examples: [9412] }),
  frames: z.int().meta({ description: 'Frames fewer to render.', examples: [705_900] }),
  coreHours: z.number().meta({ description: 'Core-hours fewer.', examples: [31] }),
});

export type Saving = z.output<typeof savingSchema>;

const recommendationSchema = z.object({
  field,
  label,
  advice: z.enum(['personalize', 'customize', 'let-viewer-choose', 'leave-out']).meta({
    description:
      '`personalize`: each viewer sees their own value. `customize`: people of an audience segment see the same. `let-viewer-choose`: ask in the film. `leave-out`: do not show it.',
    examples: ['customize'],
  }),
  reason: sentence('Why.', 'Few customers share a date; many share a month.'),
  saving: savingSchema
    .nullable()
    .meta({ description: 'Counted by planning every row with the change; `null` where nothing changes.' }),
  coarser: z
    .string()
    .nullable()
    .meta({ description: 'What is shown in its place.', examples: ['renewalMonth'] }),
  apply: z.enum(['setting', 'file', 'designer', 'none']).meta({
    description:
      'Who applies it: `setting` of the campaign, a change of the `file`, the `designer` of the template, or there is nothing to do.',
    examples: ['setting'],
  }),
});

export type Recommendation = z.output<typeof recommendationSchema>;

export const adviceSchema = z
  .object({
    template: z.string().meta({ examples: ['renewal-offer'] }),
    format: formatSchema,
    quality: qualitySchema,
    asOf: campaignPlanSchema.shape.asOf,
    coarser: names('Fields that the request shows coarser.', []),
    input: inputSchema,
    rows: campaignPlanSchema.shape.rows,
    pictures: campaignPlanSchema.shape.pictures,
    clips: campaignPlanSchema.shape.clips,
    level: levelSchema,
    factors: z.array(factorSchema).meta({ description: 'The five factors, in the order of the document.' }),
    data: dataSchema,
    content: contentSchema,
    privacy: privacySchema,
    resources: resourcesSchema,
    time: timeSchema,
    recommendations: z.array(recommendationSchema).meta({ description: "In the template's order." }),
    apply: z
      .object({
        coarser: names('For `coarser` of the campaign.', ['renewalDate']),
        saving: savingSchema,
        workers: z
          .int()
          .nullable()
          .meta({ description: 'Workers that the date then takes; `null` without one.', examples: [2] }),
        cost: z
          .number()
          .nullable()
          .meta({ description: 'What it then costs; `null` without the price of an hour.', examples: [9.6] }),
      })
      .nullable()
      .meta({ description: 'What a setting of the campaign applies; `null` where there is nothing to set.' }),
  })
  .meta({
    id: 'Advice',
    description: 'Whether file, template and deployment are ready, and what to change.',
  });

export type Advice = z.output<typeof adviceSchema>;
export type DataCapture = Advice['data'];
export type ContentVolume = Advice['content'];
