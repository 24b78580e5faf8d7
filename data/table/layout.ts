import { errors } from '../../errors/messages.ts';
import { countLines } from '../csv/read-table.ts';
import { foldName } from '../parse-values.ts';

/** A row as the file has it. */
export interface SheetRow {
  /** The row of the sheet, or the line of the text on which it starts; counted from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** What a row is that is no customer. */
export const skippedKinds = ['title', 'group', 'header', 'footer'] as const;

type SkippedKind = (typeof skippedKinds)[number];

/** A row that is left out, for people. */
export interface SkippedRow {
  readonly row: number;
  readonly kind: SkippedKind;
  /** Its cells, shortened. */
  readonly text: string;
}

/** Most rows above a header, and most of a footer: they are held in memory. */
export const mostSkipped = 1000;

/** What the user says about a layout, up to `mostSkipped`; unset: it is recognized. */
export interface LayoutOptions {
  /** The row of the sheet, or the line of the text, that holds the names of the columns. */
  readonly headerRow?: number | undefined;
  /** How many rows at the end are no customers. */
  readonly skipFooter?: number | undefined;
}

/** Where a table is in its file. */
export interface TableLayout {
  /** The row of the header; of two, the lower one. */
  readonly headerRow: number;
  readonly header: readonly string[];
  /** Rows that are neither header nor customers. */
  readonly skipped: ReadonlySet<number>;
  /** The first of them. */
  readonly shown: readonly SkippedRow[];
  /** Whether the header's cells are not one row's. */
  readonly isJoined: boolean;
}

const isFilled = (cell: string): boolean => cell.trim() !== '';
const countFilled = ({ cells }: SheetRow): number => cells.filter(isFilled).length;
const filledOf = ({ cells }: SheetRow): readonly string[] =>
  cells.filter(isFilled).map((cell) => cell.trim());

/** A number, a date, an address: what no column is called. */
const isValue = (cell: string): boolean =>
  /^[-+(]?[\p{Sc}\s]*\d[\d.,'’ \s/:%\p{Sc})-]*$/u.test(cell.trim()) ||
  /^\S+@\S+\.\S+$|^https?:\/\//.test(cell.trim());

/** Whether a row may hold the names of columns: texts, all different. */
function looksLikeHeader(row: SheetRow): boolean {
  const filled = filledOf(row);
  return (
    filled.every((cell) => !isValue(cell) && cell.length <= 80) && new Set(filled).size === filled.length
  );
}

const rowsToCompare = 50;
const mostTitles = 20;

/**
 * The position of the header among the first rows: the first one that fills more than half of the columns that the
 * rows below fill, where it reads like one; else the first row.
 */
function findHeader(rows: readonly SheetRow[]): number {
  // One row with surplus cells says nothing about the table.
  const usual = rows.map(countFilled).sort((a, b) => b - a)[1] ?? 0;
  for (const [at, row] of rows.slice(0, mostTitles).entries()) {
    const filled = countFilled(row);
    if (2 * filled <= usual) continue;
    if (looksLikeHeader(row)) return at;
    if (filled >= usual || at === 0) return looksLikeGroupedHeader(rows, at) ? at : 0;
  }
  return 0;
}

/** A header whose names repeat under the groups of the row above it: `Billing`, `Shipping` over `City`, `City`. */
function looksLikeGroupedHeader(rows: readonly SheetRow[], at: number): boolean {
  const above = rows[at - 1];
  const row = rows[at];
  if (above === undefined || row === undefined || countFilled(above) < 2) return false;
  return filledOf(row).every((cell) => !isValue(cell)) && looksLikeHeader(above);
}

/** Names of two rows, one above the other: the lower one's, with its group where the lower name repeats. */
function joinHeaders(upper: readonly string[], lower: readonly string[]): readonly string[] {
  const times = new Map<string, number>();
  for (const cell of lower) times.set(foldName(cell), (times.get(foldName(cell)) ?? 0) + 1);
  let group = '';
  return Array.from({ length: Math.max(upper.length, lower.length) }, (_, at) => {
    const [above = '', below = ''] = [upper[at]?.trim(), lower[at]?.trim()];
    if (above !== '') group = above;
    if (below === '') return above;
    return (times.get(foldName(below)) ?? 0) > 1 ? `${group} ${below}`.trim() : below;
  });
}

/**
 * Whether the names of the columns continue in the next row: each fills columns that the other leaves empty, and the
 * rows below fill those of both.
 */
function continuesBelow(upper: SheetRow, lower: SheetRow | undefined, below: readonly SheetRow[]): boolean {
  if (lower === undefined || lower.line !== upper.line + 1 || below.length === 0) return false;
  if (
    !isFilled(upper.cells[0] ?? '') ||
    !filledOf(lower).every((cell) => !isValue(cell) && cell.length <= 40)
  ) {
    return false;
  }
  const width = Math.max(upper.cells.length, lower.cells.length);
  const at = Array.from({ length: width }, (_, index) => ({
    index,
    above: isFilled(upper.cells[index] ?? ''),
    under: isFilled(lower.cells[index] ?? ''),
  }));
  const onlyAbove = at.filter(({ above, under }) => above && !under);
  const onlyUnder = at.filter(({ above, under }) => !above && under);
  if (onlyAbove.length === 0 || onlyUnder.length === 0 || at.some(({ above, under }) => !above && !under))
    return false;
  const first = below.slice(0, 10);
  return onlyAbove.every(
    ({ index }) => 2 * first.filter(({ cells }) => isFilled(cells[index] ?? '')).length > first.length,
  );
}

/** A word for a sum, alone or with what it is of; not a name that begins with it. */
const totals =
  /^(?:(?:grand|overall|sub)[ -]?)?totals?(?:\s*[:=(\d].*|\s+(?:for|of|in|per)\b.*)?$|^sum\s*:?$|^(?:(?:zwischen|gesamt)?summen?|(?:ins)?gesamt)\s*:?$|^(?:sous[- ]?)?total\s*:?$|^total (?:général|geral|general|generale)$|^somme\s*:?$|^(?:sub)?totaal\s*:?$|^totale\s*:?$|^(?:suma|soma|somma|razem)\s*:?$|^(?:average|durchschnitt|moyenne|promedio)\s*:?$/i;

const page = /^(?:page|seite|página|pagina|pág\.?|str\.?)\s*\d+(?:\s*(?:of|von|de|di|van|z|sur|\/)\s*\d+)?$/i;

const notes =
  /^(?:generated|created|exported|printed|downloaded|last updated|as of|source|copyright|confidential|erstellt|exportiert|gedruckt|stand|quelle|vertraulich|généré|exporté|imprimé|generado|exportado|gerado|generato|esportato|gegenereerd)\b|^©|^-+\s*end\b|^end of (?:report|file|list)\b|^\(?\d[\d.,' ]*\s*(?:rows?|records?|customers?|contacts?|entries|results|zeilen|datensätze|einträge|lignes|enregistrements|filas|registros|righe|rijen)\b|^(?:rows|records|count|number of (?:rows|records)|anzahl)\s*[:=]?\s*\d*$/i;

/** @param filled what `filledOf` says of a row. */
const isTotal = (filled: readonly string[]): boolean => {
  const [first = ''] = filled;
  if (!totals.test(first)) return false;
  return filled.slice(1).every(isValue) && (filled.length > 1 || first.length < 30);
};

function sameCells(a: readonly string[], b: readonly string[]): boolean {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    if ((a[at] ?? '').trim() !== (b[at] ?? '').trim()) return false;
  }
  return true;
}

const longestText = 80;

function show({ cells }: SheetRow): string {
  const text = cells
    .filter(isFilled)
    .map((cell) => cell.trim().replace(/\s+/g, ' '))
    .join(' · ');
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}

const mostShown = 20;

/** Most rows of a footer that say nothing of their kind. */
const mostUnnamed = 5;

/** Decides row by row, below the header, which ones are no customers. */
class RowSorter {
  readonly skipped = new Set<number>();
  readonly shown: SkippedRow[] = [];
  /** Rows at the end that may be a footer: they are one unless a customer follows. */
  #pending: SheetRow[] = [];
  #unnamed = 0;
  #end = 0;
  readonly #columns: number;
  readonly #repeated: readonly (readonly string[])[];
  readonly #titles: readonly SheetRow[];
  readonly #isFooterSaid: boolean;

  constructor(
    header: readonly string[],
    headers: readonly SheetRow[],
    titles: readonly SheetRow[],
    isFooterSaid: boolean,
  ) {
    this.#columns = header.filter(isFilled).length;
    this.#repeated = [header, ...headers.map(({ cells }) => cells)];
    this.#titles = titles;
    this.#isFooterSaid = isFooterSaid;
    for (const title of titles) this.skip(title, 'title');
  }

  skip(row: SheetRow, kind: SkippedKind): void {
    this.skipped.add(row.line);
    if (this.shown.length < mostShown) this.shown.push({ row: row.line, kind, text: show(row) });
  }

  add(row: SheetRow): void {
    const gap = row.line > this.#end;
    this.#end = row.line + countLines(row.cells);
    // A table of one column says too little.
    if (this.#columns < 2) return;
    const filled = this.#isFooterSaid ? [] : filledOf(row);
    if (this.#repeated.some((cells) => sameCells(cells, row.cells))) this.skip(row, 'header');
    else if (this.#titles.some(({ cells }) => sameCells(cells, row.cells))) this.skip(row, 'title');
    else if (!this.#isFooterSaid && this.#isAlwaysFooter(filled)) this.skip(row, 'footer');
    else if (!this.#isFooterSaid && this.#isNamedFooter(filled)) this.#pending.push(row);
    else if (!this.#isFooterSaid && this.#mayEnd(filled, gap)) {
      this.#unnamed += 1;
      // More are a second list of customers.
      if (this.#unnamed <= mostUnnamed) this.#pending.push(row);
      else this.#pending = this.#pending.filter((each) => this.#isNamedFooter(filledOf(each)));
    } else {
      this.#pending = [];
      this.#unnamed = 0;
    }
  }

  #isAlwaysFooter(filled: readonly string[]): boolean {
    if (filled.length >= this.#columns) return false;
    return (filled.length === 1 && page.test(filled[0] ?? '')) || (isTotal(filled) && this.#columns > 2);
  }

  #isNamedFooter(filled: readonly string[]): boolean {
    const [first = ''] = filled;
    if (isTotal(filled)) return true;
    return filled.length < this.#columns && filled.length <= 2 && (notes.test(first) || page.test(first));
  }

  /** Whether a row without words of a footer may be part of one: a single text after an empty line. */
  #mayEnd(filled: readonly string[], gap: boolean): boolean {
    const [first = ''] = filled;
    return filled.length === 1 && this.#columns > 2 && (gap || this.#pending.length > 0) && !isValue(first);
  }

  finish(): void {
    for (const row of this.#pending) this.skip(row, 'footer');
    this.shown.sort((a, b) => a.row - b.row);
  }
}

/** The first rows, as many as the header is sought in, and the rest. */
async function readFirst(rows: AsyncIterable<SheetRow>, wanted: number): Promise<readonly SheetRow[]> {
  const first: SheetRow[] = [];
  for await (const row of rows) {
    first.push(row);
    if (first.length >= rowsToCompare && row.line > wanted) break;
  }
  return first;
}

/** The header, what is above it, and whether it takes two rows. */
interface Head {
  readonly cells: readonly string[];
  readonly rows: readonly SheetRow[];
  readonly titles: readonly SheetRow[];
}

function chooseHead(first: readonly SheetRow[], name: string, headerRow: number | undefined): Head {
  if (headerRow !== undefined) {
    const at = first.findIndex(({ line }) => line === headerRow);
    const row = first[at];
    if (row === undefined) throw errors.headerRowMissing({ name, row: headerRow });
    return { cells: row.cells, rows: [row], titles: first.slice(0, at) };
  }
  const at = findHeader(first);
  const [row, above, next] = [first[at], first[at - 1], first[at + 1]];
  if (row === undefined) throw errors.csvBlank({ name });
  if (continuesBelow(row, next, first.slice(at + 2)) && next !== undefined) {
    return { cells: joinHeaders(row.cells, next.cells), rows: [row, next], titles: first.slice(0, at) };
  }
  if (above !== undefined && looksLikeGroupedHeader(first, at) && !looksLikeHeader(row)) {
    return { cells: joinHeaders(above.cells, row.cells), rows: [above, row], titles: first.slice(0, at - 1) };
  }
  return { cells: row.cells, rows: [row], titles: first.slice(0, at) };
}

/**
 * Finds the table in a file: its header, and the rows above, between and below that are no customers. Reads all rows.
 *
 * @param rows without those whose cells are all empty, from the first one at each call.
 * @throws BespokeError `csv-empty`, `table-layout`, and what reading rows throws.
 */
export async function findLayout(
  rows: () => AsyncIterable<SheetRow>,
  name: string,
  { headerRow, skipFooter }: LayoutOptions,
): Promise<TableLayout> {
  const head = chooseHead(await readFirst(rows(), headerRow ?? 0), name, headerRow);
  const last = head.rows.at(-1)?.line ?? 1;
  const sorter = new RowSorter(head.cells, head.rows, head.titles, skipFooter !== undefined);
  const footer: SheetRow[] = [];
  let count = 0;
  for await (const row of rows()) {
    if (row.line <= last) continue;
    count += 1;
    sorter.add(row);
    if (skipFooter === undefined || skipFooter === 0) continue;
    footer.push(row);
    if (footer.length > skipFooter) footer.shift();
  }
  if (skipFooter !== undefined && count < skipFooter) {
    throw errors.footerTooLong({ name, rows: count, skip: skipFooter });
  }
  if (head.rows.length > 1) for (const row of head.rows.slice(0, -1)) sorter.skip(row, 'group');
  for (const row of footer) if (!sorter.skipped.has(row.line)) sorter.skip(row, 'footer');
  sorter.finish();
  return {
    headerRow: last,
    header: head.cells,
    skipped: sorter.skipped,
    shown: sorter.shown,
    isJoined: head.rows.length > 1,
  };
}
