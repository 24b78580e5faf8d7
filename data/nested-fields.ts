import { checkRecord } from './check-record.ts';
import type { CommonOptions } from './build-field.ts';
import { accept, type Parsed, reject } from './parse-text.ts';
import { type Field, type Fields, type ItemBounds, objectJsonSchema, type RecordOf } from './record.ts';

/** What lists and objects take. */
interface NestedOptions<F extends Fields> extends Pick<CommonOptions, 'label' | 'aliases' | 'example'> {
  readonly fields: F;
  /**
   * Whether it says something about one person that they have these values. Default: true. It always does where one
   * of its fields is personal.
   */
  readonly personal?: boolean;
}

/** A list of objects. */
export interface ListField<F extends Fields> extends Field<readonly RecordOf<F>[]> {
  readonly kind: 'list';
  readonly fields: F;
  readonly items: ItemBounds;
}

/** An object with fields of its own. */
export interface ObjectField<F extends Fields, T = RecordOf<F>> extends Field<T> {
  readonly kind: 'object';
  readonly fields: F;
}

/** More items than a scene or a fact can make sense of. */
const mostItems = 1_000;

const examplesOf = (fields: Fields): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, { kind, example }]) => [
      name,
      kind === 'list' || kind === 'object' ? (JSON.parse(example) as unknown) : example,
    ]),
  );

const isPersonal = (fields: Fields, personal = true): boolean =>
  personal || Object.values(fields).some((field) => field.personal);

/** Reads a value as rows are read, without what is said of it. */
function read<T>(field: Field<T>, input: unknown): Parsed<T> {
  const check = checkRecord({ value: field }, { value: input });
  if (check.ok) return accept(check.record.value);
  return reject(`is refused: ${check.issues.map(({ message }) => message).join(' ')}`);
}

/**
 * A list of objects, such as purchases. A missing list is empty. Items without any value are left out; all others are
 * checked as rows are.
 *
 * @throws Error for bounds that no list can keep.
 */
export function list<const F extends Fields>({
  label,
  fields,
  personal,
  aliases = [],
  example,
  ...bounds
}: NestedOptions<F> & Partial<ItemBounds>): ListField<F> {
  const { min = 0, max = 100, tooMany = 'refuse' } = bounds;
  if (![min, max].every(Number.isInteger) || min < 0 || max < Math.max(1, min) || max > mostItems) {
    throw new Error(
      `The list "${label}" cannot hold ${min} to ${max} items. It can hold up to ${mostItems}.`,
    );
  }
  const field: ListField<F> = {
    kind: 'list',
    ...{ label, fields, aliases, items: { min, max, tooMany } },
    parse: (input) => read(field, input),
    jsonSchema: {
      type: 'array',
      items: objectJsonSchema(fields),
      ...(min > 0 && { minItems: min }),
      ...(tooMany === 'refuse' && { maxItems: max }),
    },
    required: min > 0,
    personal: isPersonal(fields, personal),
    fallback: min > 0 ? undefined : [],
    example: example ?? JSON.stringify(Array.from({ length: Math.max(1, min) }, () => examplesOf(fields))),
  };
  return field;
}

/** An object with fields of its own, such as an address. An optional one is missing where it has no value at all. */
export function object<const F extends Fields>(
  options: NestedOptions<F> & { readonly optional: true },
): ObjectField<F, RecordOf<F> | undefined>;
export function object<const F extends Fields>(
  options: NestedOptions<F> & { readonly optional?: never },
): ObjectField<F>;
export function object<const F extends Fields>({
  label,
  fields,
  personal,
  optional,
  aliases = [],
  example,
}: NestedOptions<F> & { readonly optional?: true }): ObjectField<F, RecordOf<F> | undefined> {
  const field: ObjectField<F, RecordOf<F> | undefined> = {
    kind: 'object',
    ...{ label, fields, aliases, fallback: undefined },
    parse: (input) => read(field, input),
    jsonSchema: objectJsonSchema(fields),
    required: optional !== true,
    personal: isPersonal(fields, personal),
    example: example ?? JSON.stringify(examplesOf(fields)),
  };
  return field;
}
