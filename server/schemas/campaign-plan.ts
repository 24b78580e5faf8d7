import { z } from 'zod';
import type { DescribedInput } from '../../worker/campaigns/request.ts';
import type { CampaignPlan } from '../../worker/campaigns/plan.ts';
import { formatSchema } from '../../video/story/story-schema.ts';
import { qualitySchema } from './order.ts';
import { errorCodeSchema } from './problem.ts';

const count = (description: string, example: number) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [example] });

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

/** How an input was read. */
export const inputSchema = z
  .object({
    fileName: z.string().meta({ examples: ['customers.csv'] }),
    encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']).meta({ examples: ['utf-8'] }),
    delimiter: z.enum([',', ';', '\t', '|']).meta({ examples: [';'] }),
    idColumn: z
      .string()
      .optional()
      .meta({ examples: ['customer_id'] }),
    mapping: z
      .array(
        z.object({
          column: z.string().meta({ examples: ['First Name'] }),
          field: z.string().meta({ examples: ['firstName'] }),
        }),
      )
      .meta({
        description: 'The column of each field.',
        examples: [[{ column: 'First Name', field: 'firstName' }]],
      }),
    unusedColumns: z.array(z.string()).meta({ examples: [['Notes']] }),
    unfilledFields: z
      .array(z.string())
      .meta({ description: 'Fields without a column.', examples: [['photo']] }),
  })
  .meta({ id: 'InputReading', description: 'How the input was read.' });

/** An input as clients see it. */
export function presentInput(input: DescribedInput): z.infer<typeof inputSchema> {
  const { mapping, unusedColumns, unfilledFields, ...rest } = input;
  return {
    ...rest,
    mapping: [...mapping],
    unusedColumns: [...unusedColumns],
    unfilledFields: [...unfilledFields],
  };
}

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
  .meta({ id: 'CampaignPlan', description: 'The forecast for a campaign. Nothing was ordered or fetched.' });

/** An estimate in thousandths: sums of fractions end in digits that mean nothing. */
const toThousandths = (estimate: number): number => Math.round(estimate * 1000) / 1000;

/** A plan as clients see it. */
export function presentPlan(plan: CampaignPlan): z.infer<typeof campaignPlanSchema> {
  const { input, badRows, scenes, ...rest } = plan;
  return {
    ...rest,
    input: presentInput(input),
    badRows: [...badRows],
    seconds: toThousandths(plan.seconds),
    scenes: scenes.map((scene) => ({ ...scene, seconds: toThousandths(scene.seconds) })),
  };
}
