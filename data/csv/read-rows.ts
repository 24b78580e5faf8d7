import { today } from '../check-record.ts';
import type { Fields } from '../record.ts';
import { errors } from '../../errors/messages.ts';
import type { DateOrder, DecimalMark } from '../parse-values.ts';
import { createRowChecker, pick, type Row } from './check-row.ts';
import { createIdDoubt, findIdColumn, type IdFault } from './row-id.ts';
import { ConventionFinder, type Conventions } from './conventions.ts';
import { decodeFile } from './detect-encoding.ts';
import type { Encoding } from '../table/encodings.ts';
import { type MappingRequest, resolveMapping, type Mapping } from './map-columns.ts';
import { type CsvDialect, type Delimiter } from './dialect.ts';
import { readTable, type TableRecord } from './read-table.ts';

/** What users say about how rows are read. */
export interface ReadingOptions extends MappingRequest {
  /** The header of the id column. Default: the mapping's, else the likeliest one. */
  readonly idColumn?: string | undefined;
  /** ISO date that is today in the videos. Default: today in UTC. */
  readonly asOf?: string | undefined;
  /** What comes first in days that can be read in two ways, in all columns. Default: what other values say. */
  readonly dateOrder?: DateOrder | undefined;
  /** The same of numbers. */
  readonly decimalMark?: DecimalMark | undefined;
  /** The zone whose days count, such as `Europe/Berlin`, where values are times in a zone. Default: the days as written. */
  readonly timeZone?: string | undefined;
  /** Most rows to read. */
  readonly limit?: number | undefined;
}

/** What options of a command or a request say about how rows are read. */
export const readingOptions = ({
  map,
  mapping,
  idColumn,
  asOf,
  dateOrder,
  decimalMark,
  timeZone,
  limit,
}: ReadingOptions): ReadingOptions => ({
  map,
  mapping,
  idColumn,
  asOf,
  dateOrder,
  decimalMark,
  timeZone,
  limit,
});

/** Options for reading a file. */
export interface ReadOptions extends Omit<ReadingOptions, 'idColumn'> {
  /** As in `ReadingOptions`; `null` for none. */
  readonly idColumn?: string | null | undefined;
  readonly fields: Fields;
  /** Conventions that were found in this file before: it is not read for them again. */
  readonly conventions?: Conventions | undefined;
  /** How the file is written, where that is known: it is not read for it again. */
  readonly dialect?: CsvDialect | undefined;
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
  /** How columns write what countries read differently. */
  readonly conventions: Conventions;
  /** The id column's header, or `undefined` if ids are derived from content. */
  readonly idColumn: string | undefined;
  /** A column that looked like the id and is not, as its values show. */
  readonly refusedId: (IdFault & { readonly column: string }) | undefined;
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
 * @throws BespokeError `csv-unreadable`, `csv-not-text`, `csv-encoding`, `csv-empty`, `csv-columns`, `csv-ambiguous`,
 * `csv-quotes`, `csv-too-wide`; the last two also from `rows` and `countRows`.
 */
export async function readRows(
  file: string,
  { fields, map, mapping: saved, idColumn, asOf, limit = Infinity, name, dialect, ...said }: ReadOptions,
): Promise<CustomerFile> {
  const table = await readTable(file, name, dialect);
  const all = table.header.cells;
  const own = all.flatMap((name, index) => (isOurs(name) ? [] : [index]));
  const header = own.map((index) => all[index] ?? '');
  const mapping = resolveMapping(header, fields, { map, mapping: saved });
  const likelyId = idColumn === null ? undefined : findIdColumn(header, idColumn ?? saved?.id);

  async function* records(): AsyncGenerator<TableRecord> {
    let rows = 0;
    if (limit <= 0) return;
    for await (const record of table.records()) {
      yield record;
      rows += 1;
      if (rows >= limit) return;
    }
  }

  const finder = new ConventionFinder(fields, mapping.columns, said);
  const doubt = likelyId?.certain === false ? createIdDoubt(likelyId.index) : undefined;
  let counted: number | undefined;
  async function readAll(): Promise<number> {
    let rows = 0;
    for await (const record of records()) {
      const cells = pick(record.cells, own);
      rows += 1;
      finder.add(cells);
      doubt?.add(cells, rows);
    }
    return rows;
  }
  const text = () => decodeFile(file, table.encoding, name);
  const isFinding =
    said.conventions === undefined && finder.isNeeded && (await finder.mayMatter(text(), table.delimiter));
  if (isFinding || doubt !== undefined) counted = await readAll();
  const [unclear] = finder.unclear;
  if (unclear !== undefined) throw errors.columnAmbiguous(unclear);
  const conventions = said.conventions ?? finder.conventions;
  const reason = doubt?.reason();
  const idIndex = reason === undefined ? likelyId?.index : undefined;
  const nameOf = (index: number | undefined): string | undefined =>
    index === undefined ? undefined : (header[index] ?? '').trim();
  const refused = reason && { column: nameOf(likelyId?.index) ?? '', ...reason };

  return {
    encoding: table.encoding,
    delimiter: table.delimiter,
    header,
    mapping,
    conventions,
    idColumn: nameOf(idIndex),
    refusedId: refused,
    rows: async function* rows() {
      const checkRow = createRowChecker({
        fields,
        mapping,
        header,
        own,
        width: all.length,
        idIndex,
        asOf: asOf ?? today(),
        conventions,
      });
      for await (const record of records()) yield checkRow(record);
    },
    countRows: async () => (counted ??= await readAll()),
  };
}
