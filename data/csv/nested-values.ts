import { unwrapCell } from '../repair-text.ts';
import { fieldAt, patternOf, rootOf } from '../leaves.ts';
import type { AnyRecord, Field, FieldKind, Fields } from '../record.ts';
import type { MappedColumn } from './map-columns.ts';
import { nameParts, putAt } from './name-fields.ts';

/** A text in a list or an object, before it is checked. */
export interface NestedText {
  readonly kind: FieldKind;
  /** Its path without the numbers of items, such as `products[].price`. */
  readonly pattern: string;
  readonly text: string;
}

const isObject = (value: unknown): value is AnyRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value of a field with each of its texts as `map` returns it. */
function mapTexts(field: Field, value: unknown, pattern: string, map: (text: NestedText) => string): unknown {
  const { kind, fields } = field;
  if (fields === undefined) return typeof value === 'string' ? map({ kind, pattern, text: value }) : value;
  const mapObject = (object: AnyRecord, prefix: string): AnyRecord =>
    Object.fromEntries(
      Object.entries(object).map(([name, each]) => {
        const inside = Object.hasOwn(fields, name) ? fields[name] : undefined;
        return [name, inside === undefined ? each : mapTexts(inside, each, `${prefix}.${name}`, map)];
      }),
    );
  if (isObject(value)) return mapObject(value, pattern);
  if (!Array.isArray(value)) return value;
  // Numbers of columns may have gaps; `map` keeps them.
  return (value as readonly unknown[]).map((item) =>
    isObject(item) ? mapObject(item, `${pattern}[]`) : item,
  );
}

const looksLikeJson = (cell: string): boolean => /^\s*[[{]/.test(unwrapCell(cell));

/** A cell that holds JSON, with the names of the fields; any other cell as it is, for the check to refuse. */
function readJsonCell(field: Field, cell: string): unknown {
  if (!looksLikeJson(cell)) return cell;
  try {
    return nameParts(field, JSON.parse(unwrapCell(cell)), 'ignore');
  } catch {
    return cell;
  }
}

/** Reads lists and objects from the cells of rows. */
export interface NestedReader {
  /** Whether a column of its own fills a field, so that the field is not nested here. */
  readonly names: ReadonlySet<string>;
  /** The values of nested fields in a row, with each of their texts as `map` returns it. */
  readonly read: (cells: readonly string[], map: (text: NestedText) => string) => AnyRecord;
  /** Kinds of the parts, by pattern, with the column that is named where one of them is unclear. */
  readonly parts: ReadonlyMap<string, { readonly kind: FieldKind; readonly column: string }>;
}

function partsOf(field: Field, pattern: string): readonly (readonly [string, FieldKind])[] {
  if (field.fields === undefined) return [[pattern, field.kind]];
  const inside = field.kind === 'list' ? `${pattern}[]` : pattern;
  return Object.entries(field.fields).flatMap(([name, each]) => partsOf(each, `${inside}.${name}`));
}

/** A reader of the columns that fill lists and objects, as JSON or part by part. */
export function createNestedReader(fields: Fields, columns: readonly MappedColumn[]): NestedReader {
  const own = columns.flatMap((column) => {
    const root = rootOf(column.field);
    const field = Object.hasOwn(fields, root) ? fields[root] : undefined;
    return field?.fields === undefined
      ? []
      : [{ ...column, root, isWhole: column.field === root, declared: field }];
  });
  const inParts = new Set(own.flatMap(({ root, isWhole }) => (isWhole ? [] : [root])));
  const roots = new Map(own.map(({ root, declared }) => [root, declared]));
  const parts = new Map<string, { readonly kind: FieldKind; readonly column: string }>();
  for (const { field, column, isWhole, declared } of own) {
    const kind = fieldAt(fields, field)?.kind;
    const found = isWhole
      ? partsOf(declared, field)
      : kind === undefined
        ? []
        : [[patternOf(field), kind] as const];
    for (const [pattern, of] of found) if (!parts.has(pattern)) parts.set(pattern, { kind: of, column });
  }
  return {
    names: new Set(roots.keys()),
    parts,
    read: (cells, map) => {
      const values: Record<string, unknown> = {};
      const isFilled = new Set<string>();
      for (const { field, root, isWhole, declared, read } of own) {
        const cell = read(cells);
        if (cell === undefined || isFilled.has(root)) continue;
        if (!isWhole) {
          putAt(values, field, cell);
        } else if (looksLikeJson(cell) || !inParts.has(root)) {
          // Beside columns of its parts, a cell of something else, such as their number, is no value.
          values[root] = readJsonCell(declared, cell);
          isFilled.add(root);
        }
      }
      return Object.fromEntries(
        Object.entries(values).map(([root, value]) => {
          const field = roots.get(root);
          return [root, field === undefined ? value : mapTexts(field, value, root, map)];
        }),
      );
    },
  };
}
