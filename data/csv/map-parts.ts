import { fieldAt, patternOf, rootOf, stepsOf } from '../leaves.ts';
import { foldName } from '../parse-values.ts';
import type { Field, Fields } from '../record.ts';

/** More groups of columns than any export repeats. */
const highestNumber = 999;

/** `products` as one of them is called. */
const singularOf = (name: string): string =>
  name.endsWith('ies') ? `${name.slice(0, -3)}y` : name.endsWith('s') ? name.slice(0, -1) : name;

/** Names of a field, folded; the longer first, so that `orderlines` wins over `order`. */
const namesOf = (name: string, { label, aliases }: Field): readonly string[] =>
  [...new Set([name, label, ...aliases].map(foldName))].filter((each) => each !== '');

function prefixesOf(name: string, field: Field): readonly string[] {
  const names = namesOf(name, field);
  const all = field.kind === 'list' ? [...names, ...names.map(singularOf)] : names;
  return [...new Set(all)].sort((a, b) => b.length - a.length);
}

/** The path of the field that a name stands for among fields; the name is folded. */
function findIn(name: string, fields: Fields): string | undefined {
  const entries = Object.entries(fields);
  const exact = entries.find(([own, field]) => namesOf(own, field).includes(name));
  if (exact !== undefined) return exact[0];
  for (const [own, field] of entries) {
    const rest = findInside(name, own, field);
    if (rest !== undefined) return `${own}${rest}`;
  }
  return undefined;
}

/** The part of a list or an object that a name stands for, such as `[1].name` for `product1name`. */
function findInside(name: string, own: string, field: Field): string | undefined {
  const { fields, kind } = field;
  if (fields === undefined) return undefined;
  for (const prefix of prefixesOf(own, field)) {
    if (!name.startsWith(prefix)) continue;
    const rest = name.slice(prefix.length);
    const [, digits = '', inside = ''] =
      kind === 'list' ? (/^(\d{1,4})(.+)$/u.exec(rest) ?? []) : ['', '', rest];
    if (inside === '' || (kind === 'list' && (digits === '' || Number(digits) > highestNumber))) continue;
    const part = findIn(inside, fields);
    if (part !== undefined) return kind === 'list' ? `[${Number(digits)}].${part}` : `.${part}`;
  }
  return undefined;
}

/** Columns of a part of a list or an object. */
interface FoundPart {
  /** Such as `products[1].name`. */
  readonly field: string;
  /** Positions of the columns that fit; more than one is unclear. */
  readonly indexes: readonly number[];
}

/**
 * Columns that each hold a part of a list or an object: `product_1_name`, `products[1].name`, `address.city`.
 *
 * @param open fields whose parts may be filled.
 * @param taken positions of columns that fill another field.
 */
export function findParts(
  headers: readonly string[],
  open: Fields,
  taken: ReadonlySet<number>,
): readonly FoundPart[] {
  const nested = Object.entries(open).filter(([, field]) => field.fields !== undefined);
  if (nested.length === 0) return [];
  const found = new Map<string, number[]>();
  for (const [index, header] of headers.entries()) {
    if (taken.has(index)) continue;
    const folded = foldName(header);
    for (const [name, field] of nested) {
      const inside = findInside(folded, name, field);
      if (inside === undefined) continue;
      const path = `${name}${inside}`;
      found.set(path, [...(found.get(path) ?? []), index]);
      break;
    }
  }
  return [...found].map(([field, indexes]) => ({ field, indexes }));
}

/** The part of a list or an object that a user names, such as `products[1].name` or `address.city`. */
export function findPart(fields: Fields, name: string): string | undefined {
  let inside: Fields | undefined = fields;
  let path = '';
  let needsNumber = false;
  for (const step of stepsOf(name)) {
    if ((typeof step === 'number') !== needsNumber || inside === undefined) return undefined;
    if (typeof step === 'number') {
      if (step > highestNumber) return undefined;
      path += `[${step}]`;
      needsNumber = false;
      continue;
    }
    const own: string | undefined = Object.keys(inside).find((each) => foldName(each) === foldName(step));
    if (own === undefined) return undefined;
    path += path === '' ? own : `.${own}`;
    needsNumber = inside[own]?.kind === 'list';
    inside = inside[own]?.fields;
  }
  return path === '' || needsNumber ? undefined : path;
}

/** Required parts of lists and objects of which no column was found, although there are columns of others. */
export function missingParts(
  fields: Fields,
  columns: readonly { readonly field: string }[],
): readonly (readonly [string, Field])[] {
  const whole = new Set(columns.map(({ field }) => field));
  const patterns = new Set(
    columns.flatMap(({ field }) => (whole.has(rootOf(field)) ? [] : [patternOf(field)])),
  );
  const parents = new Set([...patterns].map((pattern) => pattern.slice(0, pattern.lastIndexOf('.'))));
  return [...parents].flatMap((parent) =>
    Object.entries(fieldAt(fields, parent)?.fields ?? {}).flatMap(([name, field]) => {
      const path = `${parent}.${name}`;
      const isFilled = [...patterns].some(
        (each) => each === path || each.startsWith(`${path}.`) || each.startsWith(`${path}[`),
      );
      return field.required && !isFilled ? [[path, field] as const] : [];
    }),
  );
}
