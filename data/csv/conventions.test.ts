import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { isoDate, number, text } from '../fields.ts';
import { dateReadings, numberReadings } from '../parse-values.ts';
import { applyConvention, ConventionFinder } from './conventions.ts';
import { readRows, type ReadOptions } from './read-rows.ts';
import { writeTestFile } from './test-file.ts';

const label = { label: 'X', personal: false } as const;
const fields = { name: text(label), day: isoDate(label), sum: number(label) };

async function read(rows: readonly string[], more: Partial<ReadOptions> = {}) {
  const file = await writeTestFile(['name;day;sum', ...rows].join('\n'));
  const input = await readRows(file, { fields, ...more });
  const records = [];
  for await (const { check } of input.rows()) records.push(check.ok ? check.record : check.message);
  return { input, records };
}

describe('readings', () => {
  it.each([
    ['03/04/2026', ['day-first', 'month-first']],
    ['31/12/2026', ['day-first']],
    ['12-31-2026 10:00', ['month-first']],
    ['03.04.2026', []],
    ['05/05/2026', []],
    ['2026-04-03', []],
  ])('of the day %s are %j', (day, readings) => expect(dateReadings(day)).toEqual(readings));

  it.each([
    ['1,234', ['.', ',']],
    ['-1.234', ['.', ',']],
    ['0,123', [',']],
    ['12,5', [',']],
    ['1.234,50', [',']],
    ['1,234,567', ['.']],
    ['1234', []],
    ['1 234,5', []],
    ['1,23,4', []],
  ])('of the number %s are %j', (sum, readings) => expect(numberReadings(sum)).toEqual(readings));
});

describe('the convention of a column', () => {
  it('is what its clear values say', async () => {
    const { records, input } = await read(['a;03/04/2026;1,234', 'b;31/12/2026;12,5', 'c;2026-01-02;7']);
    expect(records).toEqual([
      { name: 'a', day: '2026-04-03', sum: 1.234 },
      { name: 'b', day: '2026-12-31', sum: 12.5 },
      { name: 'c', day: '2026-01-02', sum: 7 },
    ]);
    expect(await input.countRows()).toBe(3);
  });

  it('is asked for where no value says it, once for the file', async () => {
    await expect(read(['a;03/04/2026;1', 'b;04/03/2026;2'])).rejects.toMatchObject({
      code: 'csv-ambiguous',
      message: expect.stringContaining('Column "day" holds 03/04/2026') as unknown,
    });
    await expect(read(['a;2026-01-02;1.234'])).rejects.toMatchObject({
      message: expect.stringContaining('--decimal') as unknown,
    });
    const said = { dateOrder: 'month-first', decimalMark: '.' } as const;
    const { records } = await read(['a;03/04/2026;1.234'], said);
    expect(records).toEqual([{ name: 'a', day: '2026-03-04', sum: 1.234 }]);
  });

  it('is not asked for where few values need it', async () => {
    const { records } = await read(['a;2026-01-02;1', 'b;2026-01-03;2', 'c;03/04/2026;3']);
    expect(records).toEqual([
      { name: 'a', day: '2026-01-02', sum: 1 },
      { name: 'b', day: '2026-01-03', sum: 2 },
      expect.stringContaining('can be two days'),
    ]);
  });

  it('is none where values contradict each other: then such values fail by themselves', async () => {
    const { records } = await read(['a;31/12/2026;1', 'b;12/31/2026;1', 'c;03/04/2026;1']);
    expect(records).toEqual([
      { name: 'a', day: '2026-12-31', sum: 1 },
      { name: 'b', day: '2026-12-31', sum: 1 },
      expect.stringContaining('can be two days'),
    ]);
  });

  it('is found in the rows that are read, and not looked for again', async () => {
    const rows = ['a;03/04/2026;1', 'b;31/12/2026;1'];
    await expect(read(rows, { limit: 1 })).rejects.toMatchObject({ code: 'csv-ambiguous' });
    const { input } = await read(rows);
    const { records } = await read(rows.slice(0, 1), { conventions: input.conventions });
    expect(records).toEqual([{ name: 'a', day: '2026-04-03', sum: 1 }]);
  });

  it.each([
    ['id,day\n1,"\n03/04/2026"\n', 'csv-ambiguous'],
    ['id;day\n1;03-04-2026 10:00\n', 'csv-ambiguous'],
    ['id,sum\n1,"1,234"\n', 'csv-ambiguous'],
    ['id,sum\n1,"=""-1,234"""\n', 'csv-ambiguous'],
    ['id,sum\n1,"\'1,234"\n', 'csv-ambiguous'],
    ['id;sum\n1;1,234\n', 'csv-ambiguous'],
    ['id,sum\n1,1.234\n', 'csv-ambiguous'],
    [`id,sum\n1,"${' '.repeat(300_000)}1,234"\n`, 'csv-ambiguous'],
    [`id,note,sum\n1,${'x'.repeat(256 * 1024 - 20)},"1,234"\n`, 'csv-ambiguous'],
    ['id,sum\n1,"12,5"\n', undefined],
  ])('is looked for wherever a value needs it: %#', async (text, code) => {
    const opened = readRows(await writeTestFile(text), {
      fields: { day: isoDate({ ...label, optional: true }), sum: number({ ...label, optional: true }) },
    }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(await opened).toEqual(code === undefined ? undefined : expect.objectContaining({ code }));
  });

  it('is looked for in texts that are joined from columns', async () => {
    const mapping = { fields: { sum: '{whole},{rest}' } };
    const file = await writeTestFile('whole,rest\n1,234\n');
    await expect(readRows(file, { fields: { sum: fields.sum }, mapping })).rejects.toMatchObject({
      code: 'csv-ambiguous',
    });
  });

  it('takes no reading of the rows where no value needs it', async () => {
    const rows = Array.from({ length: 3 }, (_, at) => `a;2026-01-0${at + 1};1${at}`);
    const add = vi.spyOn(ConventionFinder.prototype, 'add');
    onTestFinished(() => add.mockRestore());
    const { records } = await read(rows);
    expect(records).toHaveLength(3);
    expect(add).not.toHaveBeenCalled();
  });

  it('changes nothing that has one reading', () => {
    expect(applyConvention('12.50', 'number', { decimalMark: ',' })).toBe('12.50');
    expect(applyConvention('31/12/2026', 'date', { dateOrder: 'month-first' })).toBe('31/12/2026');
    expect(applyConvention('1,234', 'text', { decimalMark: '.' })).toBe('1,234');
    expect(applyConvention('="1,234"', 'number', { decimalMark: '.' })).toBe('1234');
  });
});

describe('times in a zone', () => {
  it.each([
    ['2026-03-14T23:00:00Z', 'Europe/Berlin', '2026-03-15'],
    ['2026-03-14T23:00:00.000Z', 'Europe/London', '2026-03-14'],
    ['2026-07-14 22:30 UTC', 'Europe/Berlin', '2026-07-15'],
    ['2026-03-14T10:00:00+14:00', 'America/New_York', '2026-03-13'],
    ['2026-01-01T04:00:00Z', 'America/New_York', '2025-12-31'],
    ['31/12/2026 23:30 +0000', 'Asia/Tokyo', '2027-01-01'],
    ['2026-03-14 23:00:00.25+00', 'Europe/Berlin', '2026-03-15'],
    ['2026-03-14 23:00:00-06', 'America/New_York', '2026-03-15'],
    ['2026-03-14T23:00:00', 'Europe/Berlin', '2026-03-14'],
    ['2026-03-14', 'Europe/Berlin', '2026-03-14'],
  ])('%s is in %s the day %s', async (written, timeZone, day) => {
    const { records } = await read([`a;${written};1`], { timeZone });
    expect(records).toEqual([{ name: 'a', day, sum: 1 }]);
  });

  it('keep the order of day and month of their column', async () => {
    const { records } = await read(['a;31/12/2026 12:00 Z;1', 'b;03/04/2026 23:00 Z;1'], {
      timeZone: 'Europe/Berlin',
    });
    expect(records.at(1)).toEqual({ name: 'b', day: '2026-04-04', sum: 1 });
  });

  it.each([
    ['2026-03-14T23:00:00Z', ['time-zone']],
    ['2026-03-14 18:30 UTC', ['time-zone']],
    ['2026-03-14 23:00:00+00', ['time-zone']],
    ['2026-03-14 23:00:00+01', []],
    ['2026-03-14T10:00:00Z', ['time-zone']],
    ['2026-03-14T00:00:00Z', []],
    ['2026-03-14T05:00:00Z', []],
    ['2026-03-14T15:23:11Z', []],
    ['2026-03-14T23:00:00+01:00', []],
    ['2026-03-14T23:00:00', []],
  ])('%s without a zone to read it in: %j', async (written, codes) => {
    const { input } = await read([`a;${written};1`]);
    for await (const { check, warnings } of input.rows()) {
      expect(check).toMatchObject({ ok: true, record: { day: '2026-03-14' } });
      expect(warnings.map(({ code }) => code)).toEqual(codes);
    }
  });
});
