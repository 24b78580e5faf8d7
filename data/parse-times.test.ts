import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
