import { z } from 'zod';
import { delimiters } from '../../data/csv/dialect.ts';
import { encodings } from '../../data/table/encodings.ts';
import { tableFormats } from '../../data/table/formats.ts';
import { skippedKinds } from '../../data/table/layout.ts';
import { count } from '../core/render-schema.ts';

/** How an input was read. */
export const inputSchema = z
  .object({
    fileName: z.string().meta({ examples: ['customers.csv'] }),
    format: z
      .enum(tableFormats)
      .meta({ description: 'What the file is, by its content.', examples: ['csv'] }),
    compressed: z.boolean().meta({ description: 'Whether it was compressed with gzip.', examples: [false] }),
    sheet: z
      .string()
      .optional()
      .meta({ description: 'The sheet of a workbook that was read.', examples: ['Customers'] }),
    sheets: z
      .array(z.string())
      .optional()
      .meta({ description: 'All sheets of a workbook.', examples: [['Customers', 'Notes']] }),
    encoding: z.enum(encodings).meta({ examples: ['utf-8'] }),
    encodingBy: z.enum(['mark', 'content', 'letters', 'option']).meta({
      description:
        'How the encoding is known: by a byte order mark, because the whole file is valid, by what its letters spell (the likeliest one), or from the request.',
      examples: ['content'],
    }),
    backslashes: z
      .literal(true)
      .optional()
      .meta({
        description: 'Quotes in values of a CSV were written behind backslashes, as MySQL does.',
        examples: [true],
      }),
    headerRow: z
      .int()
      .min(1)
      .meta({ description: 'The row of the sheet, or line of the text, of the header.', examples: [1] }),
    skippedRows: count(
      'Rows that are neither header nor customers: titles, repeated headers, totals, notes.',
      0,
    ),
    skipped: z
      .array(
        z.object({
          row: z
            .int()
            .min(1)
            .meta({ description: 'In the sheet or text.', examples: [1] }),
          kind: z.enum(skippedKinds).meta({ examples: ['title'] }),
          text: z.string().meta({ examples: ['Customers, spring 2026'] }),
        }),
      )
      .meta({ description: 'The first of these rows.', examples: [[]] }),
    delimiter: z.enum(delimiters).meta({ examples: [';'] }),
    idColumn: z
      .string()
      .optional()
      .meta({ examples: ['customer_id'] }),
    refusedId: z
      .object({
        column: z.string().meta({ examples: ['Email'] }),
        fault: z.enum(['repeated', 'empty', 'rounded']).meta({ examples: ['repeated'] }),
        row: z
          .int()
          .min(1)
          .meta({ description: 'The first row of this kind.', examples: [12] }),
      })
      .optional()
      .meta({
        description:
          'A column that looked like the id and is not used, since its values repeat, are missing or were rounded by a spreadsheet. `idColumn` in the request uses it all the same; such rows then fail.',
      }),
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

export type InputReading = z.output<typeof inputSchema>;

/** The values of settings that an order gave. */
export const orderedSettings = z
  .record(z.string(), z.unknown())
  .optional()
  .meta({ description: 'Values of settings that it was ordered with.', examples: [{ accent: '#0b6e4f' }] });
