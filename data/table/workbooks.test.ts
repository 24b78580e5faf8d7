import { readdir, readlink, stat } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { watchEventLoop } from '../../tests/services/watch-event-loop.ts';
import { number } from '../fields.ts';
import { readRows } from '../csv/read-rows.ts';
import { collect, makeTestFolder, writeTestFile } from '../csv/test-file.ts';
import { prepareTable } from './prepare-table.ts';
import { makeArchive, makeWorkbook, sheetRows } from './test-archive.ts';
import { prepare } from './test-table.ts';

describe('untrusted files', () => {
  const workbook = (sheet: string, options?: Parameters<typeof makeArchive>[1]): Buffer =>
    makeArchive({ 'xl/workbook.xml': '<workbook/>', 'xl/worksheets/sheet1.xml': sheet }, options);

  it.each([
    ['say how large they are', undefined],
    ['lie about their size', { sizeOf: () => 1000 }],
  ])('are not unpacked where far too much comes out and they %s', async (_how, options) => {
    const file = await writeTestFile(workbook('0'.repeat(60_000_000), options), 'a.xlsx');
    expect((await stat(file)).size).toBeLessThan(100_000);
    await expect(prepare(file)).rejects.toMatchObject({ code: 'table-too-large' });
  });

  it('are refused where gzip unpacks to far too much', async () => {
    const file = await writeTestFile(gzipSync(Buffer.alloc(80_000_000, 'a,')), 'a.csv.gz');
    await expect(prepare(file)).rejects.toMatchObject({ code: 'table-too-large' });
  });

  it('hold up no other work while a large workbook is read', async () => {
    const people = Array.from({ length: 40_000 }, (_, at) => [at + 2, `Zoë ${at + 2}`]);
    const file = await writeTestFile(makeWorkbook(sheetRows([['id', 'name'], ...people])), 'a.xlsx');
    const { result, longestMs } = await watchEventLoop(() => prepare(file));
    expect(result.rows).toHaveLength(40_001);
    expect(result.rows.at(-1)).toEqual(['40001', 'Zoë 40001']);
    // The thread's own time counts for the process; it is the loop that must stay free.
    expect(longestMs).toBeLessThan(500);
  });
});

it('reads workbooks of programs that write the sizes of their parts in eight bytes', async () => {
  const workbook = makeWorkbook(
    sheetRows([
      ['id', 'name'],
      [1, 'Zoë'],
    ]),
    { wide: true },
  );
  const { rows } = await prepare(await writeTestFile(workbook, 'a.xlsx'));
  expect(rows).toEqual([
    ['id', 'name'],
    ['1', 'Zoë'],
  ]);
});

describe('numbers', () => {
  const amounts = { amount: number({ label: 'Amount', personal: false }) };
  const read = async (file: string): Promise<readonly unknown[]> => {
    const prepared = await prepareTable(file, {}, async () => path.join(await makeTestFolder(), 'a.csv'));
    const rows = await collect((await readRows(prepared.file, { fields: amounts })).rows());
    return rows.map(({ check }) => (check.ok ? check.record : check.message));
  };

  it.each([
    [
      'a workbook',
      makeWorkbook(
        sheetRows([
          ['amount', 'name'],
          [1.234, 'Zoë'],
        ]),
      ),
      'a.xlsx',
    ],
    ['JSON', '[{"amount": 1.234, "name": "Zoë"}]', 'a.json'],
  ])('that are numbers in %s have one reading', async (_what, content, name) => {
    expect(await read(await writeTestFile(content, name))).toEqual([{ amount: 1.234 }]);
  });

  it('with many digits stay numbers where they have a decimal point or an exponent', async () => {
    const json =
      '[{"a": 0.12345678901234567, "b": 12345678901234567, "c": -1234567890123456, "d": 5e-1234567890123456}]';
    const { rows } = await prepare(await writeTestFile(json, 'a.json'));
    expect(rows[1]).toEqual(['0.123456789012346', '12345678901234567', '-1234567890123456', '0']);
  });
});

it('leaves no file open', async () => {
  const { file } = await prepare(
    await writeTestFile(
      makeWorkbook(
        sheetRows([
          ['id', 'name'],
          [1, 'Zoë'],
        ]),
      ),
      'a.xlsx',
    ),
  );
  const open = async (): Promise<readonly string[]> => {
    const links = await readdir('/proc/self/fd');
    const targets = await Promise.all(links.map((link) => readlink(`/proc/self/fd/${link}`).catch(() => '')));
    return targets.filter((target) => target.startsWith(path.dirname(file)));
  };
  await expect.poll(open).toEqual([]);
});
