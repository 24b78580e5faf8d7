import { errors } from '../../errors/messages.ts';
import type { Field, Fields } from '../record.ts';
import { findNearest, foldName } from '../parse-values.ts';

/** A column of the input that fills a field of the record. */
export interface MappedColumn {
  readonly field: string;
  /** The header in the file, without spaces around it. */
  readonly column: string;
  /** Position among the headers, from 0. */
  readonly index: number;
  /** What made the match: `--map`, or the field's name, label or an alias. */
  readonly by: 'option' | 'name' | 'label' | 'alias';
}

/** Which column fills which field, in the order of the fields. */
export interface Mapping {
  readonly columns: readonly MappedColumn[];
  /** Fields that no column fills. */
  readonly unfilled: readonly string[];
  /** Columns that fill no field, in the order of the file. */
  readonly unused: readonly string[];
  /** Fields for which several columns are equally likely; they count as unfilled. */
  readonly ambiguous: readonly { readonly field: string; readonly columns: readonly string[] }[];
}

/** A user's choice of the column for a field. */
export interface ColumnOverride {
  readonly column: string;
  readonly field: string;
}

interface Rule {
  readonly by: MappedColumn['by'];
  readonly names: (name: string, field: Field) => readonly string[];
}

/** Stronger first: an alias never takes a column from a field of that name. */
const rules: readonly Rule[] = [
  { by: 'name', names: (name) => [name] },
  { by: 'label', names: (_, { label }) => [label] },
  { by: 'alias', names: (_, { aliases }) => aliases },
];

function arrange(headers: readonly string[], fields: Fields, given: readonly MappedColumn[]): Mapping {
  const found = new Map(given.map((column) => [column.field, column]));
  const taken = new Set(given.map(({ index }) => index));
  const ambiguous = new Map<string, readonly string[]>();
  const folded = headers.map(foldName);

  for (const { by, names } of rules) {
    for (const [name, field] of Object.entries(fields)) {
      if (found.has(name) || ambiguous.has(name)) continue;
      for (const wanted of names(name, field).map(foldName)) {
        const at = folded.flatMap((header, index) =>
          header !== '' && header === wanted && !taken.has(index) ? [index] : [],
        );
        const [index] = at;
        if (index === undefined) continue;
        if (at.length > 1)
          ambiguous.set(
            name,
            at.map((each) => (headers[each] ?? '').trim()),
          );
        else {
          found.set(name, { field: name, column: (headers[index] ?? '').trim(), index, by });
          taken.add(index);
        }
        break;
      }
    }
  }
  const names = Object.keys(fields);
  return {
    columns: names.flatMap((name) => found.get(name) ?? []),
    unfilled: names.filter((name) => !found.has(name)),
    unused: headers.flatMap((header, index) => (taken.has(index) ? [] : [header.trim()])),
    ambiguous: [...ambiguous].map(([field, columns]) => ({ field, columns })),
  };
}

/**
 * Proposes which column fills which field. Case, spaces and punctuation do not matter, so `First Name`,
 * `first_name` and `FIRST-NAME` fill `firstName`; names win over labels, labels over aliases.
 */
export function suggestMapping(headers: readonly string[], fields: Fields): Mapping {
  return arrange(headers, fields, []);
}

const longestShownHeader = 40;
const mostShownHeaders = 30;

/** Headers for a message: quoted, shortened, not too many. */
export function showHeaders(headers: readonly string[]): string {
  const shown = headers.slice(0, mostShownHeaders).map((header) => {
    const characters = [...header.trim()];
    const cut = characters.slice(0, longestShownHeader).join('');
    return `"${characters.length > longestShownHeader ? `${cut}…` : cut}"`;
  });
  const more = headers.length > mostShownHeaders ? ` and ${headers.length - mostShownHeaders} more` : '';
  return `${shown.join(', ')}${more}`;
}

/**
 * Finds a column by the name that a user gave: exactly, else without regard to case, spaces and punctuation.
 *
 * @throws BespokeError `csv-columns` when there is none, naming the nearest, or more than one.
 */
export function findColumn(headers: readonly string[], name: string): number {
  const exact = headers.flatMap((header, index) => (header.trim() === name.trim() ? [index] : []));
  const folded = foldName(name);
  const found =
    exact.length > 0
      ? exact
      : headers.flatMap((header, index) => (folded !== '' && foldName(header) === folded ? [index] : []));
  const [index] = found;
  if (index !== undefined && found.length === 1) return index;
  if (found.length > 1) {
    throw errors.columnTwice({ name: showHeaders([name]), numbers: found.map((at) => at + 1) });
  }
  const nearest = findNearest(name, headers);
  throw errors.columnUnknown({
    name: showHeaders([name]),
    nearest: nearest === undefined ? undefined : showHeaders([nearest]),
    all: showHeaders(headers),
  });
}

function findField(fields: Fields, name: string): string {
  const names = Object.keys(fields);
  const found =
    names.find((each) => each === name) ?? names.find((each) => foldName(each) === foldName(name));
  if (found !== undefined) return found;
  throw errors.fieldUnknown({ name, nearest: findNearest(name, names), all: names });
}

/**
 * Reads `column=field` as `--map` takes it. A column name may contain `=`, a field name does not.
 *
 * @throws BespokeError `usage-invalid`.
 */
export function parseColumnOverride(argument: string): ColumnOverride {
  const at = argument.lastIndexOf('=');
  const column = argument.slice(0, Math.max(at, 0)).trim();
  const field = argument.slice(at + 1).trim();
  if (column !== '' && field !== '') return { column, field };
  throw errors.mapInvalid({ value: argument });
}

/** The column whose header is similar to a name that would fill the field. */
function nearestColumn(headers: readonly string[], name: string, field: Field): string | undefined {
  const names = rules.flatMap((rule) => rule.names(name, field));
  return names.map((each) => findNearest(each, headers)).find((nearest) => nearest !== undefined);
}

/**
 * The mapping that a campaign uses: the user's overrides, then suggestions for the other fields.
 *
 * @throws BespokeError `csv-columns` for an unknown column or field (naming the nearest), for a field
 * that two overrides fill, for a field that two columns fit equally, and for a required field that
 * nothing fills (naming the nearest column).
 */
export function resolveMapping(
  headers: readonly string[],
  fields: Fields,
  overrides: readonly ColumnOverride[] = [],
): Mapping {
  const given = overrides.map(({ column, field }): MappedColumn => {
    const index = findColumn(headers, column);
    return { field: findField(fields, field), column: (headers[index] ?? '').trim(), index, by: 'option' };
  });
  const doubled = given.find(({ field }, at) => given.findIndex((each) => each.field === field) < at);
  if (doubled !== undefined) throw errors.fieldTwice({ field: doubled.field });
  const mapping = arrange(headers, fields, given);
  const [unclear] = mapping.ambiguous;
  if (unclear !== undefined) {
    throw errors.fieldUnclear({ field: unclear.field, columns: showHeaders(unclear.columns) });
  }
  const missing = Object.entries(fields).filter(
    ([name, { required }]) => required && mapping.unfilled.includes(name),
  );
  if (missing.length > 0) {
    const unused = mapping.unused.filter((header) => header !== '');
    throw errors.fieldsUnfilled({
      fields: missing.map(([name, { label }]) => `"${name}" (${label})`),
      guesses: missing.flatMap(([name, field]) => {
        const nearest = nearestColumn(unused, name, field);
        return nearest === undefined ? [] : [`${showHeaders([nearest])} for "${name}"`];
      }),
      all: showHeaders(headers),
    });
  }
  return mapping;
}
