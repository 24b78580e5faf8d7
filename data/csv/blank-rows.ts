import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { readTable } from './read-table.ts';
import { quotedWhen } from './write-results.ts';

/** The first cell of a blanked row, because a row without any text would not count. */
const blankedCell = 'erased';

/**
 * Writes a table again with some of its rows blanked. All other rows keep their cells, and every row keeps
 * its number. The result is UTF-8, with a first line that names the delimiter.
 *
 * @param rows counted from 1 among the rows that are not empty, without the header.
 * @param name what messages call the file.
 * @throws BespokeError as `readTable` does.
 */
export async function blankRows(
  from: string,
  to: string,
  rows: ReadonlySet<number>,
  name: string,
): Promise<void> {
  const { header, delimiter, records } = await readTable(from, name);
  const blank = header.cells.map((_title, index) => (index === 0 ? blankedCell : ''));
  async function* lines(): AsyncGenerator<readonly string[]> {
    yield ['sep=', ''];
    yield header.cells;
    let row = 0;
    for await (const { cells } of records()) {
      row += 1;
      yield rows.has(row) ? blank : cells;
    }
  }
  await pipeline(
    Readable.from(lines()),
    stringify({ delimiter, bom: true, record_delimiter: '\r\n', quoted_match: quotedWhen }),
    createWriteStream(to, { flags: 'wx', mode: 0o600 }),
  );
}
