import { z } from 'zod';
import type { Field, Fields } from '../../data/record.ts';

/** How Studio edits a value: field schemas also read CSV cells, which no editor can show. */
function valueSchema(field: Field): z.ZodType {
  switch (field.kind) {
    case 'number':
      return z.number();
    case 'text':
    case 'choice':
    case 'date':
    case 'image':
    case 'locale':
      return z.string();
    default:
      return field.kind satisfies never;
  }
}

/** Schema of a record for Studio's form. */
export function recordSchema(fields: Fields): z.ZodObject {
  return z.object(
    Object.fromEntries(
      Object.entries(fields).map(([name, field]) => {
        const schema = valueSchema(field);
        return [name, field.required ? schema : schema.optional()];
      }),
    ),
  );
}
