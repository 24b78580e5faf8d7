import {
  type DateOrder,
  type DecimalMark,
  dateReadings,
  numberReadings,
  parseDate,
  parseNumber,
  writeDecimal,
} from '../parse-values.ts';
import { clarifyMoney, moneyReadings } from '../parse-money.ts';
import type { FieldKind } from '../record.ts';
import type { Fields } from '../record.ts';
import { unwrapCell } from '../repair-text.ts';
import type { Delimiter } from './dialect.ts';
import { clarifyDay, dayInZone } from '../parse-times.ts';
import type { MappedColumn } from './map-columns.ts';
import { createNestedReader, type NestedReader } from './nested-values.ts';

/** How a column writes what countries read differently. */
export interface Convention {
  readonly dateOrder?: DateOrder | undefined;
  readonly decimalMark?: DecimalMark | undefined;
  /** The zone whose days count where a value is a time in a zone. Unset: the day as it is written. */
  readonly timeZone?: string | undefined;
}

/** Kinds of fields whose columns have conventions. */
type Conventional = 'date' | 'dateTime' | 'number' | 'money';

const isDay = (kind: FieldKind): kind is 'date' | 'dateTime' => kind === 'date' || kind === 'dateTime';

/** Conventions by field. */
export type Conventions = Readonly<Record<string, Convention>>;

/** A column whose values can be read in two ways, and in which no value says which is meant. */
export interface UnclearColumn {
  readonly field: string;
  readonly column: string;
  readonly kind: 'date' | 'number';
  /** One of its values. */
  readonly example: string;
}

/** A cell as all countries read it, where its column's convention says what it means; any other cell as it is. */
export function applyConvention(
  cell: string,
  kind: FieldKind,
  { dateOrder, decimalMark, timeZone }: Convention,
): string {
  const text = unwrapCell(cell).trim();
  if (kind === 'date' && timeZone !== undefined) {
    const day = dayInZone(text, timeZone, dateOrder);
    if (day !== undefined) return day;
  }
  if (kind === 'dateTime' && dateReadings(text).length > 1) return clarifyDay(text, dateOrder);
  if (kind === 'date' && dateReadings(text).length > 1) {
    const parsed = parseDate(text, dateOrder);
    return parsed.ok ? parsed.value : cell;
  }
  if (kind === 'money' && moneyReadings(text).length > 1) return clarifyMoney(text, decimalMark);
  if (kind === 'number' && numberReadings(text).length > 1) {
    const parsed = parseNumber(text, decimalMark);
    return parsed.ok ? writeDecimal(parsed.value) : cell;
  }
  return cell;
}

/** What all countries read alike, by far the most values: whole numbers, and days with the year first. */
const clear = /^(?:\d+|\d{4}-\d\d-\d\d)$/;

/** Longer runs of white space are not searched for what is behind them. */
const longSpace = 200;

/** How a text writes days and numbers that have two readings, or may have. */
function twofoldSigns(kinds: ReadonlySet<Conventional>, delimiter: Delimiter): string {
  const signs = [String.raw`\s{${longSpace}}`];
  if (kinds.has('date') || kinds.has('dateTime')) signs.push(String.raw`\d[-/]\d{1,2}[-/]\d{4}`);
  if (kinds.has('number') || kinds.has('money')) {
    signs.push(String.raw`\d\.\d{3}`);
    // A value that holds the delimiter is in quotes.
    const sign = kinds.has('money') ? String.raw`[^"'\d\n]{0,12}` : String.raw`\s*[-+]?`;
    const before = delimiter === ',' ? String.raw`["']${sign}\d{0,2}` : '';
    signs.push(String.raw`${before}\d,\d{3}`);
  }
  return signs.join('|');
}

/** Longer than each sign of two readings. */
const overlap = longSpace + 50;

/** What the values of a column say about its convention. */
class Evidence<Reading extends string> {
  readonly #votes = new Set<Reading>();
  #values = 0;
  #twofold = 0;
  #example: string | undefined;

  add(text: string, readingsOf: (text: string) => readonly Reading[]): void {
    if (text === '') return;
    this.#values += 1;
    const [first, second] = clear.test(text) ? [] : readingsOf(text);
    if (first !== undefined && second === undefined) this.#votes.add(first);
    if (second === undefined) return;
    this.#twofold += 1;
    this.#example ??= text;
  }

  /** The reading of all values that have only one; `undefined` where there are none, or they differ. */
  get reading(): Reading | undefined {
    const [first] = this.#votes;
    return this.#votes.size === 1 ? first : undefined;
  }

  /**
   * A value that can be read in two ways, where no other value says how and most are like it. Where few are, they
   * are faults of their rows.
   */
  get unclear(): string | undefined {
    return this.#votes.size === 0 && 2 * this.#twofold >= this.#values ? this.#example : undefined;
  }
}

/** What is found out of one field, or of a part of the items of a list. */
interface Finding {
  readonly field: string;
  readonly column: string;
  readonly kind: Conventional;
  readonly dates: Evidence<DateOrder>;
  readonly numbers: Evidence<DecimalMark>;
}

const findingOf = (field: string, column: string, kind: FieldKind | undefined): readonly Finding[] =>
  kind !== undefined && (isDay(kind) || kind === 'number' || kind === 'money')
    ? [{ field, column, kind, dates: new Evidence<DateOrder>(), numbers: new Evidence<DecimalMark>() }]
    : [];

function addTo({ kind, dates, numbers }: Finding, cell: string): void {
  const text = unwrapCell(cell).trim();
  if (isDay(kind)) dates.add(text, dateReadings);
  else numbers.add(text, kind === 'money' ? moneyReadings : numberReadings);
}

/** Finds the conventions of columns from all of their values: one `12/31` says what `03/04` means. */
export class ConventionFinder {
  readonly #columns: readonly (MappedColumn & { readonly finding: Finding })[];
  readonly #nested: NestedReader;
  /** By pattern: the items of a list are written alike, whichever columns they are in. */
  readonly #parts: ReadonlyMap<string, Finding>;
  readonly #said: Convention;

  /** @param said what the user says of all columns. */
  constructor(fields: Fields, columns: readonly MappedColumn[], said: Convention) {
    this.#said = said;
    this.#nested = createNestedReader(fields, columns);
    this.#columns = columns.flatMap((column) =>
      findingOf(column.field, column.column, fields[column.field]?.kind).map((finding) => ({
        ...column,
        finding,
      })),
    );
    this.#parts = new Map(
      [...this.#nested.parts].flatMap(([pattern, { kind, column }]) =>
        findingOf(pattern, column, kind).map((finding) => [pattern, finding]),
      ),
    );
  }

  get #findings(): readonly Finding[] {
    return [...this.#columns.map(({ finding }) => finding), ...this.#parts.values()];
  }

  /** Whether there are columns that may have conventions. */
  get isNeeded(): boolean {
    return this.#findings.length > 0;
  }

  /**
   * Whether the text of a table holds a value with two readings, or may: without any, no convention matters. Far
   * quicker than reading its rows.
   */
  async mayMatter(text: AsyncIterable<string>, delimiter: Delimiter): Promise<boolean> {
    // Texts that are joined from columns are in no file, and those in JSON are written in other ways.
    if (this.#parts.size > 0 || this.#columns.some(({ isPlain }) => isPlain !== true)) return true;
    const signs = new RegExp(twofoldSigns(new Set(this.#findings.map(({ kind }) => kind)), delimiter), 'u');
    let rest = '';
    for await (const chunk of text) {
      if (signs.test(rest + chunk)) return true;
      rest = (rest + chunk).slice(-overlap);
    }
    return false;
  }

  /** @param cells of one row, under the headers that the columns count in. */
  add(cells: readonly string[]): void {
    for (const { read, finding } of this.#columns) addTo(finding, read(cells) ?? '');
    if (this.#parts.size === 0) return;
    this.#nested.read(cells, ({ pattern, text }) => {
      const finding = this.#parts.get(pattern);
      if (finding !== undefined) addTo(finding, text);
      return text;
    });
  }

  get conventions(): Conventions {
    return Object.fromEntries(
      this.#findings.flatMap(({ field, kind, dates, numbers }) => {
        const dateOrder = this.#said.dateOrder ?? dates.reading;
        const decimalMark = this.#said.decimalMark ?? numbers.reading;
        const timeZone = kind === 'date' ? this.#said.timeZone : undefined;
        return dateOrder === undefined && decimalMark === undefined && timeZone === undefined
          ? []
          : [[field, { dateOrder, decimalMark, timeZone }]];
      }),
    );
  }

  get unclear(): readonly UnclearColumn[] {
    return this.#findings.flatMap(({ field, column, kind, dates, numbers }) => {
      const { dateOrder, decimalMark } = this.#said;
      const example =
        (dateOrder === undefined ? dates.unclear : undefined) ??
        (decimalMark === undefined ? numbers.unclear : undefined);
      return example === undefined ? [] : [{ field, column, kind: isDay(kind) ? 'date' : 'number', example }];
    });
  }
}
