import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { sniffDelimiter } from './dialect.ts';
import { readTable } from './read-table.ts';
import { watchEventLoop } from '../../tests/services/watch-event-loop.ts';
import { collect, writeTestFile } from './test-file.ts';

const sniff = (sample: string) => sniffDelimiter({ text: sample, complete: true }).delimiter;

describe('sniffDelimiter', () => {
  it.each([
    ['a,b\n1,2', ','],
    ['a;b\n1;2', ';'],
    ['a\tb\n1\t2', '\t'],
    ['a|b\n1|2', '|'],
    ['name', ','],
  ])('finds that of %j', (sample, delimiter) => expect(sniff(sample)).toBe(delimiter));

  it('is not led astray by decimal commas', () => {
    expect(sniff('id;jan;feb\n1;2,5;3,5\n2;1,0;4,25\n')).toBe(';');
  });

  it('does not count what is quoted', () => {
    expect(sniff('id;"a,b,c,d"\n1;"x,y,z\n,,,"\n2;"say ""a,b"", c"\n')).toBe(';');
  });

  it('does not take an inch sign for a quote', () => {
    expect(sniff('id;size\n1;5" wide\n2;6"\n')).toBe(';');
  });

  it('prefers more columns when both agree', () => {
    expect(sniff('a,b,"c|d"\n1,2,3\n')).toBe(',');
    expect(sniff('a|b,c|d|e\n1|2,3|4|5\n')).toBe('|');
  });

  it('obeys the hint of Excel', () => {
    expect(sniffDelimiter({ text: 'sep=|\r\na,b|c\r\n', complete: true })).toEqual({
      delimiter: '|',
      hinted: true,
    });
  });

  it('leaves a cut-off last record out', () => {
    expect(sniffDelimiter({ text: 'a;b;c\n1;2;3\n1,2,3,4', complete: false }).delimiter).toBe(';');
  });
});

async function read(content: string | Uint8Array) {
  const table = await readTable(await writeTestFile(content));
  return { header: table.header.cells, records: await collect(table.records()) };
}

describe('readTable', () => {
  it('reads quotes, escaped quotes and newlines in values, and counts lines as an editor does', async () => {
    expect(await read('\uFEFFid,note\r\n1,"a\r\nb"\r\n2,"say ""hi"", you"\r\n\r\n3,x\n4,y\r5,z')).toEqual({
      header: ['id', 'note'],
      records: [
        { line: 2, cells: ['1', 'a\r\nb'] },
        { line: 4, cells: ['2', 'say "hi", you'] },
        { line: 6, cells: ['3', 'x'] },
        { line: 7, cells: ['4', 'y'] },
        { line: 8, cells: ['5', 'z'] },
      ],
    });
  });

  it('leaves spaces as they are', async () => {
    expect((await read(' id , name \n 1 , Anna \n')).records[0]?.cells).toEqual([' 1 ', ' Anna ']);
  });

  it('ignores lines with nothing on them, before the header too', async () => {
    const { header, records } = await read('\n \nid,name\n,\n1,Anna\n" ",\n\n');
    expect(header).toEqual(['id', 'name']);
    expect(records.map(({ line }) => line)).toEqual([5]);
  });

  it('takes a quote inside an unquoted value as a sign', async () => {
    expect(
      (await read('id,name\n1,Dwayne "The Rock" Johnson\n2,5"\n')).records.map(({ cells }) => cells),
    ).toEqual([
      ['1', 'Dwayne "The Rock" Johnson'],
      ['2', '5"'],
    ]);
  });

  it('skips the hint of Excel', async () => {
    expect(await read('sep=;\r\nid;name\r\n1;a,b\r\n')).toEqual({
      header: ['id', 'name'],
      records: [{ line: 3, cells: ['1', 'a,b'] }],
    });
  });

  it('reads UTF-16 with tabs', async () => {
    const { records } = await read(Buffer.from('\uFEFFid\tname\r\n1\tŽofie\r\n', 'utf16le'));
    expect(records[0]?.cells).toEqual(['1', 'Žofie']);
  });

  it('keeps a well quoted value that begins with a quote and runs over lines', async () => {
    expect((await read('id,note\n1,"""Hi"" she said\nand left"\n')).records[0]?.cells[1]).toBe(
      '"Hi" she said\nand left',
    );
  });

  it.each([
    ['never closed', 'id,name\n1,Anna\n2,"Bob\n3,Cem\n', 3],
    ['closed by the next opening one', 'id,name\n1,"Anna\n2,"Bob"\n3,Cem\n', 2],
  ])('refuses a quote that is %s, with its line', async (_, content, line) => {
    await expect(read(content)).rejects.toMatchObject({
      code: 'csv-quotes',
      message: `In input.csv a quote opens in the row that starts on line ${line} and is not closed where the value ends.`,
    });
  });

  it('reads the rows before one that contains others', async () => {
    const { records } = await readTable(await writeTestFile('id,name\n1,Anna\n2,"Bob\n3,"Cem"\n4,Dee\n'));
    const rows = records();
    expect((await rows.next()).value).toEqual({ line: 2, cells: ['1', 'Anna'] });
    await expect(rows.next()).rejects.toMatchObject({ code: 'csv-quotes' });
  });

  it('keeps a quote inside a quoted value on one line, whatever precedes it', async () => {
    const { records } = await read('id,name\n1,"a\nb"\n2,"Bob" Meier\n');
    expect(records.map(({ cells }) => cells)).toEqual([
      ['1', 'a\nb'],
      ['2', '"Bob" Meier'],
    ]);
  });

  it.each([
    ['a quote is never closed', `id,name\n1,"Anna\n${'2,Bob\n'.repeat(400_000)}`],
    ['a cell has no end', `id,name\n1,${'Anna'.repeat(400_000)}\n`],
  ])('refuses a row in which %s, with its line', async (_, content) => {
    await expect(read(content)).rejects.toMatchObject({
      code: 'csv-quotes',
      message:
        'In input.csv the row that starts on line 2 is longer than a megabyte. A quote in it is probably not closed.',
    });
  });

  it('refuses a file of empty lines', async () => {
    await expect(read('\n\n ,\n')).rejects.toMatchObject({ code: 'csv-empty' });
  });

  describe('of a row with too many cells', () => {
    const most = 16_384;

    it('reads as many as a sheet has columns, and refuses one more with row, count and limit', async () => {
      const { records } = await read(`id,name\n1${','.repeat(most - 1)}\n`);
      expect(records[0]?.cells).toHaveLength(most);
      await expect(read(`id,name\n1,Anna\n2${','.repeat(most)}\n3,Cem\n`)).rejects.toMatchObject({
        code: 'csv-too-wide',
        message: 'In input.csv the row that starts on line 3 has 16,385 cells. The limit is 16,384.',
      });
    });

    it.each([
      ['in quotes', `"${','.repeat(40_000)}"`],
      ['in quotes with quotes', `"${'"",'.repeat(20_000)}"`],
      ['of other kinds', ';|\t'.repeat(20_000)],
    ])('counts no delimiters %s', async (_where, cell) => {
      const { records } = await read(`id,name\r\n1,${cell}\r\n2,x\r\n`);
      expect(records.map(({ line, cells }) => [line, cells.length])).toEqual([
        [2, 2],
        [3, 2],
      ]);
    });

    it.each([
      ['whose last quote is never closed', `id\n1${','.repeat(20_000)}"x`, 2],
      ['behind the hint of Excel', `sep=,\r\nid\r\n1${','.repeat(20_000)}`, 3],
      ['in the header', `${'a,'.repeat(20_000)}a`, 1],
      ['of empty cells', `id\n\n${','.repeat(20_000)}\n`, 3],
      ['with a quote inside a value', `id\n1,a"${',",'.repeat(20_000)}\n`, 2],
    ])('refuses one %s', async (_where, content, line) => {
      await expect(read(content)).rejects.toMatchObject({
        code: 'csv-too-wide',
        message: expect.stringContaining(`on line ${line} has`) as string,
      });
    });

    it.each(['utf8', 'utf16le'] as const)(
      'holds neither memory nor the event loop (%s)',
      async (encoding) => {
        const file = await writeTestFile(
          Buffer.from(`\uFEFFid,name\n1${','.repeat(20_000_000)}\n`, encoding),
        );
        const { longestMs, grownBytes } = await watchEventLoop(() =>
          expect(readTable(file).then(({ records }) => collect(records()))).rejects.toMatchObject({
            message: expect.stringContaining('20,000,001') as string,
          }),
        );
        expect(grownBytes).toBeLessThan(200_000_000);
        expect(longestMs).toBeLessThan(500);
      },
    );
  });

  it.each([
    ['many short rows', 'a\n'.repeat(150_000)],
    ['cells of a megabyte', `id,note\n${`1,"${'x\n'.repeat(400_000)}"\n`.repeat(5)}`],
    ['many cells that begin with a quote and run over lines', `id\n${`"""a\n",`.repeat(16_000)}\n`],
  ])('lets other work continue while it reads %s', async (_what, content) => {
    const file = await writeTestFile(content);
    const { longestMs } = await watchEventLoop(async () => {
      const { records } = await readTable(file);
      for await (const record of records()) void record;
    });
    expect(longestMs).toBeLessThan(500);
  });
});

it('makes no error for each row that is as wide as the ones before it', async () => {
  const file = await writeTestFile(`Customers\n${'1,Anna,Plus\n'.repeat(500)}`);
  // The parser makes one with a stack wherever the width is not the one it expects.
  const made = vi.spyOn(Error, 'captureStackTrace');
  onTestFinished(() => made.mockRestore());
  expect(await collect((await readTable(file)).records())).toHaveLength(500);
  expect(made.mock.calls.length).toBeLessThan(20);
});
