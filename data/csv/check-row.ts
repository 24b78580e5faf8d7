import { applyConvention, type Conventions } from './conventions.ts';
import type { Mapping } from './map-columns.ts';
import { createNestedReader, type NestedText } from './nested-values.ts';
import { rootOf } from '../leaves.ts';
import type { AnyRecord, FieldIssue, Fields, RecordCheck, ValueWarning } from '../record.ts';
import { checkRecord, showValue } from '../check-record.ts';
import { unwrapCell } from '../repair-text.ts';
import type { TableRecord } from './read-table.ts';
import { contentId, createIdTable, fileNameOf, isRounded, normalizeId } from './row-id.ts';

/** The result of checking a row: its record, or every issue. */
type RowCheck =
  | { readonly ok: true; readonly record: AnyRecord }
  | {
      readonly ok: false;
      /** `row-duplicate` only if nothing else is wrong. */
      readonly code: 'row-invalid' | 'row-duplicate';
      /** An issue with the row as a whole has an empty field and column. */
      readonly issues: readonly FieldIssue[];
      /** All issues as sentences, for one cell or line. */
      readonly message: string;
    };

/** A problem of a row that does not reject it. */
interface RowWarning {
  readonly code: 'formula-cell' | ValueWarning['code'];
  /** The column's header. */
  readonly field: string;
  readonly message: string;
}

/** One customer of the input. */
export interface Row {
  /** Counted from 1 among the rows that are not empty, without the header. */
  readonly row: number;
  /** The line of the file on which the row starts, counted from 1. */
  readonly line: number;
  /** The input's cells under its own headers, in order, unaltered; too few where the row is ragged. */
  readonly cells: readonly string[];
  /** Cells beyond the last header; empty ones are not kept. */
  readonly surplus: readonly string[];
  /** The id column's value, or one derived from the row's content without an id column. Never empty. */
  readonly id: string;
  /** The id column's value if it identifies the customer; unset without an id. */
  readonly customerId?: string;
  /** Safe as the name of a file, and different for different ids. */
  readonly fileName: string;
  readonly check: RowCheck;
  readonly warnings: readonly RowWarning[];
}

/** Characters that start a formula in some spreadsheet, including full-width forms. */
const formulaStart = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/u;

/** A number or a telephone number: a sign, then digits and what groups them. A sign alone is a dash. */
const signedNumber = /^[+-](?: ?\(?\d[\d .,()]*)?$/;

/** Whether a spreadsheet may run this cell as a formula when the file is opened. */
export function startsFormula(cell: string): boolean {
  return formulaStart.test(cell) && !signedNumber.test(cell) && unwrapCell(cell) === cell;
}

/** A text as a cell that no spreadsheet runs as a formula: an apostrophe marks it as text. */
export function guardFormula(cell: string): string {
  return formulaStart.test(cell) ? `'${cell}` : cell;
}

/** How the records of a file are divided into the input's own cells and checked. */
export interface Layout {
  readonly fields: Fields;
  readonly mapping: Mapping;
  /** The input's own headers; the mapping and `idIndex` count in them. */
  readonly header: readonly string[];
  /** Positions of the own headers in the file. */
  readonly own: readonly number[];
  /** Number of all headers in the file. */
  readonly width: number;
  readonly idIndex: number | undefined;
  /** ISO date that is today in the videos. */
  readonly asOf: string;
  readonly conventions: Conventions;
}

/** What is wrong with a row's id, if anything. */
type IdProblem = { readonly duplicate: boolean; readonly issue: FieldIssue } | undefined;

const wholeRow = (message: string): FieldIssue => ({ field: '', column: '', value: '', message });

/** A row with more or fewer cells than the header; what its cells mean is then unknown. */
function findRaggedness(
  line: number,
  cells: number,
  surplus: number,
  layout: Layout,
): FieldIssue | undefined {
  if (surplus > 0) {
    return wholeRow(
      `The row on line ${line} has ${layout.width + surplus} cells for ${layout.width} columns; put a value that contains the delimiter in quotes.`,
    );
  }
  if (cells < layout.own.length) {
    return wholeRow(
      `The row on line ${line} has ${cells} of ${layout.own.length} cells; add the missing ones, even if they are empty.`,
    );
  }
  return undefined;
}

/** Assigns ids to rows and reports missing and duplicate ones. */
function createIdentifier({ idIndex, header }: Layout) {
  const ids = createIdTable();
  const repeats = new Map<string, number>();
  const column = idIndex === undefined ? '' : (header[idIndex] ?? '').trim();
  const issueOf = (value: string, reason: string): FieldIssue => ({
    field: column,
    column,
    value,
    message: `Column "${column}" ${reason}.`,
  });

  /** Equal rows are numbered in order; they are interchangeable. */
  const makeId = (cells: readonly string[], row: number) => {
    const id = contentId(cells);
    if (ids.claim(id, row) === undefined) return id;
    const repeat = (repeats.get(id) ?? 1) + 1;
    repeats.set(id, repeat);
    return `${id}-${repeat}`;
  };

  return (
    cells: readonly string[],
    row: number,
    ragged: boolean,
  ): { readonly id: string; readonly problem: IdProblem } => {
    if (idIndex === undefined) return { id: makeId(cells, row), problem: undefined };
    const id = normalizeId(cells[idIndex] ?? '');
    const fault =
      id === ''
        ? 'is empty; write an id that no other row has'
        : isRounded(id)
          ? `holds "${id}", which a spreadsheet made of a longer number; format the column as text and export it again`
          : undefined;
    if (fault !== undefined) {
      const issue = issueOf(id, fault);
      return { id: makeId(cells, row), problem: ragged ? undefined : { duplicate: false, issue } };
    }
    // The cells of a ragged row may have moved, so its id must not reject another row.
    const first = ragged ? undefined : ids.claim(id, row);
    if (first === undefined) return { id, problem: undefined };
    const shown = showValue(id);
    const issue = issueOf(
      shown,
      `holds "${shown}", which is the id of row ${first}; give each row its own id`,
    );
    return { id, problem: { duplicate: true, issue } };
  };
}

function judge(check: RecordCheck, id: IdProblem): RowCheck {
  if (check.ok && id === undefined) return { ok: true, record: check.record };
  const issues = [...(id === undefined ? [] : [id.issue]), ...(check.ok ? [] : check.issues)];
  return {
    ok: false,
    code: check.ok && id?.duplicate === true ? 'row-duplicate' : 'row-invalid',
    issues,
    message: issues.map(({ message }) => message).join(' '),
  };
}

function findFormulas(header: readonly string[], cells: readonly string[]): readonly RowWarning[] {
  const warnings: RowWarning[] = [];
  for (const [index, cell] of cells.entries()) {
    if (!startsFormula(cell)) continue;
    const field = (header[index] ?? '').trim() || `column ${index + 1}`;
    const sign = cell.startsWith('\t')
      ? 'a tab'
      : cell.startsWith('\r')
        ? 'a line break'
        : `"${cell.charAt(0)}"`;
    const message = `Column "${field}" starts with ${sign}, which a spreadsheet may run as a formula.`;
    warnings.push({ code: 'formula-cell', field, message });
  }
  return warnings;
}

/** The cells at these positions, if they exist. */
export function pick(cells: readonly string[], positions: readonly number[]): readonly string[] {
  const picked: string[] = [];
  for (const position of positions) {
    const cell = cells[position];
    if (cell !== undefined) picked.push(cell);
  }
  return picked;
}

/** Checks the records of one file in order; it remembers their ids. */
export function createRowChecker(layout: Layout): (record: TableRecord) => Row {
  const identify = createIdentifier(layout);
  const { columns, emptyAsFallback } = layout.mapping;
  const columnByField = Object.fromEntries(columns.map(({ field, column }) => [field, column]));
  const nested = createNestedReader(layout.fields, columns);
  const plain = columns.filter(({ field }) => !nested.names.has(rootOf(field)));
  let row = 0;

  return ({ line, cells: all }) => {
    row += 1;
    const cells = pick(all, layout.own);
    const surplus = all.slice(layout.width);
    while (surplus.at(-1)?.trim() === '') surplus.pop();
    const ragged = findRaggedness(line, cells.length, surplus.length, layout);
    const { id, problem } = identify(cells, row, ragged !== undefined);
    const customerId = layout.idIndex === undefined ? '' : normalizeId(cells[layout.idIndex] ?? '');
    const values: Record<string, unknown> = {};
    for (const { field, read } of plain) {
      const convention = layout.conventions[field];
      const kind = layout.fields[field]?.kind ?? 'text';
      const cell = read(cells);
      values[field] = convention && cell !== undefined ? applyConvention(cell, kind, convention) : cell;
    }
    const clarify = ({ kind, pattern, text }: NestedText): string => {
      const convention = layout.conventions[pattern];
      return convention === undefined ? text : applyConvention(text, kind, convention);
    };
    Object.assign(values, nested.read(cells, clarify));
    const check: RecordCheck =
      ragged === undefined
        ? checkRecord(layout.fields, values, {
            asOf: layout.asOf,
            columnByField,
            emptyAsFallback,
            lenient: true,
          })
        : { ok: false, issues: [ragged] };
    return {
      row,
      line,
      cells,
      surplus,
      id,
      ...(customerId !== '' && { customerId }),
      fileName: fileNameOf(id),
      check: judge(check, problem),
      warnings: [
        ...(check.ok ? check.warnings : []),
        ...findFormulas(layout.header, surplus.length === 0 ? cells : [...cells, ...surplus]),
      ],
    };
  };
}
