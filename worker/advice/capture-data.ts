import { isEmpty, showValue } from '../../data/check-record.ts';
import { rootOf } from '../../data/leaves.ts';
import type { Row } from '../../data/csv/check-row.ts';
import type { Mapping } from '../../data/csv/map-columns.ts';
import { type Field, isFetched, rowFields } from '../../data/record.ts';
import { isSuspicion, type Suspicion } from '../../data/suspects.ts';
import type { ResolvedImages } from '../../video/story/bind.ts';
import type { Template } from '../../video/story/template.ts';
import type { IntakeRow } from '../core/intake.ts';
import { type NamesUsed, toText } from '../people/known-view.ts';
import type { DataCapture, DataField } from './advice-schema.ts';
import { DistinctValues } from './distinct-values.ts';

/** What is counted of a field, row by row. */
interface Column {
  readonly name: string;
  readonly field: Field;
  readonly scenes: ReadonlySet<string>;
  /** Whether rows without a value fail. */
  readonly required: boolean;
  /** Its header, or those of its parts; `undefined` where nothing fills it. */
  readonly column: string | undefined;
  readonly headers: ReadonlySet<string>;
  readonly read: ((cells: readonly string[]) => string | undefined) | undefined;
  readonly values: DistinctValues;
  filled: number;
  refused: number;
  doubtful: number;
  oldest: string | undefined;
  newest: string | undefined;
  unlikely: number;
  fallbacks: number;
  noticed: number;
}

/** They are not drawn. */
const undrawn = new Set<Field['kind']>(['locale', 'link']);

/** Codes of warnings after which something else than the value is drawn. */
const replaced = new Set<string>(['unusable-value', 'glyph-unavailable', 'locale-unavailable']);

const hasDay = ({ kind }: Field): boolean => kind === 'date' || kind === 'dateTime';

/** Whether a warning is about a field: warnings name a column, or a field. */
const isAbout = ({ name, headers }: Pick<Column, 'name' | 'headers'>, named: string): boolean =>
  headers.has(named) || rootOf(named) === name || headers.has(rootOf(named));

const keptRows = 100;

/** Counts how well the rows of a file fill the fields of a template, in memory that does not grow with the rows. */
export interface DataCounter {
  /** Every row of the file, as it is read. */
  readonly read: (row: Row) => void;
  /** A row that would become a video. @param scenes those of the film. */
  readonly see: (row: IntakeRow, images: ResolvedImages, scenes: ReadonlySet<string>) => void;
  /** After each portion of rows. */
  readonly forget: () => void;
  readonly result: () => DataCapture;
}

/** @param accept suspicions that are meant. */
export function createDataCounter(
  { record: fields }: Pick<Template, 'record'>,
  used: NamesUsed,
  mapping: Mapping,
  accept: readonly Suspicion[] = [],
): DataCounter {
  const columns = Object.entries(rowFields(fields)).map(([name, field]): Column => {
    const own = mapping.columns.filter((each) => rootOf(each.field) === name);
    const headers = new Set(own.map(({ column }) => column));
    return {
      ...{ name, field, headers },
      column: own.length === 0 ? undefined : [...headers].join(', '),
      read: own.length === 0 ? undefined : (cells) => own.map(({ read }) => read(cells) ?? '').join('\n'),
      scenes: used.get(name) ?? new Set(),
      required: field.required && !(field.fallback !== undefined && mapping.emptyAsFallback.has(name)),
      values: new DistinctValues(),
      ...{ filled: 0, refused: 0, doubtful: 0, oldest: undefined, newest: undefined, unlikely: 0 },
      ...{ fallbacks: 0, noticed: 0 },
    };
  });
  const accepted = new Set<string>(accept);
  let rows = 0;
  let ragged = 0;
  const fallbacks = { rows: 0, viewers: 0, firstRows: [] as number[] };
  /** By row: fields without a value of their own. */
  const missing = new Map<number, ReadonlySet<string>>();

  function countCell(column: Column, { cells, check, warnings }: Row): boolean {
    const cell = column.read?.(cells);
    if (cell === undefined || isEmpty(cell)) return false;
    column.filled += 1;
    column.values.add(cell.trim());
    if (!check.ok) {
      if (check.issues.some(({ field }) => rootOf(field) === column.name)) column.refused += 1;
      return true;
    }
    const codes = warnings.flatMap(({ field, code }) => (isAbout(column, field) ? [code] : []));
    // A part that is left out leaves the others.
    if (column.field.fields === undefined && codes.includes('unusable-value')) {
      column.refused += 1;
      return false;
    }
    if (codes.some((code) => isSuspicion(code) && !accepted.has(code))) column.doubtful += 1;
    if (codes.includes('unlikely-date') && !accepted.has('unlikely-date')) column.unlikely += 1;
    const value = check.record[column.name];
    if (hasDay(column.field) && typeof value === 'string') {
      const day = value.slice(0, 10);
      if (column.oldest === undefined || day < column.oldest) column.oldest = day;
      if (column.newest === undefined || day > column.newest) column.newest = day;
    }
    return true;
  }

  function hasFallback(
    column: Column,
    row: IntakeRow,
    images: ResolvedImages,
    without: ReadonlySet<string> | undefined,
  ): boolean {
    const { name, field } = column;
    if (isFetched(field)) return images[name]?.kind !== 'stored';
    return (
      without?.has(name) === true ||
      row.warnings.some((each) => replaced.has(each.code) && isAbout(column, each.field))
    );
  }

  return {
    read: (row) => {
      rows += 1;
      // The cells of a row with too many or too few may be those of other columns.
      if (!row.check.ok && row.check.issues.some(({ field }) => field === '')) {
        ragged += 1;
        return;
      }
      const without = columns.filter((column) => !countCell(column, row)).map(({ name }) => name);
      if (without.length > 0) missing.set(row.row, new Set(without));
    },
    see: (row, images, scenes) => {
      const without = missing.get(row.row);
      let hasAny = false;
      let isNoticed = false;
      for (const column of columns) {
        const isFilled = column.read !== undefined && without?.has(column.name) !== true;
        // That a picture or a recording cannot be had is known only now.
        if (isFetched(column.field) && isFilled && images[column.name]?.kind !== 'stored') {
          column.refused += 1;
        }
        // Without items nothing is drawn in their place.
        if (undrawn.has(column.field.kind) || column.field.fields !== undefined) continue;
        if (!hasFallback(column, row, images, without)) continue;
        hasAny = true;
        column.fallbacks += 1;
        // Without words in its place a scene is made to work without the value.
        if (column.field.fallback === undefined) continue;
        if (![...column.scenes].some((scene) => scenes.has(scene))) continue;
        isNoticed = true;
        column.noticed += 1;
      }
      if (hasAny) fallbacks.rows += 1;
      if (!isNoticed) return;
      fallbacks.viewers += 1;
      if (fallbacks.firstRows.length < keptRows) fallbacks.firstRows.push(row.row);
    },
    forget: () => missing.clear(),
    result: () => ({
      rows,
      fields: columns.map((column) => describeColumn(column, rows - ragged)),
      fallbacks,
    }),
  };
}

function describeColumn(column: Column, rows: number): DataField {
  const { name, field, values } = column;
  const of = (count: number): number => (rows === 0 ? 0 : count / rows);
  const shown = isFetched(field) ? undefined : field.fallback;
  const only = values.only();
  return {
    ...{ field: name, label: field.label, column: column.column ?? null, kind: field.kind },
    personal: field.personal,
    scenes: [...column.scenes].sort(),
    // An empty list is no word in the place of another.
    optional: !field.required && (field.fallback === undefined || field.fields !== undefined),
    required: column.required,
    filled: of(column.filled),
    usable: of(column.filled - column.refused),
    doubtful: column.doubtful,
    distinct: values.counts(),
    only: only === null || field.fields !== undefined ? null : showValue(only),
    dates: hasDay(field)
      ? { oldest: column.oldest ?? null, newest: column.newest ?? null, unlikely: column.unlikely }
      : null,
    fallback: {
      shown: toText(shown) ?? null,
      rows: column.fallbacks,
      noticed: column.noticed,
    },
  };
}
