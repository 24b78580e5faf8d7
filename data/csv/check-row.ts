import { checkRecord, showValue } from '../check-record.ts';
import type { FieldIssue, Fields, RecordCheck } from '../record.ts';
import { fileNameOf } from './file-name.ts';
import { startsFormula } from './formula.ts';
import type { Mapping } from './map-columns.ts';
import type { TableRecord } from './read-table.ts';
import { contentId, createIdTable, normalizeId } from './row-id.ts';
import type { Row, RowCheck, RowWarning } from './row.ts';

/** How the records of a file are cut into the input's own cells and checked. */
export interface Layout {
  readonly fields: Fields;
  readonly mapping: Mapping;
  /** The input's own headers; the mapping and `idIndex` count in them. */
  readonly header: readonly string[];
  /** Where the own headers stand in the file. */
  readonly own: readonly number[];
  /** Number of all headers in the file. */
  readonly width: number;
  readonly idIndex: number | undefined;
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
      `The row on line ${line} has ${layout.width + surplus} cells for ${layout.width} columns; put a value that holds the delimiter in quotes.`,
    );
  }
  if (cells < layout.own.length) {
    return wholeRow(
      `The row on line ${line} has ${cells} of ${layout.own.length} cells; write the missing ones, if only as empty cells.`,
    );
  }
  return undefined;
}

/** Gives rows their ids and finds those that are missing or taken. */
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

  /** Equal rows are numbered in the order they come; they can stand for each other. */
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
    if (id === '') {
      const issue = issueOf('', 'is empty; write an id that no other row has');
      return { id: makeId(cells, row), problem: ragged ? undefined : { duplicate: false, issue } };
    }
    // The cells of a ragged row may have moved: its id is no ground to refuse another row.
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
  if (check.ok && id === undefined) return check;
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
    const message = `Column "${field}" begins with ${sign}, which a spreadsheet may run as a formula.`;
    warnings.push({ code: 'formula-cell', field, message });
  }
  return warnings;
}

/** The cells at these places, as far as there are so many. */
function pick(cells: readonly string[], places: readonly number[]): readonly string[] {
  const picked: string[] = [];
  for (const place of places) {
    const cell = cells[place];
    if (cell !== undefined) picked.push(cell);
  }
  return picked;
}

/** Checks the records of one file in order; it remembers their ids. */
export function createRowChecker(layout: Layout): (record: TableRecord) => Row {
  const identify = createIdentifier(layout);
  const { columns } = layout.mapping;
  const columnByField = Object.fromEntries(columns.map(({ field, column }) => [field, column]));
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
    for (const { field, index } of columns) values[field] = cells[index];
    const check: RecordCheck =
      ragged === undefined
        ? checkRecord(layout.fields, values, columnByField)
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
      warnings: findFormulas(layout.header, surplus.length === 0 ? cells : [...cells, ...surplus]),
    };
  };
}
