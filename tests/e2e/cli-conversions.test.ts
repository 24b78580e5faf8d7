import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { conversionsImportedResult, personExportedResult } from '../../cli/json-results.ts';
import { keptFolder, runCli } from './cli-process.ts';
import { makeWorkspace } from './deployment.ts';

/** One workspace for all, in the order of the tests. */
describe('bespoke conversions import', () => {
  let cwd: string;
  const run = (...args: readonly string[]) => runCli(args, { cwd });
  async function load(file: string, content: string | Buffer, ...flags: readonly string[]) {
    await writeFile(path.join(cwd, file), content);
    const { code, stdout, stderr } = await run('conversions', 'import', file, ...flags, '--json');
    return { code, stderr, result: conversionsImportedResult.parse(JSON.parse(stdout)) };
  }
  async function keptOf(id: string) {
    const { stdout } = await run('people', 'export', '--id', id, '--json');
    return personExportedResult.parse(JSON.parse(stdout)).exported;
  }
  beforeAll(async () => {
    cwd = await keptFolder();
    await makeWorkspace(path.join(cwd, '.bespoke'));
  });

  it('finds the columns, names rows that cannot be used, and keeps the others', async () => {
    const rows = [
      'Kunden-Nr;Ereignis;Betrag;Währung;Datum',
      'c-1;renewed;1.049,90;eur;24.11.2024 09:30',
      'c-1;called;;;25.11.2024',
      'c-2;renewed;-5;EUR;24.11.2024',
      'c-3;has spaces;;;24.11.2024',
      ';renewed;;;24.11.2024',
      'c-4;renewed;5;;24.11.2024',
      'c-5;renewed;5;EURO;24.11.2024',
      'c-6;renewed;5;EUR;24.11.1998',
      'c-7;renewed;5;EUR;24.11.2126',
      'c-8;renewed;5;EUR;never',
      'c-9;renewed;5;EUR',
      '4.91235E+11;renewed;5;EUR;24.11.2024',
    ];
    const { code, result, stderr } = await load(
      'rows.csv',
      rows.join('\r\n'),
      '--time-zone',
      'Europe/Berlin',
    );
    expect([code, result.rows]).toEqual([1, { total: 12, accepted: 2, repeated: 0, refused: 10 }]);
    expect(result.columns).toEqual({
      id: { column: 'Kunden-Nr' },
      name: { column: 'Ereignis' },
      value: { column: 'Betrag' },
      currency: { column: 'Währung' },
      at: { column: 'Datum' },
    });
    expect(result.refused.map(({ row, reason }) => `${row}: ${reason}`)).toEqual([
      expect.stringMatching(/^3: Column "Betrag" holds "-5", which is too small/),
      expect.stringMatching(/^4: Column "Ereignis": Must be 1 to 64 letters/),
      expect.stringMatching(/^5: Column "Kunden-Nr" is empty/),
      expect.stringMatching(/^6: The row has a value and no currency/),
      expect.stringMatching(/^7: Column "Währung": Must be a currency/),
      '8: Column "Datum" holds "24.11.1998", which is before the year 2000.',
      '9: Column "Datum" holds "24.11.2126", which is more than a day in the future.',
      expect.stringMatching(/^10: Column "Datum" holds "never", which is not a date/),
      expect.stringMatching(/^11: .* has 4 of 5 cells/),
      expect.stringMatching(/^12: .*a spreadsheet made of a longer number/),
    ]);
    expect(stderr).toContain('row 5: Column "Kunden-Nr" is empty');
    expect(await keptOf('c-1')).toMatchObject({
      conversions: [
        { name: 'renewed', value: 1049.9, currency: 'EUR', at: '2024-11-24T08:30:00.000Z' },
        { name: 'called', at: '2024-11-25T22:59:59.000Z' },
      ],
    });
  });

  it('changes nothing when the same file comes again, packed or not', async () => {
    const csv = 'customer_id,value,date\nc-20,5,03/04/2024\nc-20,5,03/04/2024\nc-21,7.5,03/04/2024 10:00\n';
    const flags = ['--name', 'bought', '--currency', 'eur', '--date-order', 'month-first'];
    const first = await load('again.csv', csv, ...flags);
    expect([first.code, first.result]).toMatchObject([
      0,
      {
        rows: { total: 3, accepted: 2, repeated: 1, refused: 0 },
        columns: { name: { constant: 'bought' }, currency: { constant: 'EUR' } },
      },
    ]);
    const again = await load('again.csv.gz', gzipSync(csv), ...flags);
    expect(again.result.rows).toEqual({ total: 3, accepted: 0, repeated: 3, refused: 0 });
    expect(await keptOf('c-21')).toMatchObject({ conversions: [{ at: '2024-03-04T10:00:00.000Z' }] });
    const text = await run('conversions', 'import', 'again.csv', ...flags);
    expect(text.stdout).toBe(
      '0 new conversions, 3 known before.\n0 of 3 are of customers that Bespoke knows.\n',
    );
    expect(text.stderr).toContain('None of the ids in the column "customer_id" are ids of your campaigns.');
    expect(text.stderr).toContain('--id <column>');
  });

  it('takes columns that are named, JSON, and a key for each', async () => {
    const order = (no: number) => ({
      id: 9_000 + no,
      buyer: 'c-30',
      what: 'bought',
      sum: 5,
      time: '2024-11-24T10:00:00Z',
    });
    const { result } = await load(
      'orders.json',
      JSON.stringify([order(1), order(2)]),
      ...[
        '--id',
        'buyer',
        '--name',
        'what',
        '--value',
        'sum',
        '--currency',
        'EUR',
        '--at',
        'time',
        '--key',
        'id',
      ],
    );
    expect(result.rows).toEqual({ total: 2, accepted: 2, repeated: 0, refused: 0 });
  });

  it('sends long files in parts', async () => {
    const rows = Array.from({ length: 2_500 }, (_, at) => `l-${at},2024-11-24T10:00:00Z`);
    const { code, result } = await load('long.csv', ['id,time', ...rows].join('\n'), '--name', 'opened');
    expect([code, result.rows]).toEqual([0, { total: 2_500, accepted: 2_500, repeated: 0, refused: 0 }]);
  });

  it('says which column or order is missing or unclear, and sends nothing', async () => {
    const fails = async (content: string, ...flags: readonly string[]) => {
      await writeFile(path.join(cwd, 'unclear.csv'), content);
      const { code, stderr } = await run('conversions', 'import', 'unclear.csv', ...flags);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await fails('id,time\nc,2024-11-24\n')).toContain('Name it with --name.');
    expect(await fails('id,x\nc,2024-11-24\n', '--name', 'bought')).toContain('Name it with --at.');
    expect(await fails('x,time\nc,2024-11-24\n', '--name', 'bought')).toContain('Name it with --id.');
    expect(await fails('id,date,order date\nc,2024-11-24,2024-11-25\n', '--name', 'bought')).toContain(
      'The columns "date", "order date" may all hold the time. Name one with --at.',
    );
    expect(await fails('id,time\nc,03/04/2024\nd,05/06/2024\n', '--name', 'bought')).toContain(
      '--date-order',
    );
    expect(await fails('id,time\nc,2024-11-24\n', '--name', 'two words')).toContain('--name takes a column');
    expect(await fails('id,time\nc,2024-11-24\n', '--name', 'bought', '--currency', 'EURO')).toContain(
      '--currency takes a column, or a currency such as EUR',
    );
    expect(await fails('id,time\nc,2024-11-24\n', '--name', 'bought', '--at', 'tyme')).toContain(
      'Did you mean',
    );
  });
});
