import { fieldAt, stepsOf } from '../leaves.ts';
import type { AnyRecord, Field, Fields } from '../record.ts';
import { suggestMapping } from './map-columns.ts';

/** What is done with values that fill no field. `refuse` keeps them, so that the check reports them. */
export type UnknownFields = 'refuse' | 'ignore';

/** More names than any template has fields are reported as they are. */
const mostNames = 500;

/** Objects of one list have the same few sets of names. */
const mostRemembered = 100;
const known = new WeakMap<Fields, Map<string, ReadonlyMap<string, string>>>();

/** Paths of fields by the names that fill them. */
function pathsOf(
  fields: Fields,
  own: readonly string[],
  others: readonly string[],
): ReadonlyMap<string, string> {
  const remembered = known.get(fields) ?? new Map<string, ReadonlyMap<string, string>>();
  known.set(fields, remembered);
  const key = JSON.stringify([own, others]);
  const before = remembered.get(key);
  if (before !== undefined) return before;
  const open = Object.entries(fields).filter(([name]) => !own.includes(name));
  const { columns } = suggestMapping(others.slice(0, mostNames), Object.fromEntries(open));
  const paths = new Map(
    columns.flatMap(({ index, field }): (readonly [string, string])[] => {
      const name = index === undefined ? undefined : others[index];
      return name === undefined ? [] : [[name, field]];
    }),
  );
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(key, paths);
  return paths;
}

/** Puts a value at a path, such as `products[0].name`, into what is there. */
export function putAt(values: Record<string, unknown>, path: string, value: unknown): void {
  const steps = stepsOf(path);
  let place: Record<string | number, unknown> = values;
  steps.forEach((step, at) => {
    if (at === steps.length - 1) {
      place[step] = value;
      return;
    }
    const inside = Object.hasOwn(place, step) ? place[step] : undefined;
    const next = (inside ?? (typeof steps[at + 1] === 'number' ? [] : {})) as Record<
      string | number,
      unknown
    >;
    place[step] = next;
    place = next;
  });
}

const isObject = (value: unknown): value is AnyRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value of a field with the names of its parts; values of other kinds as they are. */
export function nameParts({ kind, fields }: Field, value: unknown, unknown: UnknownFields): unknown {
  if (fields === undefined) return value;
  if (kind !== 'list') return isObject(value) ? nameFields(fields, value, unknown) : value;
  if (!Array.isArray(value)) return value;
  return (value as readonly unknown[]).map((item) =>
    isObject(item) ? nameFields(fields, item, unknown) : item,
  );
}

/**
 * A record by the names of a template's fields: other names are matched as headers of a CSV are, so that `first_name`
 * fills `firstName` and `product_1_name` the name of a product. A value that is given by a field's own name stays.
 */
export function nameFields(fields: Fields, body: AnyRecord, unknown: UnknownFields = 'refuse'): AnyRecord {
  const entries = Object.entries(body);
  const isOwn = (name: string): boolean => Object.hasOwn(fields, name);
  const own = entries.map(([name]) => name).filter(isOwn);
  const others = entries.map(([name]) => name).filter((name) => !isOwn(name));
  const hasParts = own.some((name) => fields[name]?.fields !== undefined);
  if (others.length === 0 && !hasParts) return body;
  const paths = others.length === 0 ? new Map<string, string>() : pathsOf(fields, own, others);
  const kept: [string, unknown][] = [];
  const named: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    const path = isOwn(name) ? name : paths.get(name);
    if (path !== undefined) {
      const field = fieldAt(fields, path);
      putAt(named, path, field === undefined ? value : nameParts(field, value, unknown));
    } else if (unknown === 'refuse') kept.push([name, value]);
  }
  return Object.fromEntries([...Object.entries(named), ...kept]);
}
