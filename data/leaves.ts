import type { AnyRecord, Field, Fields } from './record.ts';

/** A value of a record that has no parts, however deep it is in lists and objects. */
export interface Leaf {
  /** Such as `firstName`, `products[0].price` and `address.city`. */
  readonly path: string;
  readonly field: Field;
  readonly value: unknown;
  /** For people, such as `Products 1, Price`. */
  readonly label: string;
}

const isObject = (value: unknown): value is AnyRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A record with each of its leaves as `map` returns it. What `map` leaves as it is keeps its identity. */
export function mapLeaves(
  fields: Fields,
  record: AnyRecord,
  map: (leaf: Leaf) => unknown,
  prefix = '',
  labels = '',
): AnyRecord {
  let mapped: Record<string, unknown> | undefined;
  for (const [name, field] of Object.entries(fields)) {
    const value = record[name];
    const path = `${prefix}${name}`;
    const label = `${labels}${field.label}`;
    const made = mapValue({ path, field, value, label }, map);
    if (made === value) continue;
    mapped ??= { ...record };
    mapped[name] = made;
  }
  return mapped ?? record;
}

function mapValue(leaf: Leaf, map: (leaf: Leaf) => unknown): unknown {
  const { path, field, value, label } = leaf;
  const { fields } = field;
  if (fields === undefined) return map(leaf);
  if (isObject(value)) return mapLeaves(fields, value, map, `${path}.`, `${label}, `);
  if (!Array.isArray(value)) return value;
  const items: readonly unknown[] = value;
  const made = items.map((item, at) =>
    isObject(item) ? mapLeaves(fields, item, map, `${path}[${at}].`, `${label} ${at + 1}, `) : item,
  );
  return made.some((item, at) => item !== items[at]) ? made : items;
}

/** All leaves of a record, in the order of the fields. */
export function leavesOf(fields: Fields, record: AnyRecord): readonly Leaf[] {
  const leaves: Leaf[] = [];
  mapLeaves(fields, record, (leaf) => {
    leaves.push(leaf);
    return leaf.value;
  });
  return leaves;
}

/** Every field without parts, however deep: those of lists and objects come with the field that they are in. */
export const leafFields = (fields: Fields): readonly Field[] =>
  Object.values(fields).flatMap((field) => (field.fields === undefined ? [field] : leafFields(field.fields)));

/** The steps of a path: `products[0].price` is `products`, 0 and `price`. */
export const stepsOf = (path: string): readonly (string | number)[] =>
  path.split(/[.[\]]+/).flatMap((step) => (step === '' ? [] : [/^\d+$/.test(step) ? Number(step) : step]));

/** The record's own field of a path. */
export const rootOf = (path: string): string => path.split(/[.[]/, 1)[0] ?? path;

/** A path without the numbers of items: `products[].price`. */
export const patternOf = (path: string): string => path.replaceAll(/\[\d+\]/g, '[]');

/** The field that a path leads to. */
export function fieldAt(fields: Fields, path: string): Field | undefined {
  let found: Field | undefined;
  let inside: Fields | undefined = fields;
  for (const step of stepsOf(path)) {
    if (typeof step === 'number') continue;
    found = inside !== undefined && Object.hasOwn(inside, step) ? inside[step] : undefined;
    if (found === undefined) return undefined;
    inside = found.fields;
  }
  return found;
}

/** The value at a path; `undefined` where there is none. */
export function valueAt(record: AnyRecord, path: string): unknown {
  let value: unknown = record;
  for (const step of stepsOf(path)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}

/** A record with another value at a path; the record itself where the path leads nowhere. */
export function withValueAt(record: AnyRecord, path: string, value: unknown): AnyRecord {
  const put = (into: unknown, [step, ...rest]: readonly (string | number)[]): unknown => {
    if (step === undefined) return value;
    if (Array.isArray(into)) {
      const items: readonly unknown[] = into;
      return typeof step === 'number' && step < items.length
        ? items.map((item, at) => (at === step ? put(item, rest) : item))
        : items;
    }
    if (typeof into !== 'object' || into === null) return into;
    const own = into as AnyRecord;
    return { ...own, [step]: put(own[step], rest) };
  };
  return put(record, stepsOf(path)) as AnyRecord;
}
