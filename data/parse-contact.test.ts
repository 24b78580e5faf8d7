import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkRecord } from './check-record.ts';
import { email, phone } from './fields.ts';
import { readField as read } from './test-field.ts';

const base = { label: 'Value', personal: true } as const;

describe('email', () => {
  it.each([
    ['anna@example.com', 'anna@example.com'],
    [' Anna.Lindt+news@Mail.Example.COM ', 'Anna.Lindt+news@mail.example.com'],
    ["o'brien@example.ie", "o'brien@example.ie"],
    ['jörg@müller.de', 'jörg@müller.de'],
    ['anna\u200B@example.com', 'anna@example.com'],
  ])('reads %j', (input, output) => expect(read(email(base), input)).toBe(output));

  it.each([
    ...['anna', 'anna@', '@example.com', 'anna@example', 'anna@@example.com', 'a..b@example.com'],
    ...['.a@example.com', 'a.@example.com', 'anna@-example.com', 'anna@example.com, eva@example.com'],
    ...['Anna <anna@example.com>', 'anna@10.0.0.1', 'an na@example.com'],
    ...['mailto:anna@example.com', '#N/A', 'anna@exa\u202Emple.com'],
  ])('rejects %j', (input) =>
    expect(read(email(base), input)).toBe('is not a mail address; write one, such as anna@example.com'),
  );

  it('rejects a long one at once', () => {
    expect(read(email(base), `${'a.'.repeat(500_000)}@example.com`)).toContain('such as anna@example.com');
    expect(read(email(base), `${'a'.repeat(100)}.`.repeat(2))).toContain('is not a mail address');
  });

  it('reads what it returned as the same', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        const once = read(email(base), address);
        expect(read(email(base), once)).toBe(once);
      }),
    );
  });

  it.each(['test@test.com', 'noreply@shop.de', 'none@none.com', 'a@example.com', 'x@shop.invalid'])(
    'reports that %j may be nobody',
    (value) => {
      const check = checkRecord({ value: email(base) }, { value });
      expect(check).toMatchObject({ ok: true, warnings: [{ code: 'placeholder' }] });
    },
  );

  it.each(['anna@shop.de', 'testa@shop.de', 'norah@contest.com', 'a@mytest.de'])(
    'takes %j for an address',
    (value) =>
      expect(checkRecord({ value: email(base) }, { value })).toMatchObject({ ok: true, warnings: [] }),
  );
});

describe('phone', () => {
  it.each([
    ['+44 1632 960123', '+441632960123'],
    ['+44 (0)1632 960-123', '+441632960123'],
    ['+49(0)30/1234567', '+49301234567'],
    ['+39 06 1234567', '+39061234567'],
    ['+1 (202) 555-0143', '+12025550143'],
    ['+1.202.555.0143', '+12025550143'],
    ['\uFF0B4930\u00A01234567', '+49301234567'],
    ['(01632) 960123', '(01632) 960123'],
    ['0049 30 1234567', '0049 30 1234567'],
    ['030 \u2013 1234567', '030 - 1234567'],
    [1632960123, '1632960123'],
  ])('reads %j', (input, output) => expect(read(phone(base), input)).toBe(output));

  it.each([
    ...[
      '1234',
      'call me',
      '+44 1632 960123 ext. 5',
      '+0 1632 960123',
      '+1234567890123456',
      '+',
      '-',
      '++44 1',
    ],
    ...['01632 960123, 01632 960124', '1'.repeat(16)],
  ])('rejects %j', (input) =>
    expect(read(phone(base), input)).toMatch(/^is not a telephone number; .+ such as \+44 1632 960123$/),
  );

  it.each([
    ['4.41633E+11', 'format the column as text and write it such as +44 1632 960123'],
    ['441632960123.0', 'is a number that a spreadsheet has changed'],
    ['+39 (0)6 1234567', 'has a zero in brackets behind its country code'],
    ['#N/A', 'spreadsheet error'],
  ])('rejects %j', (input, reason) => expect(read(phone(base), input)).toContain(reason));

  it('is the same number however it is grouped, and reads what it returned as the same', () => {
    const digits = fc.stringMatching(/^[1-9]\d{6,14}$/);
    fc.assert(
      fc.property(digits, fc.infiniteStream(fc.constantFrom('', ' ', '-', '.', '/')), (number, marks) => {
        const [first = '', ...others] = number;
        const grouped = first + others.map((digit) => `${String(marks.next().value)}${digit}`).join('');
        expect(read(phone(base), `+${grouped}`)).toBe(`+${number}`);
        expect(read(phone(base), `+${number}`)).toBe(`+${number}`);
      }),
    );
  });

  it.each(['+49 30 0000000', '0123456789', '9999999'])('reports that %j may be nobody’s', (value) => {
    const check = checkRecord({ value: phone(base) }, { value });
    expect(check).toMatchObject({ ok: true, warnings: [{ code: 'placeholder' }] });
  });
});
