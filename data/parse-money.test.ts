import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRows } from './csv/read-rows.ts';
import { collect, writeTestFile } from './csv/test-file.ts';
import { money } from './money-field.ts';
import { moneyReadings, parseMoney, writeMoney } from './parse-money.ts';
import { readField as read } from './test-field.ts';

const base = { label: 'Price', personal: true } as const;
const field = money(base);

describe('money', () => {
  it.each([
    ['€1,234.50', 1234.5, 'EUR'],
    ['1.234,50 EUR', 1234.5, 'EUR'],
    ['1.234,50\u00A0€', 1234.5, 'EUR'],
    ['CHF 12.-', 12, 'CHF'],
    ["CHF 1'234.50", 1234.5, 'CHF'],
    ['12,-- €', 12, 'EUR'],
    ['Fr. 12.–', 12, 'CHF'],
    ['12 eur', 12, 'EUR'],
    ['£.50', 0.5, 'GBP'],
    ['-£5', -5, 'GBP'],
    ['£ -5', -5, 'GBP'],
    ['\u22125 £', -5, 'GBP'],
    ['+5 £', 5, 'GBP'],
    ['-0 EUR', 0, 'EUR'],
    ['US$ 1,234,567', 1234567, 'USD'],
    ['1 234,5 zł', 1234.5, 'PLN'],
    ['R$ 10,50', 10.5, 'BRL'],
    ['€ 12 EUR', 12, 'EUR'],
    ['¥1200 JPY', 1200, 'JPY'],
  ])('reads %j', (input, amount, currency) =>
    expect(read(money(input.startsWith('¥') ? { ...base, currency } : base), input)).toEqual({
      amount,
      currency,
    }),
  );

  it('reads objects, and numbers of a declared currency', () => {
    expect(read(field, { amount: 12.5, currency: 'EUR' })).toEqual({ amount: 12.5, currency: 'EUR' });
    expect(Object.is((read(field, { amount: -0, currency: 'EUR' }) as { amount: number }).amount, 0)).toBe(
      true,
    );
    expect(read(money({ ...base, currency: 'CHF' }), 12.5)).toEqual({ amount: 12.5, currency: 'CHF' });
    expect(read(money({ ...base, currency: 'CHF' }), '12,5')).toEqual({ amount: 12.5, currency: 'CHF' });
    expect(read(money({ ...base, currency: 'CHF' }), '12,5 €')).toEqual({ amount: 12.5, currency: 'EUR' });
  });

  it.each([
    ['CAD', '$ 5'],
    ['JPY', '5 ￥'],
    ['SEK', '5 kr.'],
    ['USD', '$5.00'],
  ])('reads a shared sign as %s where that is declared', (currency, input) =>
    expect(read(money({ ...base, currency }), input)).toEqual({ amount: 5, currency }),
  );

  it.each([
    ['$5', 'has a sign of several currencies; write the code of the currency, such as 12.50 USD'],
    ['kr 5', 'has a sign of several currencies'],
    ['12.50', 'has no currency; write it with one, such as 12.50 EUR'],
    [12.5, 'has no currency; write it with one, such as 12.50 EUR'],
    ['1,234 EUR', 'can mean 1234 or 1.234; write 1234 or 1.2340 EUR'],
    ['€12 CHF', 'names two currencies; write one, such as 12.50 EUR'],
    ['#REF!', 'spreadsheet error'],
    [{ amount: '12', currency: 'EUR' }, 'write it such as {"amount": 12.5, "currency": "EUR"}'],
    [{ amount: 12, currency: 'ZZZ' }, 'is not an amount of money'],
    [{ amount: Number.NaN, currency: 'EUR' }, 'is not an amount of money'],
    [true, 'is not an amount of money'],
    [[], 'is not an amount of money'],
  ])('rejects %j', (input, reason) => expect(read(field, input)).toContain(reason));

  it.each([
    ...[
      'many',
      'EUR',
      '10 - 20 EUR',
      '12 EUR-',
      '12 EUR per month',
      'a12 EUR',
      '--5 EUR',
      '(5 EUR)',
      '1.2.3 EUR',
    ],
    ...['12 XX', '€', `${'1'.repeat(350)} EUR`, `${'1'.repeat(500)} EUR`, '5 EUR 6'],
  ])('rejects %j', (input) =>
    expect(read(field, input)).toBe(
      'is not an amount of money; write it with its currency, such as 12.50 EUR',
    ),
  );

  it('keeps to its range, in the currency of the value', () => {
    const limited = money({ ...base, min: 0, max: 1000 });
    expect(read(limited, '-5 €')).toBe('is too small; write 0.00 EUR or more');
    expect(read(limited, '1001 CHF')).toBe('is too large; write 1000.00 CHF or less');
    expect([limited.example, money({ ...base, currency: 'JPY', min: 100 }).example]).toEqual([
      '12.50 EUR',
      '100 JPY',
    ]);
  });

  it('declares a currency that there is', () => {
    expect(() => money({ ...base, currency: 'EURO' })).toThrow('The currency "EURO" is not one of ISO 4217');
  });

  it('reads what it writes', () => {
    const amount = fc.oneof(
      fc.integer({ min: -1e7, max: 1e7 }).map((cents) => cents / 100),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
    );
    fc.assert(
      fc.property(amount, fc.constantFrom('EUR', 'JPY', 'KWD', 'USD'), (value, currency) => {
        const written = { amount: value === 0 ? 0 : value, currency };
        expect(parseMoney(writeMoney(written))).toEqual({ ok: true, value: written });
      }),
      { numRuns: 1000 },
    );
  });

  it('reads an amount as its number alone is read', () => {
    expect(moneyReadings('€1,234')).toEqual(['.', ',']);
    expect(moneyReadings('12,50 EUR')).toEqual([',']);
    expect(moneyReadings('12 EUR')).toEqual([]);
    expect(parseMoney('€1,234', undefined, '.')).toEqual({
      ok: true,
      value: { amount: 1234, currency: 'EUR' },
    });
    expect(parseMoney('€1,234', undefined, ',')).toEqual({
      ok: true,
      value: { amount: 1.234, currency: 'EUR' },
    });
  });
});

describe('a column of money', () => {
  const pricesOf = async (cells: readonly string[], delimiter = ',') => {
    const quoted = cells.map((cell, at) => `${at}${delimiter}"${cell}"`).join('\n');
    const input = await readRows(await writeTestFile(`id${delimiter}price\n${quoted}\n`), {
      fields: { price: field },
    });
    return (await collect(input.rows())).map(
      ({ check }) => check.ok && (check.record['price'] as { amount: number }).amount,
    );
  };

  it.each([',', ';'])('says by one of its values how the others are meant (%s)', async (delimiter) => {
    expect(await pricesOf(['€1,234', '€12.50'], delimiter)).toEqual([1234, 12.5]);
    expect(await pricesOf(['CHF 1.234', '12,50 CHF'], delimiter)).toEqual([1234, 12.5]);
  });

  it('is refused where no value says it', async () => {
    await expect(pricesOf(['€1,234', '€2,345'])).rejects.toThrow(
      'holds €1,234, and no other number in it says',
    );
  });
});
