import { z } from 'zod';
import type { Field, FieldKind } from './record.ts';

interface FieldOptions {
  readonly label: string;
  readonly personal: boolean;
  readonly aliases?: readonly string[];
  readonly example?: string;
}

/** Optional fields name their fallback; `undefined` says that the template copes with absence. */
type Presence<T> = { readonly optional?: false } | { readonly optional: true; readonly fallback: T };

type ValueOf<T, P> = P extends { readonly optional: true; readonly fallback: infer F } ? T | F : T;

function makeField<T, P extends Presence<T | undefined>>(
  kind: FieldKind,
  schema: z.ZodType<T>,
  options: FieldOptions & P,
  example: string,
): Field<ValueOf<T, P>> {
  return {
    kind,
    label: options.label,
    schema: schema as z.ZodType<ValueOf<T, P>>,
    required: options.optional !== true,
    personal: options.personal,
    fallback: (options.optional ? options.fallback : undefined) as ValueOf<T, P> | undefined,
    aliases: options.aliases ?? [],
    example: options.example ?? example,
  };
}
