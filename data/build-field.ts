import { headersOf, type Meaning, vagueHeadersOf } from './known-headers.ts';
import type { Field, FieldKind, JsonSchema } from './record.ts';
import { type Parsed, reject } from './parse-text.ts';
import type { Suspect } from './suspects.ts';

/** What every kind of field takes. */
export interface CommonOptions {
  /** The field's name for people, such as `First name`. */
  readonly label: string;
  /** Whether the value is about one person. */
  readonly personal: boolean;
  /** Further header names; case, spaces and punctuation do not matter. */
  readonly aliases?: readonly string[];
  /**
   * What the value stands for. Its usual headers in exports of seven languages are found too, and what cannot be a
   * name is reported where it stands for one.
   */
  readonly means?: Meaning;
  readonly example?: string;
}

/** A field of one kind. */
export type Built<T, K extends FieldKind> = Field<T> & { readonly kind: K };

/**
 * Declares a field. A field is required unless it has `optional: true`; then its value is `T` with a fallback and
 * `T | undefined` without one. A required field's fallback only replaces a text that no bundled font can draw.
 */
export interface FieldBuilder<T, Own, K extends FieldKind> {
  (
    options: CommonOptions & Own & { readonly optional: true; readonly fallback?: never },
  ): Built<T | undefined, K>;
  (options: CommonOptions & Own & { readonly optional?: true; readonly fallback?: T }): Built<T, K>;
}

/** Lets a parser of text also accept the numbers of JSON bodies; nothing else. */
export function fromText<T>(parse: (text: string) => Parsed<T>): (input: unknown) => Parsed<T> {
  return (input) => {
    if (typeof input === 'string') return parse(input.trim());
    if (typeof input === 'number' && Number.isFinite(input)) return parse(String(input));
    return reject('is not text');
  };
}

/** What an accepted value is suspected of. */
export type Suspecting<T> = (value: T, asOf: string, written: unknown) => Suspect | undefined;

const suspectOf = <T>(suspect: Suspecting<T> | undefined) =>
  suspect && {
    suspect: (value: unknown, asOf: string, written: unknown) => suspect(value as T, asOf, written),
  };

/** Makes the function that declares fields of a kind. */
export function builder<T, Own, K extends FieldKind>(
  kind: K,
  example: (own: Own) => string,
  jsonSchema: (own: Own) => JsonSchema,
  parser: (own: Own) => (input: unknown) => Parsed<T>,
  suspecting?: (options: CommonOptions & Own) => Suspecting<T>,
): FieldBuilder<T, Own, K> {
  return (options: CommonOptions & Own & { readonly optional?: true; readonly fallback?: T }) => ({
    kind,
    label: options.label,
    // An optional field without fallback differs only in its type: empty values are never parsed.
    parse: parser(options),
    jsonSchema: jsonSchema(options),
    required: options.optional !== true,
    personal: options.personal,
    fallback: options.fallback,
    ...suspectOf(suspecting?.(options)),
    means: options.means,
    aliases: [...(options.aliases ?? []), ...(options.means === undefined ? [] : headersOf(options.means))],
    vagueAliases: options.means === undefined ? [] : vagueHeadersOf(options.means),
    example: options.example ?? example(options),
  });
}
