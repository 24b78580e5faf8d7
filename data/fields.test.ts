import { describe, expect, expectTypeOf, it } from 'vitest';
import { watchEventLoop } from '../tests/services/watch-event-loop.ts';
import { checkRecord } from './check-record.ts';
import { choice, imageUrl, isoDate, locale, number, text } from './fields.ts';
import type { Fields, RecordOf } from './record.ts';
import { readField as read } from './test-field.ts';

const base = { label: 'Value', personal: false } as const;

describe('types', () => {
  it('are those of the values', () => {
    const fields = {
      firstName: text({ label: 'First name', personal: true }),
      city: text({ label: 'City', personal: true, optional: true }),
      team: text({ label: 'Team', personal: false, optional: true, fallback: 'your team' }),
      january: number({ label: 'January', personal: true, min: 0 }),
      since: isoDate({ label: 'Since', personal: true }),
      plan: choice(['Basic', 'Plus', 'Premium'], { label: 'Plan', personal: false }),
      tier: choice(['A', 'B'], { label: 'Tier', personal: false, optional: true }),
      kind: choice(['A', 'B'], { label: 'Kind', personal: false, optional: true, fallback: 'A' }),
      photo: imageUrl({ label: 'Photo', personal: true }),
      locale: locale({ label: 'Locale', personal: false, optional: true, fallback: 'en-GB' }),
    } satisfies Fields;
    expectTypeOf<RecordOf<typeof fields>>().toEqualTypeOf<{
      readonly firstName: string;
      readonly city: string | undefined;
      readonly team: string;
      readonly january: number;
      readonly since: string;
      readonly plan: 'Basic' | 'Plus' | 'Premium';
      readonly tier: 'A' | 'B' | undefined;
      readonly kind: 'A' | 'B';
      readonly photo: string | undefined;
      readonly locale: string;
    }>();
    expectTypeOf(fields.photo.kind).toEqualTypeOf<'image'>();
    const checked = checkRecord(fields, {});
    if (checked.ok) expectTypeOf(checked.record.plan).toEqualTypeOf<'Basic' | 'Plus' | 'Premium'>();
  });

  it('refuse wrong options', () => {
    // @ts-expect-error a fallback has the field's own type
    number({ ...base, optional: true, fallback: 'none' });
    // @ts-expect-error a fallback is one of the choices
    choice(['A', 'B'], { ...base, optional: true, fallback: 'C' });
    // @ts-expect-error a misspelt option
    text({ ...base, maxLenght: 3 });
    // @ts-expect-error whether a field is personal must be said
    text({ label: 'Name' });
    expect(() => choice(['At risk', 'at-risk'], base)).toThrow('differ only in case, spaces or punctuation');
  });
});

describe('text', () => {
  it.each([
    ['  Anna \n Maria ', 'Anna Maria'],
    ['Zoe\u0308', 'Zoë'],
    ['O’Connor-Smith', 'O’Connor-Smith'],
    ['👩🏽‍🚀', '👩🏽‍🚀'],
    ['علی\u200Cرضا', 'علی\u200Cرضا'],
    ['\u202AAnna\u202C\uFEFF', 'Anna'],
    [42, '42'],
    ['NULL', 'NULL'],
  ])('reads %j', (input, output) => expect(read(text(base), input)).toBe(output));

  it('refuses a heap of marks without putting them in order first', async () => {
    const name = `a${'\u0301\u0316'.repeat(100_000)}`;
    const { result, longestMs } = await watchEventLoop(async () => read(text(base), name));
    expect(result).toContain('too long');
    // Ordering them takes more than ten seconds.
    expect(longestMs).toBeLessThan(3_000);
  });

  it.each([
    ['Anna\u0007', 'control character U+0007'],
    ['\u202Egnp.exe', 'control character U+202E'],
    ['M\uFFFDller', 'wrong encoding'],
    ['\uD83D', 'wrong encoding'],
    ['\u200B', 'is invisible'],
    ['#N/A', 'spreadsheet error'],
    ['a'.repeat(201), 'has 201 characters; shorten it to 200 at most'],
    [`a${'\u0301'.repeat(5000)}`, 'too long'],
    [true, 'is not text'],
    [{}, 'is not text'],
  ])('rejects %j', (input, reason) => expect(read(text(base), input)).toContain(reason));

  it('counts an emoji with joiners as one', () => {
    expect(read(text({ ...base, maxLength: 2 }), 'a👨‍👩‍👧‍👦')).toBe('a👨‍👩‍👧‍👦');
    expect(read(text({ ...base, maxLength: 2 }), 'ab👨‍👩‍👧‍👦')).toContain('has 3 characters');
  });
});

describe('number', () => {
  it.each([
    [12.5, 12.5],
    ['1234.5', 1234.5],
    ['1234,5', 1234.5],
    ['1 234,5', 1234.5],
    ['1\u202F234\u00A0567,25', 1234567.25],
    ["1'234.50", 1234.5],
    ['1,234.50', 1234.5],
    ['1.234,50', 1234.5],
    ['12,34,567.5', 1234567.5],
    ['1,234,567', 1234567],
    ['0.125', 0.125],
    ['1234.567', 1234.567],
    ['.5', 0.5],
    ['5.', 5],
    ['-3', -3],
    ['−3', -3],
    ['+3', 3],
    ['-0', 0],
    ['007', 7],
  ])('reads %j', (input, output) => expect(read(number(base), input)).toBe(output));

  it.each([
    ['1,234', 'can mean 1234 or 1.234; write 1234 or 1.2340'],
    ['1.234', 'can mean 1234 or 1.234; write 1234 or 1.2340'],
    ['many', 'is not a number'],
    ['12 kg', 'is not a number'],
    ['€ 12', 'is not a number'],
    ['1,23,4', 'is not a number'],
    ['1.234.5', 'is not a number'],
    ['1,234.5,6', 'is not a number'],
    ['12 34', 'is not a number'],
    ['1e5', 'is not a number'],
    ['9'.repeat(400), 'is not a number'],
    ['-', 'is not a number'],
    ['.', 'is not a number'],
    ['Infinity', 'is not a number'],
    [Number.NaN, 'is not a number'],
    ['#DIV/0!', 'spreadsheet error'],
    [true, 'is not text'],
  ])('rejects %j', (input, reason) => expect(read(number(base), input)).toContain(reason));

  it('keeps to its range', () => {
    const field = number({ ...base, min: 0, max: 10, integer: true });
    expect(read(field, '10')).toBe(10);
    expect(read(field, '-1')).toBe('is too small; write 0 or more');
    expect(read(field, 11)).toBe('is too large; write 10 or less');
    expect(read(field, '1.5')).toContain('not a whole number');
  });
});

describe('isoDate', () => {
  it.each([
    ['2021-05-03', '2021-05-03'],
    ['2021/5/3', '2021-05-03'],
    ['20210503', '2021-05-03'],
    ['2021-05-03T23:30:00.000+02:00', '2021-05-03'],
    ['2021-05-03 00:00:00', '2021-05-03'],
    ['31/12/2020', '2020-12-31'],
    ['12/31/2020', '2020-12-31'],
    ['31.12.2020', '2020-12-31'],
    ['03.03.2020', '2020-03-03'],
    ['3 May 2021', '2021-05-03'],
    ['03-May-2021', '2021-05-03'],
    ['May 3, 2021', '2021-05-03'],
    ['3rd September 2021', '2021-09-03'],
    ['2020-02-29', '2020-02-29'],
  ])('reads %j', (input, output) => expect(read(isoDate(base), input)).toBe(output));

  it.each([
    ['03/04/2020', 'can be two days, depending on the country; write 2020-04-03 or 2020-03-04'],
    ['2021-02-29', 'is not a day of the calendar'],
    ['2021-13-01', 'is not a day of the calendar'],
    ['31/31/2020', 'is not a day of the calendar'],
    ['3.5.21', 'year of two digits'],
    ['03-May-21', 'year of two digits'],
    ['44319', "spreadsheet's day number"],
    ['yesterday', 'write it as YYYY-MM-DD'],
    ['3 Mai 2021', 'write it as YYYY-MM-DD'],
    ['2021-05/03', 'write it as YYYY-MM-DD'],
    ['1021-05-03', 'is too early; write a day from 1900-01-01 on'],
    [20210503, 'write it as YYYY-MM-DD'],
  ])('rejects %j', (input, reason) => expect(read(isoDate(base), input)).toContain(reason));
});

describe('choice', () => {
  const segment = choice(['loyal', 'new', 'at-risk', 'business'], base);
  it.each([
    ['At risk', 'at-risk'],
    ['AT_RISK', 'at-risk'],
    [' Loyal ', 'loyal'],
  ])('reads %j', (input, output) => expect(read(segment, input)).toBe(output));

  it('names the choices and the nearest', () => {
    expect(read(segment, 'buisness')).toBe(
      'is not one of the choices; write loyal, new, at-risk or business, perhaps business',
    );
    expect(read(segment, 'gold')).toBe('is not one of the choices; write loyal, new, at-risk or business');
  });
});

describe('locale', () => {
  it.each([
    ['de-de', 'de-DE'],
    ['de_CH', 'de-CH'],
    ['zh-hant-tw', 'zh-Hant-TW'],
    ['iw', 'he'],
    ['sr-Latn-RS', 'sr-Latn-RS'],
  ])('reads %j', (input, output) => expect(read(locale(base), input)).toBe(output));

  it.each(['German', 'english', 'x', 'de-', 'xx-YY', 'en-ZQ', 'und', '12'])('rejects %j', (input) =>
    expect(read(locale(base), input)).toContain('such as en-GB or de-DE'),
  );
});

describe('imageUrl', () => {
  it('reads addresses', () => {
    expect(read(imageUrl(base), 'https://example.com/a%20b.jpg?x=1')).toBe(
      'https://example.com/a%20b.jpg?x=1',
    );
    expect(read(imageUrl(base), 'HTTP://localhost:8788/ü.jpg')).toBe('http://localhost:8788/%C3%BC.jpg');
  });

  it.each([
    'www.example.com/a.jpg',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:image/png;base64,AA',
    'https://user:secret@example.com/a.jpg',
    'https://',
    'https://exa mple.com/a.jpg',
    `https://example.com/${'a'.repeat(2100)}`,
  ])('rejects %j', (input) => expect(read(imageUrl(base), input)).toMatch(/^(is|contains) .+; /));

  it('has the ground of its pictures in one form', () => {
    expect(imageUrl(base).ground).toBeUndefined();
    expect(imageUrl({ ...base, ground: '#FfF' }).ground).toBe('#ffffff');
    expect(imageUrl({ ...base, ground: '#0B132B' }).ground).toBe('#0b132b');
    expect(() => imageUrl({ ...base, ground: 'white' })).toThrow('The ground "white" is not a colour');
  });
});
