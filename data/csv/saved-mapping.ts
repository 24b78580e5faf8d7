import { z } from 'zod';

const source = z.string().min(1).max(1_000);
const emptyAs = z.literal('fallback').meta({
  description: 'An empty value of a required field takes its fallback, instead of failing its row.',
});

/** How one field is filled. */
export const fieldSourceSchema = z
  .union([
    source,
    z.null(),
    z.strictObject({
      from: source,
      words: z
        .record(z.string().min(1).max(300), z.string().max(300).nullable())
        .optional()
        .meta({ description: 'What values of the column mean. Case, spaces and hyphens do not matter.' }),
      emptyAs: emptyAs.optional(),
    }),
  ])
  .meta({
    description:
      'The header of a column; `=` and a constant; or a text with headers in braces, such as `{First} {Last}`. `null` leaves the field empty.',
    examples: ['Vorname', '=Plus', '{First} {Last}', { from: 'Gruppe', words: { Treu: 'loyal' } }],
  });

/** What a mapping says of a field. */
export type FieldSource = z.infer<typeof fieldSourceSchema>;

/** How the columns of an export fill the fields of a template, kept to be used again. */
export const savedMappingSchema = z
  .strictObject({
    id: source.optional().meta({ description: "The column with the customer's id." }),
    fields: z.record(z.string().min(1).max(100), fieldSourceSchema).default({}),
    unused: z
      .array(source)
      .max(1_000)
      .optional()
      .meta({ description: 'Columns that fill no field, whatever they are called.' }),
    emptyAs: emptyAs.optional(),
  })
  .meta({
    description:
      'How columns fill fields. Fields that it does not name are matched by the names of columns. `bespoke map` writes one.',
    examples: [{ id: 'Kunden-Nr.', fields: { firstName: 'Vorname', plan: '=Plus' } }],
  });

/** A mapping as it is kept. */
export type SavedMapping = z.infer<typeof savedMappingSchema>;
