import { z } from 'zod';
import { parseColumnOverride, type ColumnOverride } from '../../data/csv/map-columns.ts';
import { savedMappingSchema } from '../../data/csv/saved-mapping.ts';
import { isTimeZone } from '../../data/parse-times.ts';
import { dateOrders, decimalMarks } from '../../data/parse-values.ts';
import { type Encoding, encodings, findEncoding } from '../../data/table/encodings.ts';
import { mostSkipped } from '../../data/table/layout.ts';
import { mostHeldOut, mostVariants } from '../../worker/core/holdout.ts';
import { mostDays, usualDays } from '../../worker/core/campaigns.ts';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { InvalidRequest } from '../invalid-request.ts';
import { parseJsonText } from '../parse-json.ts';
import { asOfSchema, linkKeySchema, orderFields, suspectFields } from './order.ts';

/** Most rows of a JSON body; use a CSV for more. */
const mostJsonRows = 10_000;

const mostOverrides = 100;

const columnName = z.string().min(1).max(300);

const idColumn = columnName.optional().meta({
  description: "The column with the customer's id. Default: found by its name.",
  examples: ['customer_id'],
});

/**
 * Checks only that a row is an object. Its cells are checked when they are read, which stops at the first invalid
 * one: a list of all errors in ten megabytes would be even larger.
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
      'Objects of column names and values, one for each customer. The names are matched to fields like the columns of a CSV. An object is an amount of money, such as `{ "amount": 12.5, "currency": "EUR" }`, or fills a field that is an object; a list fills a field that is a list.',
    items: {
      type: 'object',
      additionalProperties: { type: ['string', 'number', 'boolean', 'object', 'array', 'null'] },
    },
    examples: [[{ customer_id: 'c-1', first_name: 'Anna', plan: 'Plus' }]],
  });

/** How the values of columns are read. */
const readingFields = {
  dateOrder: z
    .enum(dateOrders)
    .optional()
    .meta({
      description:
        'What comes first in days such as 03/04/2026. Default: what other days of the column say; where none does, the file is refused.',
      examples: ['day-first'],
    }),
  decimalMark: z
    .enum(decimalMarks)
    .optional()
    .meta({
      description:
        'What separates the fraction in numbers such as 1,234. Default: what other numbers of the column say; where none does, the file is refused.',
      examples: [','],
    }),
  timeZone: z
    .string()
    .max(100)
    .refine(isTimeZone, 'Must be the name of a time zone, such as Europe/Berlin.')
    .optional()
    .meta({
      description:
        'The zone whose days count where values are times in a zone, such as 2026-03-14T23:00:00Z. Default: the days as they are written.',
      examples: ['Europe/Berlin'],
    }),
};

const rowEventsDescription =
  'Whether webhooks also get an event for each row that is done (`render.done`) or has failed (`render.failed`), with its ids and links. Default: only the end of the campaign.';

const viewerEventsDescription =
  'Whether webhooks also get what viewers do on their pages (`viewer.event`): of each viewer, all that came since the last message. Default: nothing.';

const picturesDescription =
  'Whether a forecast looks at pictures: at up to 1,000 that are not known yet, for up to 20 seconds. What it has looked at is known for a day. Without `dryRun` it has no effect. Default: `true`.';

const limitDescription = 'Read only this many rows, from the first. Default: all rows.';

/** The control group of a campaign. */
const holdoutSchema = z
  .strictObject({
    share: z
      .number()
      .positive()
      .max(mostHeldOut)
      .meta({ description: 'Of the customers.', examples: [0.1] }),
    key: linkKeySchema.optional().meta({
      description:
        'Orders with the same key hold out the same customers. Default: `linkKey`, or else the template and the content of the file.',
      examples: ['spring-2026'],
    }),
  })
  .meta({
    id: 'Holdout',
    description:
      'A control group: customers who get no video, so that you can compare. They are drawn by their ids, and their rows are `skipped` with the reason `holdout`.',
  });

/** Variants of a story that a campaign compares. */
const variantsSchema = z
  .array(z.string().min(1).max(100))
  .min(2, 'Must name two or more.')
  .max(mostVariants)
  .refine((names) => new Set(names).size === names.length, 'Must be different.')
  .meta({
    description:
      'Audience segments or boolean facts of the template to compare. Customers who are not held out are divided between them in equal shares, by their ids: for one who is assigned to a variant, it holds and the others do not, whatever the record says.',
    examples: [['loyal', 'new']],
  });

/** How the result of a campaign is judged. */
const measureSchema = z
  .strictObject({
    days: z
      .int()
      .min(1)
      .max(mostDays)
      .default(usualDays)
      .meta({ description: 'How many days conversions count, from the order on.', examples: [30] }),
    baseRate: z
      .number()
      .positive()
      .max(0.999)
      .optional()
      .meta({
        description:
          'Share of the customers who would act without a video. With it, the report gives no verdict before the control group has as many conversions as such a campaign usually reaches.',
        examples: [0.03],
      }),
  })
  .meta({
    id: 'Measure',
    description:
      'How the result is judged, fixed before anyone can know it. The report of the campaign counts these days; for other days it gives no verdict.',
  });

const overrides = z
  .record(columnName, z.string().min(1).max(100))
  .transform((map): readonly ColumnOverride[] =>
    Object.entries(map).map(([column, field]) => ({ column, field })),
  );

/** What `POST /v1/campaigns` takes as JSON. */
export const campaignJsonSchema = z
  .strictObject({
    ...orderFields,
    ...suspectFields,
    ...readingFields,
    rows,
    mapping: savedMappingSchema.optional(),
    map: overrides.optional().meta({
      description:
        'The field of a column, by column name. It wins over `mapping`. Other columns are matched by their names.',
      examples: [{ 'Vorname Kunde': 'firstName' }],
    }),
    idColumn,
    asOf: asOfSchema,
    holdout: holdoutSchema.optional(),
    variants: variantsSchema.optional(),
    measure: measureSchema.optional(),
    rowEvents: z
      .boolean()
      .optional()
      .meta({ description: rowEventsDescription, examples: [true] }),
    viewerEvents: z
      .boolean()
      .optional()
      .meta({ description: viewerEventsDescription, examples: [true] }),
    limit: z
      .int()
      .min(1)
      .optional()
      .meta({ description: limitDescription, examples: [10] }),
    dryRun: z
      .boolean()
      .default(false)
      .meta({
        description: 'Returns a forecast and orders nothing.',
        examples: [false],
      }),
    pictures: z
      .boolean()
      .default(true)
      .meta({ description: picturesDescription, examples: [true] }),
  })
  .meta({ description: `Up to ${mostJsonRows} rows, 10 MB in total.` });

/** Reads JSON from a text. */
const fromJson = z.string().transform((text, context): unknown => {
  try {
    return parseJsonText(text);
  } catch (error) {
    const message = error instanceof InvalidRequest ? error.message : 'Is not valid JSON.';
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

const encodingName = z.string().transform((text, context): Encoding => {
  const found = findEncoding(text);
  if (found !== undefined) return found;
  context.addIssue({ code: 'custom', message: `Must be one of ${encodings.join(', ')}.` });
  return z.NEVER;
});

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'Must be a whole number.')
    .transform(Number)
    .pipe(z.number().min(least, `Must be at least ${least}.`).max(most, `Must be at most ${most}.`));

const mostRows = 999_999_999;

/** Where the table is in the file, and how the file is read. */
const tableFields = {
  sheet: z
    .string()
    .min(1)
    .max(300)
    .optional()
    .meta({
      description: 'The sheet of a workbook. Default: the first visible one with cells.',
      examples: ['Customers'],
    }),
  encoding: encodingName.optional().meta({
    description: `The encoding of a text: ${encodings.join(', ')}. Default: recognized; where two fit, the file is refused.`,
    examples: ['windows-1250'],
  }),
  headerRow: wholeNumber(1, mostSkipped)
    .optional()
    .meta({
      description:
        'The row of the sheet, or line of the text, that holds the names of the columns. Default: recognized.',
      examples: ['4'],
    }),
  skipFooter: wholeNumber(0, mostSkipped)
    .optional()
    .meta({
      description: 'How many rows at the end are no customers. Default: totals and notes are recognized.',
      examples: ['2'],
    }),
};

const yesOrNo = z.enum(['true', 'false', '1', '0', '']).transform((word) => word === 'true' || word === '1');

/** The fields of the form that `POST /v1/campaigns` takes; the file is read separately. */
export const campaignFormSchema = z.strictObject({
  ...orderFields,
  strict: yesOrNo
    .optional()
    .meta({ description: '`true` fails rows with suspect values.', examples: ['true'] }),
  accept: suspectFields.accept,
  ...readingFields,
  ...tableFields,
  metadata: fromJson
    .pipe(orderFields.metadata)
    .optional()
    .meta({
      description: 'The metadata object as JSON text.',
      examples: ['{"mailing":"spring"}'],
    }),
  settings: fromJson
    .pipe(orderFields.settings)
    .optional()
    .meta({
      description: 'The settings as JSON text.',
      examples: ['{"accent":"#0b6e4f"}'],
    }),
  link: fromJson
    .pipe(orderFields.link)
    .optional()
    .meta({
      description: 'The call to action as JSON text.',
      examples: ['{"to":"https://shop.example.com/offer"}'],
    }),
  holdout: fromJson
    .pipe(holdoutSchema)
    .optional()
    .meta({ description: 'The control group as JSON text.', examples: ['{"share":0.1}'] }),
  variants: variantsSchema.optional(),
  measure: fromJson
    .pipe(measureSchema)
    .optional()
    .meta({ description: 'How the result is judged, as JSON text.', examples: ['{"days":30}'] }),
  mapping: fromJson
    .pipe(savedMappingSchema)
    .optional()
    .meta({
      description: 'The mapping as JSON text.',
      examples: ['{"fields":{"firstName":"Vorname","plan":"=Plus"}}'],
    }),
  map: z
    .array(override)
    .max(mostOverrides)
    .optional()
    .meta({
      description: '`column=field`, as in `bespoke batch --map`. May be repeated.',
      examples: [['Vorname Kunde=firstName']],
    }),
  idColumn,
  asOf: asOfSchema,
  rowEvents: yesOrNo.optional().meta({ description: rowEventsDescription, examples: ['true'] }),
  viewerEvents: yesOrNo.optional().meta({ description: viewerEventsDescription, examples: ['true'] }),
  limit: wholeNumber(1, mostRows)
    .optional()
    .meta({ description: limitDescription, examples: ['10'] }),
  dryRun: yesOrNo.optional().meta({
    description: '`true` returns a forecast and orders nothing.',
    examples: ['true'],
  }),
  pictures: yesOrNo.optional().meta({ description: picturesDescription, examples: ['true'] }),
});

/** The form as the document shows it. */
export const campaignFormDocument = campaignFormSchema
  .extend({
    file: z.string().meta({
      format: 'binary',
      description:
        'The table: CSV or TSV, an Excel workbook (XLSX, XLS), an OpenDocument spreadsheet, JSON or NDJSON, or one of these compressed with gzip. Its content says which; its name decides only where the content does not. Parts may have any order. The table is stored with the campaign as a CSV; rows of people who are erased are blanked in it.',
    }),
  })
  .meta({ description: 'A table with its options. The operator limits the size of the file.' });
