import { errors } from '../../errors/messages.ts';
import { type Field, type Fields, rowFields } from '../record.ts';
import { normalizeText } from '../parse-text.ts';
import { findNearest, foldName } from '../parse-values.ts';
import { headersOf } from '../known-headers.ts';
import { rootOf } from '../leaves.ts';
import { findPart, findParts, missingParts } from './map-parts.ts';
import type { FieldSource, SavedMapping } from './saved-mapping.ts';

/** What fills a field of the record: a column of the input, or what the user says. */
export interface MappedColumn {
  /** A field, or a part of one such as `products[1].name`. */
  readonly field: string;
  /** The header in the file, without spaces around it; else the constant or the text as the user wrote it. */
  readonly column: string;
  /** Position among the headers, from 0; unset where the field is not filled by one column. */
  readonly index?: number;
  /** The field's value in a row. @param cells under the headers. */
  readonly read: (cells: readonly string[]) => string | undefined;
  /** Whether the value is the cell as it is. */
  readonly isPlain?: true;
  /** What made the match: the user, or the field's name, label or an alias. */
  readonly by: 'option' | 'name' | 'label' | 'alias';
}

/** What fills which field, in the order of the fields. */
export interface Mapping {
  readonly columns: readonly MappedColumn[];
  /** Fields that nothing fills. */
  readonly unfilled: readonly string[];
  /** Columns that fill no field, in the order of the file. */
  readonly unused: readonly string[];
  /** Fields for which several columns are equally likely; they count as unfilled. */
  readonly ambiguous: readonly { readonly field: string; readonly columns: readonly string[] }[];
  /** Required fields whose empty values take their fallback. */
  readonly emptyAsFallback: ReadonlySet<string>;
}

/** A user's choice of the column for a field. */
export interface ColumnOverride {
  readonly column: string;
  readonly field: string;
}

/** What a user says of the columns. */
export interface MappingRequest {
  /** Wins over `mapping`. */
  readonly map?: readonly ColumnOverride[] | undefined;
  readonly mapping?: SavedMapping | undefined;
}

interface Rule {
  readonly by: MappedColumn['by'];
  /** Whether its names say little of what a column holds. */
  readonly vague?: true;
  readonly names: (name: string, field: Field) => readonly string[];
}

/** Stronger first: an alias never takes a column from a field of that name. */
const rules: readonly Rule[] = [
  { by: 'name', names: (name) => [name] },
  { by: 'label', names: (_, { label }) => [label] },
  { by: 'alias', names: (_, { aliases }) => aliases },
  { by: 'alias', vague: true, names: (_, { vagueAliases = [] }) => vagueAliases },
];

/** Foreign words for first names beside which `Name` is a last name. */
const firstNames = new Set(headersOf('first name').map(foldName));

/** A column that fills a field as it is. */
const plainColumn = (
  headers: readonly string[],
  field: string,
  index: number,
  by: MappedColumn['by'],
): MappedColumn => ({
  ...{ field, column: (headers[index] ?? '').trim(), index, by, isPlain: true },
  read: (cells) => cells[index],
});

/** What the user decided before columns are matched by their names. */
interface Decided {
  readonly columns: readonly MappedColumn[];
  /** Positions of columns that are not matched any more. */
  readonly taken: ReadonlySet<number>;
  /** Fields that are left empty. */
  readonly empty: ReadonlySet<string>;
  readonly emptyAsFallback: ReadonlySet<string>;
}

const nothing: Decided = {
  columns: [],
  taken: new Set(),
  empty: new Set(),
  emptyAsFallback: new Set(),
};

function arrange(headers: readonly string[], fields: Fields, decided: Decided): Mapping {
  const found = new Map(decided.columns.map((column) => [column.field, column]));
  const taken = new Set(decided.taken);
  const ambiguous = new Map<string, readonly string[]>();
  const folded = headers.map(foldName);
  const hasFirstNames = folded.some((header) => firstNames.has(header));

  /** `Name` beside `Vorname` is a last name. */
  const mayStandFor = ({ means }: Field, { vague }: Rule): boolean =>
    vague !== true || means === 'last name' || !hasFirstNames;

  for (const rule of rules) {
    for (const [name, field] of Object.entries(fields)) {
      if (found.has(name) || ambiguous.has(name) || decided.empty.has(name)) continue;
      if (!mayStandFor(field, rule)) continue;
      const wanted = new Set(rule.names(name, field).map(foldName));
      const at = folded.flatMap((header, index) =>
        header !== '' && wanted.has(header) && !taken.has(index) ? [index] : [],
      );
      const [index] = at;
      if (index === undefined) continue;
      if (at.length > 1) {
        ambiguous.set(
          name,
          at.map((each) => (headers[each] ?? '').trim()),
        );
      } else {
        found.set(name, plainColumn(headers, name, index, rule.by));
        taken.add(index);
      }
    }
  }
  const names = Object.keys(fields);
  // A row may have a list in one cell or part by part.
  const isOpen = (name: string): boolean => !ambiguous.has(name) && !decided.empty.has(name);
  const open = Object.fromEntries(Object.entries(fields).filter(([name]) => isOpen(name)));
  for (const { field, indexes } of findParts(headers, open, taken)) {
    const [index = 0] = indexes;
    if (found.has(field)) continue;
    if (indexes.length > 1) {
      ambiguous.set(
        field,
        indexes.map((each) => (headers[each] ?? '').trim()),
      );
      continue;
    }
    found.set(field, plainColumn(headers, field, index, 'name'));
    taken.add(index);
  }
  const byRoot = new Map<string, MappedColumn[]>();
  for (const column of found.values()) {
    const root = rootOf(column.field);
    byRoot.set(root, [...(byRoot.get(root) ?? []), column]);
  }
  return {
    columns: names.flatMap((name) => byRoot.get(name) ?? []),
    unfilled: names.filter((name) => !byRoot.has(name)),
    unused: headers.flatMap((header, index) => (taken.has(index) ? [] : [header.trim()])),
    ambiguous: [...ambiguous].map(([field, columns]) => ({ field, columns })),
    emptyAsFallback: decided.emptyAsFallback,
  };
}

/**
 * Proposes which column fills which field. Case, spaces and punctuation do not matter, so `First Name`,
 * `first_name` and `FIRST-NAME` fill `firstName`; names win over labels, labels over aliases.
 */
export function suggestMapping(headers: readonly string[], fields: Fields): Mapping {
  return arrange(headers, rowFields(fields), nothing);
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
    names.find((each) => each === name) ??
    names.find((each) => foldName(each) === foldName(name)) ??
    findPart(fields, name);
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

/** A word for comparison, with all of its marks: `A+` and `A` are two. */
const wordOf = (text: string): string => normalizeText(text.trim(), 'NFC').toLowerCase();

/** A value with the words of a mapping for it: exactly, else without regard to spaces and marks where that is clear. */
function sayWith(words: Readonly<Record<string, string | null>> | undefined): (value: string) => string {
  if (words === undefined) return (value) => value;
  const said = Object.entries(words).flatMap(([word, means]) =>
    means === null ? [] : [[word, means] as const],
  );
  const exact = new Map(said.map(([word, means]) => [wordOf(word), means]));
  const folded = new Map<string, string | undefined>();
  for (const [word] of Object.entries(words)) {
    const name = foldName(word);
    const means = exact.get(wordOf(word));
    // Spellings that mean different things say nothing of a third one.
    const isClear = name !== '' && (!folded.has(name) || folded.get(name) === means);
    folded.set(name, isClear ? means : undefined);
  }
  return (value) => exact.get(wordOf(value)) ?? folded.get(foldName(value)) ?? value;
}

/** A text with headers in braces. */
function joinColumns(headers: readonly string[], text: string) {
  const parts = text.split(/[{}]/).map((part, at) => (at % 2 === 0 ? part : findColumn(headers, part)));
  const indexes = parts.filter((part) => typeof part === 'number');
  return {
    indexes,
    read: (cells: readonly string[]): string =>
      indexes.every((index) => (cells[index] ?? '').trim() === '')
        ? ''
        : parts
            .map((part) => (typeof part === 'number' ? (cells[part] ?? '').trim() : part))
            .join('')
            .replace(/[^\S\n\r]+/gu, ' ')
            .trim(),
  };
}

/** A field as a mapping says that it is filled, and the positions of the columns that it uses. */
function fillFrom(headers: readonly string[], field: string, source: NonNullable<FieldSource>) {
  const { from, words } = typeof source === 'string' ? { from: source, words: undefined } : source;
  const say = sayWith(words);
  const base = { field, column: from, by: 'option' } as const;
  const isColumn = headers.some((header) => header.trim() === from.trim());
  if (!isColumn && from.startsWith('=')) {
    const constant = from.slice(1).trim();
    return { column: { ...base, read: () => constant }, indexes: [] };
  }
  if (!isColumn && /\{[^{}]+\}/.test(from)) {
    const { read, indexes } = joinColumns(headers, from);
    return { column: { ...base, read: (cells: readonly string[]) => say(read(cells)) }, indexes };
  }
  const index = findColumn(headers, from);
  const plain = plainColumn(headers, field, index, 'option');
  const read = (cells: readonly string[]): string | undefined => {
    const cell = cells[index];
    return cell === undefined ? undefined : say(cell);
  };
  const said = { ...base, column: plain.column, index, read };
  return { column: words === undefined ? plain : said, indexes: [index] };
}

/** What the user said, before columns are matched by their names. @throws BespokeError `csv-columns`. */
function decide(headers: readonly string[], fields: Fields, { map = [], mapping }: MappingRequest): Decided {
  const said = map.map(({ column, field }): [string, FieldSource] => [
    findField(fields, field),
    { from: column },
  ]);
  const doubled = said.find(([field], at) => said.findIndex((each) => each[0] === field) < at);
  if (doubled !== undefined) throw errors.fieldTwice({ field: doubled[0] });
  const saved = Object.entries(mapping?.fields ?? {}).map(([field, source]): [string, FieldSource] => [
    findField(fields, field),
    source,
  ]);
  const sources = new Map([...saved, ...said]);
  const given = [...sources].flatMap(([field, source]) =>
    source === null ? [] : [fillFrom(headers, field, source)],
  );
  const all = mapping?.emptyAs === 'fallback' ? Object.keys(fields) : [];
  const some = [...sources].flatMap(([field, source]) =>
    typeof source === 'object' && source?.emptyAs === 'fallback' ? [field] : [],
  );
  return {
    columns: given.map(({ column }) => column),
    taken: new Set([
      ...given.flatMap(({ indexes }) => indexes),
      ...(mapping?.unused ?? []).flatMap((name) => {
        const index = headers.findIndex((header) => header.trim() === name.trim());
        return index < 0 ? [] : [index];
      }),
    ]),
    empty: new Set([...sources].flatMap(([field, source]) => (source === null ? [field] : []))),
    emptyAsFallback: new Set([...all, ...some]),
  };
}

/** A choice of a column as the command takes it. */
const mapFlag = (column: string, field: string): string => `--map "${column}=${field}"`;

/**
 * The mapping that a campaign uses: what the user says, then suggestions for the other fields.
 *
 * @throws BespokeError `csv-columns` for an unknown column or field (naming the nearest), for a field that two
 * overrides fill, for a field that two columns fit equally, and for a required field that nothing fills (naming the
 * nearest column).
 */
export function resolveMapping(
  headers: readonly string[],
  all: Fields,
  request: MappingRequest = {},
): Mapping {
  const fields = rowFields(all);
  const decided = decide(headers, fields, request);
  const mapping = arrange(headers, fields, decided);
  const [unclear] = mapping.ambiguous;
  if (unclear !== undefined) {
    const { field, columns } = unclear;
    throw errors.fieldUnclear({
      field,
      columns: showHeaders(columns),
      flags:
        new Set(columns).size < columns.length || columns.length > mostShownHeaders
          ? []
          : columns.map((column) => mapFlag(column, field)),
    });
  }
  const unfilled = Object.entries(fields).filter(
    ([name, { required, fallback }]) =>
      required &&
      mapping.unfilled.includes(name) &&
      !(mapping.emptyAsFallback.has(name) && fallback !== undefined),
  );
  const missing = [...unfilled, ...missingParts(fields, mapping.columns)];
  if (missing.length > 0) {
    const unused = mapping.unused.filter((header) => header !== '');
    throw errors.fieldsUnfilled({
      fields: missing.map(([name, { label }]) => `"${name}" (${label})`),
      guesses: unfilled.flatMap(([name, field]) => {
        const nearest = nearestColumn(unused, name, field);
        return nearest === undefined ? [] : [mapFlag(nearest, name)];
      }),
      all: showHeaders(headers),
    });
  }
  return mapping;
}
