import type { Field, Fields, JsonSchema } from './record.ts';

const empty: JsonSchema = { enum: [null, ''] };

/** A valid value as JSON: a number if the field is one. */
function exampleOf({ schema, example }: Field): unknown {
  const parsed = schema.safeParse(example);
  return parsed.success ? parsed.data : undefined;
}

function fieldSchema(field: Field): JsonSchema {
  const { label, jsonSchema, required, fallback } = field;
  const example = exampleOf(field);
  return {
    title: label,
    ...(required ? jsonSchema : { anyOf: [jsonSchema, empty] }),
    ...(!required && fallback !== undefined && { default: fallback }),
    ...(example !== undefined && { examples: [example] }),
  };
}

/**
 * JSON Schema (2020-12) of a template's record in a JSON body. Everything that it allows is accepted, as far as JSON
 * Schema can express that; so are some other spellings (`"1 234,5"`, `"3 May 2021"`).
 */
export function recordJsonSchema(fields: Fields): JsonSchema {
  const entries = Object.entries(fields);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, field]) => [name, fieldSchema(field)])),
    required: entries.flatMap(([name, { required }]) => (required ? [name] : [])),
    additionalProperties: false,
  };
}
