import type { Fields } from '../record.ts';
import { createRowChecker, type Row, findIdColumn } from './check-row.ts';
import type { Encoding } from './detect-encoding.ts';
import { resolveMapping, type ColumnOverride, type Mapping } from './map-columns.ts';
import { readTable, type Delimiter } from './read-table.ts';

/** Options for reading a file. */
export interface ReadOptions {
  readonly fields: Fields;
  /** The user's column mapping; suggestions fill the rest. */
  readonly map?: readonly ColumnOverride[] | undefined;
  /** The header of the id column. Default: the likeliest one. */
  readonly idColumn?: string | undefined;
  /** Most rows to read. */
  readonly limit?: number | undefined;
  /** The file's name in messages. Default: its own name. */
  readonly name?: string;
}

/** A customer file with known format and columns. */
export interface CustomerFile {
  readonly encoding: Encoding;
  readonly delimiter: Delimiter;
  /** Headers in the file's order and spelling, without `bespoke_*` columns. */
  readonly header: readonly string[];
  readonly mapping: Mapping;
  /** The id column's header, or `undefined` if ids are derived from content. */
  readonly idColumn: string | undefined;
  /** The rows, in order and from the start at each call; invalid rows are included. */
  readonly rows: () => AsyncGenerator<Row>;
  /** How many `rows` there are; reads the whole file without checking values. */
  readonly countRows: () => Promise<number>;
}

const isOurs = (header: string) => /^bespoke_/i.test(header.trim());

/**
 * Opens a customer file for a template: finds its format, the column of each field, and the id column. `bespoke_*`
 * columns of an earlier result are ignored. Rows are read on demand; memory grows only by 18 to 36 bytes a row, to
 * recognize a repeated id.
 *
 * @throws BespokeError `csv-unreadable`, `csv-not-text`, `csv-encoding`, `csv-empty`, `csv-columns`,
 * `csv-quotes`, `csv-too-wide`; the last two also from `rows` and `countRows`.
 */
export async function readRows(
  file: string,
  { fields, map, idColumn, limit = Infinity, name }: ReadOptions,
): Promise<CustomerFile> {
  const table = await readTable(file, name);
  const all = table.header.cells;
  const own = all.flatMap((name, index) => (isOurs(name) ? [] : [index]));
  const header = own.map((index) => all[index] ?? '');
  const mapping = resolveMapping(header, fields, map);
  const idIndex = findIdColumn(header, idColumn);
  return {
    encoding: table.encoding,
    delimiter: table.delimiter,
    header,
    mapping,
    idColumn: idIndex === undefined ? undefined : (header[idIndex] ?? '').trim(),
    rows: async function* rows() {
      if (limit <= 0) return;
      const checkRow = createRowChecker({ fields, mapping, header, own, width: all.length, idIndex });
      for await (const record of table.records()) {
        const row = checkRow(record);
        yield row;
        if (row.row >= limit) return;
      }
    },
    countRows: async () => {
      const records = table.records();
      let rows = 0;
      while (rows < limit && (await records.next()).done !== true) rows += 1;
      await records.return(undefined);
      return rows;
    },
  };
}
