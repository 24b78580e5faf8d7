import { z } from 'zod';
import { parseColumnOverride, type ColumnOverride } from '../../data/csv/map-columns.ts';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { InvalidRequest } from '../invalid-request.ts';
import { parseJsonText } from '../parse-json.ts';
import { asOfSchema, orderFields } from './order.ts';

/** Rows that a JSON body may hold; more come as a CSV. */
const mostJsonRows = 10_000;

const mostOverrides = 100;

const columnName = z.string().min(1).max(300);

const idColumn = columnName.optional().meta({
  description: 'The column that tells customers apart; found by its name where not said.',
  examples: ['customer_id'],
});

/**
 * Checks only that a row is an object. Its cells are checked when they are read, which stops at the first that
 * cannot be used: a list of everything wrong in ten megabytes would be larger still.
 */
const isRow = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const rows = z
  .array(z.unknown())
  .min(1)
  .max(mostJsonRows)
  .superRefine((all, context) => {
    const bad = all.findIndex((row) => !isRow(row));
    if (bad < 0) return;
    context.addIssue({
      code: 'custom',
      path: [bad],
      message: 'Must be an object of column names and values.',
    });
  })
  .meta({
    description:
      'Objects of column names and values, one for each customer. The names are matched to fields as the columns of a CSV are.',
    items: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } },
    examples: [[{ customer_id: 'c-1', first_name: 'Anna', plan: 'Plus' }]],
  });

const limitDescription = 'Only so many rows, from the first on; all of them where it is missing.';

const overrides = z
  .record(columnName, z.string().min(1).max(100))
  .transform((map): readonly ColumnOverride[] =>
    Object.entries(map).map(([column, field]) => ({ column, field })),
  );

/** What `POST /v1/campaigns` takes as JSON. */
export const campaignJsonSchema = z
  .strictObject({
    ...orderFields,
    rows,
    map: overrides.optional().meta({
      description:
        'Which field a column fills, by column name; the other columns are matched by their names.',
      examples: [{ 'Vorname Kunde': 'firstName' }],
    }),
    idColumn,
    asOf: asOfSchema,
    limit: z
      .int()
      .min(1)
      .optional()
      .meta({ description: limitDescription, examples: [10] }),
    dryRun: z
      .boolean()
      .default(false)
      .meta({
        description: 'Answers what it would take, and orders nothing.',
        examples: [false],
      }),
  })
  .meta({ description: `Up to ${mostJsonRows} rows, 10 MB in all.` });

/** Reads a text that holds JSON. */
const fromJson = z.string().transform((text, context): unknown => {
  try {
    return parseJsonText(text);
  } catch (error) {
    const message = error instanceof InvalidRequest ? error.message : 'Is not JSON.';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
});

const override = z.string().transform((text, context): ColumnOverride => {
  try {
    return parseColumnOverride(text);
  } catch (error) {
    if (!(error instanceof BespokeError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
});

const yesOrNo = z.enum(['true', 'false', '1', '0', '']).transform((word) => word === 'true' || word === '1');

/** The fields of the form that `POST /v1/campaigns` takes; the file comes apart from them. */
export const campaignFormSchema = z.strictObject({
  ...orderFields,
  metadata: fromJson
    .pipe(orderFields.metadata)
    .optional()
    .meta({
      description: 'As in JSON, written as JSON: a field of the form holds one text.',
      examples: ['{"mailing":"spring"}'],
    }),
  map: z
    .array(override)
    .max(mostOverrides)
    .optional()
    .meta({
      description: '`column=field`, as `bespoke batch --map` takes it. May come several times.',
      examples: [['Vorname Kunde=firstName']],
    }),
  idColumn,
  asOf: asOfSchema,
  limit: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'Must be a whole number of at least 1.')
    .transform(Number)
    .optional()
    .meta({ description: limitDescription, examples: ['10'] }),
  dryRun: yesOrNo.optional().meta({
    description: '`true` answers what it would take, and orders nothing.',
    examples: ['true'],
  }),
});

/** The form as the document shows it. */
export const campaignFormDocument = campaignFormSchema
  .extend({
    file: z.string().meta({
      format: 'binary',
      description:
        'The CSV: UTF-8, UTF-16 or Windows-1252; comma, semicolon, tab or pipe. Parts may come in any order. It is kept as long as the campaign.',
    }),
  })
  .meta({ description: 'A CSV with its choices. The size of the file is limited by the operator.' });
