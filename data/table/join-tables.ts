import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { errors } from '../../errors/messages.ts';
import type { CsvDialect } from '../csv/dialect.ts';
import { findColumn } from '../csv/map-columns.ts';
import { readTable } from '../csv/read-table.ts';
import { createIdTable, findIdColumn, normalizeId } from '../csv/row-id.ts';
import { foldName } from '../parse-values.ts';
import { type NumberedRow, sortRows } from './sort-rows.ts';
import type { Scratch } from './prepare-table.ts';

/** A table that is ready to be read. */
export interface JoinedTable {
  readonly file: string;
  readonly dialect: CsvDialect;
  /** What messages call it. */
  readonly name: string;
}

/** A second table whose rows become the items of a list. */
export interface Join {
  /** The list's field, which the column of the joined table is called after. */
  readonly field: string;
  /** The column of the second table that holds the customer's id. */
  readonly key: string;
  readonly table: JoinedTable;
}

/** What became of the rows of a second table. */
export interface JoinReport {
  readonly field: string;
  readonly name: string;
  /** Rows that became items. */
  readonly joined: number;
  readonly customers: number;
  /** Rows whose id no customer has, or that have none. */
  readonly strangers: number;
  /** Of those, rows that would belong to a customer if leading zeros did not count. */
  readonly zeros: number;
  /** The line of the first of them. */
  readonly firstStranger: number | undefined;
}

/** More items than any list of a template takes: one more, so that the list is seen to be too long. */
const mostItems = 1_001;
/** In characters: a row of a table has a megabyte. */
const longestList = 800_000;

const withoutZeros = (id: string): string => id.replace(/^0+(?=.)/, '');

/** The rows of customers by their ids: of equal ids the first. */
interface CustomerRows {
  readonly rowOf: (id: string) => number | undefined;
  readonly rowOfSimilar: (id: string) => number | undefined;
}

async function readCustomers(
  records: AsyncIterable<{ readonly cells: readonly string[] }>,
  idIndex: number,
): Promise<CustomerRows> {
  const [ids, similar] = [createIdTable(), createIdTable()];
  let row = 0;
  for await (const { cells } of records) {
    row += 1;
    const id = normalizeId(cells[idIndex] ?? '');
    if (id === '') continue;
    ids.claim(id, row);
    similar.claim(withoutZeros(id), row);
  }
  return { rowOf: ids.find, rowOfSimilar: (id) => similar.find(withoutZeros(id)) };
}

interface Counts {
  joined: number;
  strangers: number;
  zeros: number;
  firstStranger: number | undefined;
}

async function* rowsOfCustomers(
  records: AsyncIterable<{ readonly line: number; readonly cells: readonly string[] }>,
  keyIndex: number,
  customers: CustomerRows,
  counts: Counts,
): AsyncGenerator<NumberedRow> {
  for await (const { line, cells } of records) {
    const id = normalizeId(cells[keyIndex] ?? '');
    const number = id === '' ? undefined : customers.rowOf(id);
    if (number === undefined) {
      counts.strangers += 1;
      counts.firstStranger ??= line;
      if (id !== '' && customers.rowOfSimilar(id) !== undefined) counts.zeros += 1;
      continue;
    }
    counts.joined += 1;
    yield { number, cells };
  }
}

/** JSON without a backslash before a quote: a reader could take the table for one that MySQL wrote. */
const writeJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/\\["\\]/g, (escape) => (escape === '\\"' ? '\\u0022' : '\\u005c'));

/** Items of one customer after another, as they come. */
class Items {
  readonly #rows: AsyncGenerator<NumberedRow>;
  readonly #headers: readonly string[];
  readonly #keyIndex: number;
  #next: IteratorResult<NumberedRow> | undefined;
  customers = 0;

  constructor(rows: AsyncGenerator<NumberedRow>, headers: readonly string[], keyIndex: number) {
    this.#rows = rows;
    this.#headers = headers;
    this.#keyIndex = keyIndex;
  }

  /**
   * The items of a customer as JSON; empty without any. Customers come in their order. Rows were found by a hash of the
   * id; what has another id all the same is no item of theirs.
   */
  async of(
    { row, id }: { readonly row: number; readonly id: string },
    explain: () => Error,
  ): Promise<string> {
    this.#next ??= await this.#rows.next();
    const items: string[] = [];
    let length = 0;
    while (this.#next.done !== true && this.#next.value.number === row) {
      const isTheirs = normalizeId(this.#next.value.cells[this.#keyIndex] ?? '') === id;
      if (isTheirs && items.length < mostItems) {
        const item = writeJson(this.#item(this.#next.value.cells));
        length += item.length + 1;
        if (length > longestList) throw explain();
        items.push(item);
      }
      this.#next = await this.#rows.next();
    }
    if (items.length === 0) return '';
    this.customers += 1;
    return `[${items.join(',')}]`;
  }

  async close(): Promise<void> {
    await this.#rows.return(undefined);
  }

  #item(cells: readonly string[]): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.#headers.flatMap((header, index) => {
        const cell = cells[index] ?? '';
        return index === this.#keyIndex || header === '' || cell.trim() === '' ? [] : [[header, cell]];
      }),
    );
  }
}

/**
 * Joins further tables to one of customers: each becomes a column with the rows of a customer as a list in JSON, in
 * their order. Rows of a table belong to the customer with the same id, apart from spaces around it. The columns come
 * first, so that rows with too few or too many cells are still found. Memory grows with the customers by some 50 bytes
 * each, and not with the other tables.
 *
 * @param idColumn of the customers. Default: the likeliest one.
 * @param scratch makes the paths of temporary files; the caller removes the table that is returned.
 * @throws BespokeError `csv-columns` without an id of the customers or a column of that name, and where the customers
 * have a column that is called like the list; `csv-too-wide` when one customer has too much.
 */
export async function joinTables(
  customers: JoinedTable,
  joins: readonly Join[],
  idColumn: string | undefined,
  scratch: Scratch,
): Promise<{ readonly table: JoinedTable; readonly reports: readonly JoinReport[] }> {
  const main = await readTable(customers.file, customers.name, customers.dialect);
  const headers = main.header.cells;
  const id = findIdColumn(headers, idColumn);
  if (id === undefined) throw errors.joinWithoutIds({ name: customers.name });
  for (const { field } of joins) {
    const same = headers.find((header) => foldName(header) === foldName(field));
    if (same !== undefined)
      throw errors.joinColumnTwice({ name: customers.name, column: same.trim(), field });
  }
  const idIndex = id.index;
  const rows = await readCustomers(main.records(), idIndex);
  const opened = await Promise.all(
    joins.map(async ({ field, key, table: { file, name, dialect } }) => {
      const { header, records } = await readTable(file, name, dialect);
      const keyIndex = findColumn(header.cells, key);
      const counts: Counts = { joined: 0, strangers: 0, zeros: 0, firstStranger: undefined };
      const own = rowsOfCustomers(records(), keyIndex, rows, counts);
      const items = new Items(
        sortRows(own, scratch),
        header.cells.map((cell) => cell.trim()),
        keyIndex,
      );
      return { field, name, counts, items };
    }),
  );
  const target = await scratch('csv');
  async function* lines(): AsyncGenerator<readonly string[]> {
    yield [...opened.map(({ field }) => field), ...headers];
    let row = 0;
    for await (const { cells } of main.records()) {
      row += 1;
      const lists: string[] = [];
      for (const { name, items } of opened) {
        const customer = { row, id: normalizeId(cells[idIndex] ?? '') };
        lists.push(
          await items.of(customer, () => errors.joinTooLong({ name, customers: customers.name, row })),
        );
      }
      yield [...lists, ...cells];
    }
    // What is left belongs to nobody; it is counted all the same.
    for (const { items } of opened)
      await items.of({ row: row + 1, id: '' }, () => new Error('No customer is there.'));
  }
  try {
    await pipeline(
      Readable.from(lines()),
      stringify({ bom: true, record_delimiter: '\r\n' }),
      createWriteStream(target, { flags: 'wx', mode: 0o600 }),
    );
  } finally {
    for (const { items } of opened) await items.close();
  }
  return {
    table: {
      file: target,
      name: customers.name,
      dialect: { encoding: 'utf-8', backslashes: false, delimiter: ',', hinted: false },
    },
    reports: opened.map(({ field, name, counts, items }) => {
      const { joined, strangers, zeros, firstStranger } = counts;
      return { field, name, joined, strangers, zeros, firstStranger, customers: items.customers };
    }),
  };
}
