import type { Parsed } from './parse-text.ts';
import type { Meaning } from './known-headers.ts';
import type { Suspect, Suspicion } from './suspects.ts';

/** A JSON Schema (2020-12), as far as fields need one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * How a field is edited, drawn and resolved. `image` and `audio` fields are URLs that the pipeline fetches; `link` fields
 * are addresses that a call to action leads to, and are never drawn.
 */
export const fieldKinds = [
  ...(['text', 'number', 'boolean', 'date', 'choice', 'color', 'image', 'locale', 'link'] as const),
  'audio',
  ...(['email', 'phone', 'paragraphs', 'money', 'dateTime', 'time'] as const),
  ...(['list', 'object'] as const),
] as const;
export type FieldKind = (typeof fieldKinds)[number];

/** How many items a list takes. */
export interface ItemBounds {
  readonly min: number;
  readonly max: number;
  /** What becomes of a list with more: it is refused, or its first items are taken, with a warning. */
  readonly tooMany: 'refuse' | 'cut';
}

/**
 * One named value of a customer record.
 *
 * `parse` reads what a CSV cell (always a string, already trimmed, never empty) or a JSON body
 * (string or native value) contains. Its messages are predicates that follow the quoted value and end with a
 * correct example: `is not a number; write 1234.5`. Empty values are never parsed: an empty cell of a
 * required field is an issue, of an optional one it is `fallback`.
 */
export interface Field<T = unknown> {
  readonly kind: FieldKind;
  readonly label: string;
  readonly parse: (input: unknown) => Parsed<T>;
  /**
   * JSON Schema of the plain form in JSON bodies: values that it allows are accepted, as far as JSON Schema can
   * express the rules. Other spellings that `parse` understands are accepted too.
   */
  readonly jsonSchema: JsonSchema;
  readonly required: boolean;
  /** Whether the value is about one person; clips that read it are personal. */
  readonly personal: boolean;
  /** Replaces an empty optional value, and a text that no bundled font can draw. */
  readonly fallback: T | undefined;
  /** Whether the order gives the value, the same for all rows; see `setting`. */
  readonly setting?: true;
  /** Of an object, and of each item of a list: its own fields. Unset: the value has no parts. */
  readonly fields?: Fields;
  /** Of a list. */
  readonly items?: ItemBounds;
  /** Of a picture: the colour that shows through where it is transparent, as `#rrggbb`. Unset: it stays transparent. */
  readonly ground?: string;
  /**
   * What an accepted value may be suspected of.
   *
   * @param value as `parse` returned it.
   * @param asOf ISO date that is today in the videos.
   * @param written as it came.
   */
  readonly suspect?: (value: unknown, asOf: string, written: unknown) => Suspect | undefined;
  /** What the value stands for, whatever the template calls it. */
  readonly means?: Meaning | undefined;
  /** Further header names of this field in CRM exports. */
  readonly aliases: readonly string[];
  /** Header names that count where no other column fits. */
  readonly vagueAliases?: readonly string[];
  /** A correct value, as a person would type it. Shown with every rejected value. */
  readonly example: string;
}

/** Whether a field is the address of a file that the pipeline fetches: scenes get what it led to. */
export const isFetched = ({ kind }: Pick<Field, 'kind'>): boolean => kind === 'image' || kind === 'audio';

/** The fields of a record by name; names are camelCase and are matched to headers by suggestion. */
export type Fields = Readonly<Record<string, Field>>;

const partOf = (fields: Fields, isSetting: boolean): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, field]) => (field.setting === true) === isSetting));

/** The fields that a row fills. */
export const rowFields = (fields: Fields): Fields => partOf(fields, false);

/** The fields that an order fills. */
export const settingFields = (fields: Fields): Fields => partOf(fields, true);

/** A checked record: one value per field, `undefined` only where an optional field has no fallback. */
export type RecordOf<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never;
};

/** A record whose template is not known statically. */
export type AnyRecord = Readonly<Record<string, unknown>>;

/** A fault of one value of a row, in words a person can act on. */
export interface FieldIssue {
  readonly field: string;
  /** The CSV column of the value, or the field's own name without a column. */
  readonly column: string;
  /** The value in the input, shortened to 80 characters. */
  readonly value: string;
  /** Column, value, what is wrong and how to correct it, in one sentence. */
  readonly message: string;
}

/** An accepted value that may not be what is meant, or was read as something else than it says. */
export interface ValueWarning {
  readonly code: Suspicion | 'value-repaired' | 'list-shortened';
  /** The CSV column of the value, or the field's own name without a column. */
  readonly field: string;
  /** Column, value and what it is suspected of or read as, in one sentence. */
  readonly message: string;
}

export type RecordCheck<R = AnyRecord> =
  | { readonly ok: true; readonly record: R; readonly warnings: readonly ValueWarning[] }
  | { readonly ok: false; readonly issues: readonly FieldIssue[] };

const empty: JsonSchema = { enum: [null, ''] };

/** A correct value as JSON: a number for a number field. */
function exampleOf({ parse, example }: Field): unknown {
  try {
    const parsed = parse(example);
    return parsed.ok ? parsed.value : undefined;
  } catch {
    // A mistake of a template's own field; each row says so.
    return undefined;
  }
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

/** JSON Schema of an object with these fields. */
export function objectJsonSchema(fields: Fields): JsonSchema {
  const entries = Object.entries(rowFields(fields));
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, field]) => [name, fieldSchema(field)])),
    required: entries.flatMap(([name, { required }]) => (required ? [name] : [])),
    additionalProperties: false,
  };
}

/**
 * JSON Schema (2020-12) of a template's record in a JSON body. Values that it allows are accepted, as far as JSON
 * Schema can express the rules; other spellings (`"1 234,5"`, `"3 May 2021"`) are accepted too.
 */
export const recordJsonSchema = (fields: Fields): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...objectJsonSchema(fields),
});
