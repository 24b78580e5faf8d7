import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choice, text } from '../fields.ts';
import { readRows } from './read-rows.ts';
import { delimiters } from './dialect.ts';
import { readTable } from './read-table.ts';
import { collect, makeTestFolder, writeTestFile } from './test-file.ts';
import { bespokeColumns, openResults } from './write-tables.ts';

const fields = {
  name: text({ label: 'Name', personal: true }),
  plan: choice(['Basic', 'Plus'], { label: 'Plan', personal: false }),
};

describe('openResults', () => {
  it('writes the input and then our columns', async () => {
    const file = join(await makeTestFolder(), 'results.csv');
    const writer = openResults(file, { header: [' id ', 'name'], delimiter: ';' });
    await writer.write(
      { cells: ['1', 'Zoë; "Z"\n'], surplus: [] },
      { status: 'done', video: 'videos/1.mp4', durationInSeconds: 24.0333333, warnings: ['One.', 'Two.'] },
    );
    await writer.write(
      { cells: ['=2'], surplus: ['left', 'over'] },
      { status: 'failed', errorCode: 'row-invalid', error: '=cmd' },
    );
    await writer.finish();
    expect(await readFile(file, 'utf8')).toBe(
      `\uFEFF" id ";name;${bespokeColumns.join(';')}\r\n` +
        '1;"Zoë; ""Z""\n";done;videos/1.mp4;;;;24.033;One. Two.;;;;true;\r\n' +
        "=2;;failed;;;;;;;row-invalid;'=cmd;;false;;left;over\r\n",
    );
  });

  it('shows nothing before it is finished, and nothing at all when given up', async () => {
    const folder = await makeTestFolder();
    const file = join(folder, 'results.csv');
    const given = openResults(file, { header: ['id'], delimiter: ',' });
    await given.write({ cells: ['1'], surplus: [] }, { status: 'done' });
    await expect(readFile(file)).rejects.toThrow();
    await given.discard();
    expect(await readdir(folder)).toEqual([]);

    const kept = openResults(file, { header: ['id'], delimiter: ',' });
    await kept.finish();
    await kept.discard();
    expect(await readdir(folder)).toEqual(['results.csv']);
  });

  it('says when the folder is missing or is none', async () => {
    const folder = await makeTestFolder();
    const file = join(folder, 'none', 'results.csv');
    const writer = openResults(file, { header: ['id'], delimiter: ',' });
    await expect(writer.finish()).rejects.toMatchObject({ code: 'directory-not-writable' });
    await writer.discard();
  });

  it('reports a failure while rows are written', async () => {
    const folder = join(await makeTestFolder(), 'sub');
    await mkdir(folder);
    await chmod(folder, 0o700);
    const writer = openResults(join(folder, 'none', 'x.csv'), { header: ['id'], delimiter: ',' });
    const writeAll = async () => {
      for (let row = 0; row < 100_000; row += 1) {
        await writer.write({ cells: ['x'.repeat(1000)], surplus: [] }, { status: 'done' });
      }
    };
    await expect(writeAll()).rejects.toMatchObject({ code: 'directory-not-writable' });
    await writer.discard();
  });

  it('writes any table so that it reads back the same, with every delimiter', async () => {
    const cell = fc.oneof(
      fc.string({
        unit: fc.constantFrom(
          'a',
          ' ',
          '"',
          ',',
          ';',
          '\t',
          '|',
          '\n',
          '\r',
          "'",
          '=',
          'ß',
          '李',
          '👩🏽‍🚀',
          '\uFEFF',
        ),
      }),
      fc.string({ unit: 'grapheme' }).map((each) => each.replaceAll('\0', '')),
    );
    const table = fc
      .integer({ min: 1, max: 5 })
      .chain((width) =>
        fc.tuple(
          fc.array(cell, { minLength: width, maxLength: width }),
          fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 6 }),
        ),
      );
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom(...delimiters), async ([header, rows], delimiter) => {
        const file = join(await makeTestFolder(), 'results.csv');
        const writer = openResults(file, { header, delimiter });
        for (const cells of rows) await writer.write({ cells, surplus: [] }, { status: 'cancelled' });
        await writer.finish();
        const read = await readTable(file);
        expect(read.delimiter).toBe(delimiter);
        expect(read.header.cells).toEqual([...header, ...bespokeColumns]);
        const back = await collect(read.records());
        expect(back.map(({ cells }) => cells.slice(0, header.length))).toEqual(rows);
        expect(back.every(({ cells }) => cells[header.length] === 'cancelled')).toBe(true);
      }),
      { numRuns: 80 },
    );
  });

  it('writes another delimiter and no byte order mark where it is asked to', async () => {
    const file = join(await makeTestFolder(), 'results.csv');
    const writer = openResults(file, { header: ['id'], delimiter: ';' }, { delimiter: '\t', bom: false });
    const skipped = { status: 'skipped', skipped: 'unchanged' } as const;
    await writer.write({ cells: ['1'], surplus: [] }, skipped);
    await writer.finish();
    const [header, row] = (await readFile(file, 'utf8')).split('\r\n');
    expect(header).toBe(['id', ...bespokeColumns].join('\t'));
    expect(row).toBe(`1\tskipped${'\t'.repeat(8)}\tunchanged\ttrue\t`);
  });

  it('makes a failed.csv that works once it is put right', async () => {
    const input =
      'id\tname\tplan\tnote\n1\tAnna\tPlus\t\n2\tBob\tGold\t=1\n3\tCem\tPlus\ta\tb\n4\tDee\n1\tEve\tPlus\t\n';
    const folder = await makeTestFolder();
    const file = join(folder, 'failed.csv');
    const write = async (from: string) => {
      const source = await readRows(from, { fields });
      const writer = openResults(file, source);
      let failed = 0;
      for await (const row of source.rows()) {
        if (row.check.ok) continue;
        failed += 1;
        await writer.write(row, { status: 'failed', errorCode: row.check.code, error: row.check.message });
      }
      await writer.finish();
      return failed;
    };
    expect(await write(await writeTestFile(input))).toBe(4);
    const once = await readFile(file, 'utf8');
    const again = await write(file);
    expect(again).toBe(3);

    const fixed = once
      .replace('Gold', 'plus')
      .replace(
        '\t"The row on line 4 has 5 cells for 4 columns; put a value that contains the delimiter in quotes."\t\tfalse\t\tb',
        '',
      );
    const source = await readRows(await writeTestFile(fixed), { fields });
    expect(source.header).toEqual(['id', 'name', 'plan', 'note']);
    expect((await collect(source.rows())).map(({ id, check }) => [id, check.ok])).toEqual([
      ['2', true],
      ['3', true],
      ['4', false],
      ['1', true],
    ]);
  });
});
