import type { z } from 'zod';

/** A JSON Schema (2020-12), as far as fields need one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** How a field is edited, drawn and resolved; `image` fields are URLs that the pipeline fetches. */
export type FieldKind = 'text' | 'number' | 'date' | 'choice' | 'image' | 'locale';

/**
 * One named value of a customer record.
 *
 * `schema` parses the value of a CSV cell (always a string, already trimmed, never empty) or of a JSON body
 * (string or native value). Its messages are predicates that follow the quoted value and end with a valid
 * one: `is not a number; write 1234.5`. The schema never sees emptiness: an empty cell of a required field is
 * an issue, of an optional one it is `fallback`.
 */
export interface Field<T = unknown> {
  readonly kind: FieldKind;
  readonly label: string;
  readonly schema: z.ZodType<T>;
  /**
   * The plain form of the value in JSON bodies: everything that it allows passes, as far as JSON Schema can
   * express that. Other spellings that `schema` understands pass too.
   */
  readonly jsonSchema: JsonSchema;
  readonly required: boolean;
  /** Whether the value is about one person; clips that read it are personal. */
  readonly personal: boolean;
  /** Replaces an empty optional value, and a text that no bundled font can draw. */
  readonly fallback: T | undefined;
  /** Further header names of this field in CRM exports. */
  readonly aliases: readonly string[];
  /** A valid value as a person would type it. Shown beside every rejected value. */
  readonly example: string;
}

/** The fields of a record by name; names are camelCase and are matched to headers by suggestion. */
export type Fields = Readonly<Record<string, Field>>;

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
  /** Column, value, what is wrong and what to write, in one sentence. */
  readonly message: string;
}

export type RecordCheck<R = AnyRecord> =
  { readonly ok: true; readonly record: R } | { readonly ok: false; readonly issues: readonly FieldIssue[] };
