import { readFile } from 'node:fs/promises';
import path from 'node:path';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { usesBackslashes } from '../csv/dialect.ts';
import { writeTestFile } from '../csv/test-file.ts';
import { prepare, prepareSample, tables as folder } from './test-table.ts';

describe('formats', () => {
  const people = [
    ['customer_id', 'first_name', 'joined'],
    ['c-1', 'Zoë', '2021-05-03'],
    ['c-2', 'Łukasz', '2021-05-04'],
  ];

  it.each([
    ['excel-97.xls', 'xls'],
    ['excel-2003.xls', 'xls'],
    ['excel-binary.xlsb', 'xlsx'],
    ['customers.xlsx.gz', 'xlsx'],
  ])('reads %s', async (name, format) => {
    const { reading, rows } = await prepareSample(name);
    expect(reading).toMatchObject({ format, sheet: 'Customers', sheets: ['Customers'], headerRow: 1 });
    expect(rows).toEqual(people);
    expect(reading).not.toHaveProperty('ok');
  });

  it('reads values of an Excel sheet as it shows them, with all digits of ids and days as ISO days', async () => {
    const { reading, rows } = await prepareSample('excel-values.xlsx');
    expect(reading).toMatchObject({ format: 'xlsx', sheet: 'Kunden', sheets: ['Alt', 'Kunden', 'Notizen'] });
    expect(rows).toEqual([
      ['customer_id', 'first_name', 'joined', 'postcode', 'amount', 'note'],
      ['4912345678901234', 'Zoë', '2021-05-03', '01067', '1234.50', 'TRUE'],
      ['491234567890', 'José', '2021-05-04', '01067', '0.3', '#N/A'],
      ['KD-0007', 'Łukasz', '2021-05-05 12:00', '', '12.50%', ''],
    ]);
  });

  it('reads days of a workbook that counts from 1904', async () => {
    expect((await prepareSample('excel-of-a-mac.xlsx')).rows[1]).toEqual(['1', '2021-05-03']);
  });

  it('reads an OpenDocument sheet, whose empty rest is a million rows', async () => {
    const { reading, rows } = await prepareSample('libreoffice.ods');
    expect(reading).toMatchObject({ format: 'ods', sheet: 'Tabelle1' });
    expect(rows[1]).toEqual(['4912345678901', 'Zoë', '2021-05-03', '01067', '0.5']);
  });

  it('reads the sheet that is named, in any case', async () => {
    const { reading, rows } = await prepareSample('excel-values.xlsx', { sheet: 'notizen ' });
    expect(reading.sheet).toBe('Notizen');
    expect(rows).toEqual([['id'], ['5']]);
  });

  it('reads a page with a table that is called a workbook, and keeps zeros before numbers', async () => {
    expect((await prepareSample('web-page.xls')).rows[1]).toEqual(['00042', 'Zoë']);
  });

  it('reads a list of objects, with members of members', async () => {
    const { reading, rows } = await prepareSample('list.json');
    expect(reading).toMatchObject({ format: 'json', encoding: 'utf-8', skippedRows: 0 });
    expect(rows).toEqual([
      ['customer_id', 'first_name', 'address.city', 'points', 'vip'],
      ['c-1', 'Zoë', 'Wien', '', ''],
      ['c-2', '', '', '1.5', 'true'],
    ]);
  });

  it('reads the list of objects in an object, and keeps all digits of its numbers', async () => {
    expect((await prepareSample('wrapped.json')).rows[1]).toEqual(['12345678901234567890', 'Zoë']);
  });

  it('reads objects on lines', async () => {
    const { reading, rows } = await prepareSample('events.ndjson');
    expect(reading.format).toBe('ndjson');
    expect(rows.slice(1)).toEqual([
      ['c-1', 'Zoë', ''],
      ['c-2', '', 'Łódź'],
    ]);
  });

  it.each(['customers.tsv', 'nothing-to-skip.csv'])('leaves %s as it is', async (name) => {
    const file = path.join(folder, name);
    expect((await prepare(file)).file).toBe(file);
  });

  it('reads quotes and line breaks as MySQL writes them, behind backslashes', async () => {
    const { reading, rows } = await prepareSample('mysql.csv');
    expect(reading.backslashes).toBe(true);
    expect(rows.slice(1)).toEqual([
      ['1', 'Anna "Annie" Meier', 'x'],
      ['2', 'Bo', 'size 6"'],
      ['3', '', 'two\nlines'],
      ['4', 'C:\\', 'a, b'],
      ['5', '"Big" Al\nSmith', 'z'],
    ]);
  });

  it.each([
    ['a value that ends with a backslash', 'id,path\n1,"C:\\"\n2,"D:\\"\n'],
    ['JSON in cells', 'id,data\n1,"{""a"": ""b\\""c""}"\n'],
    ['quotes in plain cells', 'id,size\n1,5\\" pipe and "" more\n'],
    ['a backslash in a plain cell that ends with a quote', 'id,size\n1,C:\\"x"\n2,a\\"b\n'],
    ['quotes written twice after all', 'id,a,b\n1,"C:\\"x","y"\n2,"say ""hi""",\\N\n'],
    ['a backslash before a quote that is written twice', 'id,data\n1,"a\\""b"\n'],
    ['a path at the end of a line outside quotes', 'id;path;more\n1;C:\\\n2;D:\\;"x"\n'],
  ])('takes %s for what it is', async (_what, text) => {
    const file = await writeTestFile(text);
    expect((await prepare(file)).reading.backslashes).toBeUndefined();
  });

  it('refuses a quote that is never closed where quotes are behind backslashes', async () => {
    const text = '"id","name"\n1,"A \\"B\\" C"\n2,"Anna\n3,"Bob"\n4,"Cem"\n';
    await expect(prepare(await writeTestFile(text))).rejects.toMatchObject({ code: 'csv-quotes' });
  });

  it.each([
    ['before a comma', 'id;text\n1;"say \\"hi\\", and go"\n'],
    ['before another delimiter in a value', 'id,text\n1,"a \\"; b"\n'],
    ['at the end of a value', 'id,text\n1,"6\\""\n'],
    ['at the end of the file', 'id,text\n1,"6\\""'],
  ])('finds a quote behind a backslash %s', async (_what, text) => {
    const file = await writeTestFile(text);
    expect((await prepare(file)).reading.backslashes).toBe(true);
  });

  it.each([
    ['a value of nothing', '"id","text"\n"1",\\N\n', ['1', '']],
    ['a line break', '"id","text"\n"1","a\\\nb"\n', ['1', 'a\nb']],
  ])('knows MySQL by %s alone', async (_what, text, row) => {
    const { reading, rows } = await prepare(await writeTestFile(text));
    expect(reading.backslashes).toBe(true);
    expect(rows[1]).toEqual(row);
  });

  it('finds signs of backslashes where the file is read in parts', async () => {
    for (const sign of ['"6\\""', '"\\"a"', '\\N', '"a\\\nb"']) {
      for (let back = 0; back < sign.length + 3; back += 1) {
        const start = 'id,text\n1,';
        const filler = 'x'.repeat(256 * 1024 - start.length - 4 - back);
        const file = await writeTestFile(`${start}${filler}\n2,${sign}\n`);
        expect(await usesBackslashes(file, 'input.csv', 'utf-8'), `${sign} at ${back}`).toBe(true);
      }
    }
  });

  it('finds the first quote behind a backslash wherever it is', async () => {
    const rows = Array.from({ length: 40_000 }, (_, at) => `"${at}","Anna"\n`).join('');
    const { reading, rows: read } = await prepare(
      await writeTestFile(`"id","name"\n${rows}"z","A \\"B\\" C"\n`),
    );
    expect(reading.backslashes).toBe(true);
    expect(read.at(-1)).toEqual(['z', 'A "B" C']);
  });

  it('unpacks a compressed CSV', async () => {
    const { reading, rows } = await prepareSample('customers.csv.gz');
    expect(reading).toMatchObject({ format: 'csv', compressed: true });
    expect(rows[2]).toEqual(['c-2', 'Łukasz']);
  });

  it('goes by the content of a file, not by its name', async () => {
    const workbook = await readFile(path.join(folder, 'excel-values.xlsx'));
    expect((await prepare(await writeTestFile(workbook, 'customers.csv'))).reading.format).toBe('xlsx');
    expect((await prepare(await writeTestFile('id,name\n1,Anna\n', 'customers.xlsx'))).reading.format).toBe(
      'csv',
    );
    const json = Buffer.from('\uFEFF[{"id": 1}]', 'utf16le');
    const { reading, rows } = await prepare(await writeTestFile(json, 'customers.txt'));
    expect(reading).toMatchObject({ format: 'json', encoding: 'utf-16le', encodingBy: 'mark' });
    expect(rows).toEqual([['id'], ['1']]);
  });

  it.each([
    ['two-lists.json', 'table-unreadable', '"customers", "orders"'],
    ['broken.json', 'table-unreadable', 'is not valid JSON on line 2.'],
    ['broken.ndjson', 'table-unreadable', 'is not valid JSON on line 2.'],
    ['login-page.csv', 'csv-not-text', 'a web page, not a table'],
  ])('refuses %s', async (name, code, reason) => {
    await expect(prepareSample(name)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(reason) as string,
    });
  });

  it.each([
    [
      'a sheet that does not exist',
      'excel-values.xlsx',
      { sheet: 'Kunde' },
      'table-sheet',
      '"Alt", "Kunden", "Notizen"',
    ],
    ['a sheet of a CSV', 'customers.tsv', { sheet: 'A' }, 'table-sheet', 'is a CSV, which has no sheets'],
    ['a header row of JSON', 'list.json', { headerRow: 2 }, 'table-layout', 'neither header row nor footer'],
  ])('refuses %s', async (_what, name, options, code, reason) => {
    await expect(prepareSample(name, options)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(reason) as string,
    });
  });

  it.each([
    ['a workbook that is cut off', 'excel-values.xlsx', 'table-unreadable'],
    ['a gzip file that is cut off', 'customers.csv.gz', 'table-unreadable'],
    ['an old workbook that is cut off', 'excel-97.xls', 'table-unreadable'],
  ])('refuses %s', async (_what, name, code) => {
    const bytes = await readFile(path.join(folder, name));
    const file = await writeTestFile(bytes.subarray(0, Math.floor(bytes.length / 2)), name);
    await expect(prepare(file)).rejects.toMatchObject({ code });
  });
});

describe('layout', () => {
  const customers = [
    ['customer_id', 'first_name', 'city', 'amount'],
    ['c-1', 'Zoë', 'Wien', '10'],
    ['c-2', 'Ann', 'Graz', '20'],
    ['c-3', 'Bo', 'Linz', '30'],
  ];

  it.each(['titles-and-totals.xlsx', 'titles-and-totals.csv'])('finds the table in %s', async (name) => {
    const { reading, rows, lines } = await prepareSample(name);
    expect(rows).toEqual(customers);
    expect(reading).toMatchObject({ headerRow: 4, skippedRows: 5 });
    expect(reading.skipped).toEqual([
      { row: 1, kind: 'title', text: 'Customer list, spring 2026' },
      { row: 2, kind: 'title', text: 'Created · 2026-03-01' },
      { row: 7, kind: 'header', text: 'customer_id · first_name · city · amount' },
      { row: 10, kind: 'footer', text: 'Grand total · 60' },
      { row: 11, kind: 'footer', text: 'Page 1 of 1' },
    ]);
    // Messages that name a line name that of the user's file.
    expect(lines).toEqual([4, 5, 6, 8]);
  });

  it.each([
    ['german-report.csv', 3, ['1t', '6f', '7f'], ['Kundennr', 'Vorname', 'Ort', 'Umsatz'], 2],
    ['crm-report.csv', 1, ['6f', '7f', '8f', '9f'], ['customer_id', 'first_name', 'plan', 'amount'], 2],
    ['grouped-header.csv', 2, ['1g'], ['customer_id', 'First name', 'Last name', 'City', 'Country'], 2],
    [
      'repeated-groups.csv',
      2,
      ['1g'],
      ['Billing city', 'Billing country', 'Shipping city', 'Shipping country'],
      2,
    ],
    ['pages.csv', 1, ['3f', '4h', '6f'], ['id', 'first_name', 'city'], 2],
    ['sums-between.csv', 1, ['3f', '5f', '6f'], ['id', 'first_name', 'amount'], 2],
    ['nothing-to-skip.csv', 1, [], ['id', 'first_name', 'note'], 4],
  ])('understands %s', async (name, headerRow, skipped, header, count) => {
    const { reading, rows } = await prepareSample(name);
    expect(reading.headerRow).toBe(headerRow);
    expect(reading.skipped.map(({ row, kind }) => `${row}${kind.charAt(0)}`)).toEqual(skipped);
    expect(rows[0]).toEqual(header);
    expect(rows).toHaveLength(count + 1);
  });

  it('does what the user says instead', async () => {
    const { rows, reading } = await prepareSample('titles-and-totals.csv', { headerRow: 1, skipFooter: 1 });
    expect(rows[0]).toEqual(['Customer list, spring 2026', '', '', '']);
    expect(rows.at(-1)).toEqual(['Grand total', '', '', '60']);
    expect(reading.skipped).toEqual([{ row: 11, kind: 'footer', text: 'Page 1 of 1' }]);
    expect((await prepareSample('nothing-to-skip.csv', { skipFooter: 2 })).rows).toHaveLength(3);
  });

  it.each([
    ['a header row that is empty', { headerRow: 3 }, 'Row 3 of titles-and-totals.csv is empty'],
    ['a header row behind the end', { headerRow: 90 }, 'Row 90 of titles-and-totals.csv is empty'],
    ['a footer longer than the table', { skipFooter: 90 }, 'has 6 rows below its header'],
  ])('refuses %s', async (_what, options, message) => {
    await expect(prepareSample('titles-and-totals.csv', options)).rejects.toMatchObject({
      code: 'table-layout',
      message: expect.stringContaining(message) as string,
    });
  });

  it.each([
    ['a header that is shorter than its rows', 'id,name\n1,Anna,,x,y\n2,Bo,,x,y\n'],
    ['one row with surplus cells', 'id,name\n1,Anna\n2,Bo,and,many,more,cells\n3,Cem\n'],
    ['years as columns', 'name,2024,2025\nAnna,1,2\nBo,3,4\n'],
    ['a sparse header', 'id,,,name\n1,a,b,Anna\n2,c,d,Bo\n'],
    ['customers with one cell at the end', 'id,name,city\n1,Anna,Wien\n2,,\n'],
    ['a customer who is called like a total', 'id,name\n1,Total\nTotal,Anna\n'],
    ['a company whose name begins like a total', 'name,orders,sum\nAcme,1,2\nTotal Energies,3,4\n'],
    ['one column', 'name\nTotal\n\nPage 1 of 1\n'],
    ['no customers', 'id,name\n'],
  ])('leaves %s alone', async (_what, text) => {
    const file = await writeTestFile(text);
    expect((await prepare(file)).file).toBe(file);
  });

  it.each([
    'Total',
    'TOTAL:',
    'Grand total',
    'Total (3)',
    'Total for March',
    'Summe',
    'Gesamtsumme',
    'Totale',
    'Suma',
  ])('takes a last row of %s and numbers for a footer', async (word) => {
    const { rows } = await prepare(await writeTestFile(`name,orders,sum\nAcme,1,2\n${word},1,2\n`));
    expect(rows).toHaveLength(2);
  });

  it('takes a few lines of text below a gap for a footer, and a list of names for customers', async () => {
    const below = (lines: number): string =>
      `id,name,city\n1,Anna,Wien\n\n${Array.from({ length: lines }, (_, at) => `Line ${'x'.repeat(at)},,\n`).join('')}`;
    expect((await prepare(await writeTestFile(below(5)))).rows).toHaveLength(2);
    expect((await prepare(await writeTestFile(below(6)))).rows).toHaveLength(8);
  });

  it('takes named lines for a footer among too many others', async () => {
    const lines = Array.from({ length: 6 }, (_, at) => `Line ${'x'.repeat(at)},,\n`).join('');
    const text = `id,name,city\n1,Anna,Wien\n\nGenerated on 1 May,,\n${lines}`;
    const { rows, reading } = await prepare(await writeTestFile(text));
    expect(rows).toHaveLength(8);
    expect(reading.skipped).toEqual([{ row: 4, kind: 'footer', text: 'Generated on 1 May' }]);
  });

  it('keeps cells with line breaks, and the lines of what follows', async () => {
    const { rows, lines } = await prepare(
      await writeTestFile('Report\n\nid,note,city\n1,"a\nb",Wien\n2,x,Graz\n\nTotal,,\n'),
    );
    expect(rows).toEqual([
      ['id', 'note', 'city'],
      ['1', 'a\nb', 'Wien'],
      ['2', 'x', 'Graz'],
    ]);
    expect(lines).toEqual([3, 4, 6]);
  });
});

describe('encodings', () => {
  it.each([
    ['polish-windows-1250.csv', 'windows-1250', 'Łukasz'],
    ['czech-windows-1250.csv', 'windows-1250', 'Jiří'],
    ['western-windows-1252.csv', 'windows-1252', 'Søren'],
    ['russian-windows-1251.csv', 'windows-1251', 'Сергей'],
    ['russian-koi8-r.csv', 'koi8-r', 'Сергей'],
    ['greek-windows-1253.csv', 'windows-1253', 'Γιώργος'],
    ['turkish-windows-1254.csv', 'windows-1254', 'Ayşe'],
    ['hebrew-windows-1255.csv', 'windows-1255', 'דוד'],
    ['arabic-windows-1256.csv', 'windows-1256', 'محمد'],
    ['baltic-windows-1257.csv', 'windows-1257', 'Jūratė'],
    ['vietnamese-windows-1258.csv', 'windows-1258', 'Nguyễn'],
    ['japanese-cp932.csv', 'shift_jis', '佐藤 花子'],
    ['chinese-gbk.csv', 'gb18030', '李小龙'],
    ['chinese-big5.csv', 'big5', '陳大文'],
    ['korean-euc-kr.csv', 'euc-kr', '김철수'],
    ['mac-roman.csv', 'macroman', 'Zoë'],
  ])('reads %s', async (name, encoding, first) => {
    const { reading, rows } = await prepareSample(name);
    expect(reading).toMatchObject({ encoding, encodingBy: 'letters' });
    expect(rows[1]?.[1]?.normalize('NFC')).toBe(first);
  });

  it.each([
    ['utf-32.csv', 'utf-32le', 'mark'],
    ['utf-16-without-mark.csv', 'utf-16le', 'content'],
  ])('reads %s as a fact', async (name, encoding, encodingBy) => {
    const { reading, rows } = await prepareSample(name);
    expect(reading).toMatchObject({ encoding, encodingBy });
    expect(rows[1]).toEqual(['1', 'Zoë']);
  });

  it('reads what the user says', async () => {
    const { reading, rows } = await prepareSample('unclear.csv', { encoding: 'windows-1250' });
    expect(reading).toMatchObject({ encoding: 'windows-1250', encodingBy: 'option' });
    expect(rows[2]).toEqual(['2', 'Březina']);
    await expect(prepareSample('unclear.csv', { encoding: 'utf-8' })).rejects.toMatchObject({
      code: 'csv-encoding',
      message: 'unclear.csv contains bytes that are no letters in UTF-8.',
    });
  });

  it('shows both readings of a row, with the flags to paste, where two make sense', async () => {
    await expect(prepareSample('unclear.csv')).rejects.toMatchObject({
      code: 'csv-encoding-unclear',
      message:
        'unclear.csv does not say which encoding its letters are in, and more than one fits. Row 3 is "2,Bøezina" (windows-1252) or "2,Březina" (windows-1250). Add --encoding windows-1252 or --encoding windows-1250.',
    });
  });

  it('takes a file of which some rows are damaged for one misread file', async () => {
    await expect(prepareSample('damaged-utf-8.csv')).rejects.toMatchObject({
      code: 'csv-encoding',
      message: expect.stringContaining('line 4') as string,
    });
  });

  it('reads the letters of titles too', async () => {
    const text = 'Přehled zákazníků\n\nid;jméno;město\n1;Jiří;Plzeň\n2;Božena;Děčín\n';
    const { reading, rows } = await prepare(await writeTestFile(iconv.encode(text, 'windows-1250')));
    expect(reading).toMatchObject({ encoding: 'windows-1250', headerRow: 3 });
    expect(rows[2]).toEqual(['2', 'Božena', 'Děčín']);
  });
});
