import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRows } from './csv/read-rows.ts';
import { collect, writeTestFile } from './csv/test-file.ts';
import { dateTime, isoDate, time } from './fields.ts';
import { readField } from './test-field.ts';
import { parseMoment } from './parse-times.ts';

const read = (text: string, options?: Parameters<typeof parseMoment>[1]) => {
  const parsed = parseMoment(text, options);
  return parsed.ok ? parsed.value.toISOString() : parsed.reason;
};

describe('parseMoment', () => {
  it.each([
    ['2026-05-03T14:30:00Z', '2026-05-03T14:30:00.000Z'],
    ['2026-05-03 14:30', '2026-05-03T14:30:00.000Z'],
    ['2026-05-03T14:30:00.1234567+02:00', '2026-05-03T12:30:00.123Z'],
    ['2026-05-03 14:30:00+00', '2026-05-03T14:30:00.000Z'],
    ['2026-05-03 14:30:00 UTC', '2026-05-03T14:30:00.000Z'],
    ['03.05.2026, 14:30', '2026-05-03T14:30:00.000Z'],
    ['May 3, 2026 2:30 PM', '2026-05-03T14:30:00.000Z'],
    ['3 October 2026 12:05 am', '2026-10-03T00:05:00.000Z'],
    ['1777818600', '2026-05-03T14:30:00.000Z'],
    ['1777818600000', '2026-05-03T14:30:00.000Z'],
    ['2026-05-03', '2026-05-03T23:59:59.000Z'],
  ])('reads %s', (text, moment) => expect(read(text)).toBe(moment));

  it('reads times without a zone as those of the zone that is named', () => {
    const timeZone = 'Europe/Berlin';
    expect(read('2026-01-15 12:00', { timeZone })).toBe('2026-01-15T11:00:00.000Z');
    expect(read('2026-07-15 12:00', { timeZone })).toBe('2026-07-15T10:00:00.000Z');
    expect(read('2026-07-15 12:00Z', { timeZone })).toBe('2026-07-15T12:00:00.000Z');
    expect(read('2026-07-15', { timeZone })).toBe('2026-07-15T21:59:59.000Z');
    // Clocks go forward at 2:00, and back at 3:00.
    expect(read('2026-03-29 01:59', { timeZone })).toBe('2026-03-29T00:59:00.000Z');
    expect(read('2026-03-29 03:00', { timeZone })).toBe('2026-03-29T01:00:00.000Z');
    expect(read('2026-10-25 03:00', { timeZone })).toBe('2026-10-25T02:00:00.000Z');
  });

  it('reads days in the order that is said', () => {
    expect(read('03/04/2026 10:00', { order: 'month-first' })).toBe('2026-03-04T10:00:00.000Z');
    expect(read('03/04/2026 10:00', { order: 'day-first' })).toBe('2026-04-03T10:00:00.000Z');
    expect(read('03/04/2026 10:00')).toContain('can be two days');
  });

  it.each([
    '',
    'yesterday',
    '2026-02-30 10:00',
    '2026-05-03 24:01',
    '2026-05-03 14:60',
    '13:00 PM',
    '9'.repeat(99),
  ])('refuses “%s”', (text) => expect(parseMoment(text).ok).toBe(false));

  it('reads what it is given as ISO 8601, in any zone', () => {
    const zones = fc.constantFrom('UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland', undefined);
    const times = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(times, zones, (time, timeZone) => {
        expect(read(time.toISOString(), { timeZone })).toBe(time.toISOString());
      }),
    );
  });
});

const base = { label: 'Value', personal: false } as const;

describe('dateTime', () => {
  it.each([
    ['2026-05-03T14:30:00+02:00', '2026-05-03T14:30:00+02:00'],
    ['2026-05-03 14:30', '2026-05-03T14:30:00'],
    ['2026-05-03T14:30:15.250Z', '2026-05-03T14:30:15Z'],
    ['2026-05-03 14:30:00 UTC', '2026-05-03T14:30:00Z'],
    ['2026-05-03 14:30:00+00', '2026-05-03T14:30:00+00:00'],
    ['2026-05-03 14:30-0330', '2026-05-03T14:30:00-03:30'],
    ['31.12.2026, 9:05', '2026-12-31T09:05:00'],
    ['May 3, 2026 12:30 AM', '2026-05-03T00:30:00'],
    ['12/31/2026 2:30 PM', '2026-12-31T14:30:00'],
  ])('reads %j', (input, output) => expect(readField(dateTime(base), input)).toBe(output));

  it.each([
    ['2026-05-03', 'has no time of day; write it such as 2026-05-03T14:30:00+02:00'],
    ['03/04/2026 14:30', 'can be two days, depending on the country; write 2026-04-03 or 2026-03-04'],
    ['2026-02-30T14:30', 'is not a day with a time; write it such as 2026-05-03T14:30:00+02:00'],
    ['2026-05-03T24:30', 'is not a day with a time'],
    ['2026-05-03T14:60', 'is not a day with a time'],
    ['2026-05-03T14:30+15:00', 'is not a day with a time'],
    ['14:30', 'is not a day with a time'],
    ['soon', 'is not a day with a time'],
    ['1021-05-03T14:30', 'is too early; write a day from 1900-01-01 on'],
    ['#N/A', 'spreadsheet error'],
    [46145.6, 'is not text'],
  ])('rejects %j', (input, reason) => expect(readField(dateTime(base), input)).toContain(reason));

  it('reads what it returned as the same, and the day is that of isoDate', () => {
    const zone = fc.constantFrom('', 'Z', '+02:00', '-11:30', ' GMT', '+05');
    const days = { min: new Date('1900-01-02'), max: new Date('2199-12-30'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(days), zone, (date, written) => {
        const once = readField(dateTime(base), date.toISOString().replace('Z', written));
        expect(readField(dateTime(base), once)).toBe(once);
        expect(readField(isoDate(base), once)).toBe(date.toISOString().slice(0, 10));
      }),
    );
  });

  it('is read by the order of its column, and reported where it stands for nothing', async () => {
    const fields = { at: dateTime(base) };
    const file = await writeTestFile('at\n03/04/2026 14:30+02:00\n31/12/2026 9:00\n1970-01-01 00:00\n');
    const rows = await collect((await readRows(file, { fields })).rows());
    expect(rows.map(({ check }) => check.ok && check.record['at'])).toEqual([
      ...['2026-04-03T14:30:00+02:00', '2026-12-31T09:00:00', '1970-01-01T00:00:00'],
    ]);
    expect(rows[2]?.warnings).toMatchObject([{ code: 'unlikely-date' }]);
  });
});

describe('time', () => {
  it.each([
    ['14:30', '14:30'],
    ['9:05', '09:05'],
    ['14:30:59', '14:30'],
    ['2:30 PM', '14:30'],
    ['12 a.m.', '00:00'],
    ['14h30', '14:30'],
    ['14h', '14:00'],
    ['14.30 Uhr', '14:30'],
    ['9 Uhr', '09:00'],
  ])('reads %j', (input, output) => expect(readField(time(base), input)).toBe(output));

  it.each([
    '24:00',
    '14:60',
    '13:00 PM',
    '0 pm',
    '14',
    '14.30',
    '2026-05-03T14:30',
    'noon',
    '0.6042',
    '14:3',
  ])('rejects %j', (input) =>
    expect(readField(time(base), input)).toBe('is not a time of day; write it as HH:MM, such as 14:30'),
  );

  it('rejects numbers, which may be hours or parts of a day', () => {
    expect(readField(time(base), 14.25)).toBe('is not text; write it as HH:MM, such as 14:30');
  });
});
