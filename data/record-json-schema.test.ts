import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBody } from './check-record.ts';
import { readRows } from './csv/read-rows.ts';
import { collect } from './csv/test-file.ts';
import {
  boolean,
  choice,
  color,
  dateTime,
  email,
  imageUrl,
  isoDate,
  locale,
  number,
  paragraphs,
  phone,
  text,
  time,
} from './fields.ts';
import { money } from './money-field.ts';
import { list, object } from './nested-fields.ts';
import { type Fields, recordJsonSchema } from './record.ts';

const shared = { label: 'Value', personal: false };
const fields = {
  firstName: text({ ...shared, maxLength: 20 }),
  team: text({ ...shared, optional: true, fallback: 'your team' }),
  visits: number({ ...shared, min: 0, max: 1e9, integer: true }),
  score: number({ ...shared, optional: true }),
  since: isoDate(shared),
  plan: choice(['Basic', 'Plus'], shared),
  vip: boolean({ ...shared, optional: true, fallback: false }),
  email: email({ ...shared, personal: true, optional: true }),
  phone: phone({ ...shared, optional: true }),
  letter: paragraphs({ ...shared, optional: true, maxLength: 40, maxLines: 3 }),
  moment: dateTime({ ...shared, optional: true }),
  at: time({ ...shared, optional: true }),
  price: money({ ...shared, optional: true, currency: 'CHF', min: 0 }),
  brand: color({ ...shared, optional: true }),
  tier: choice(['A', 'B'], { ...shared, optional: true }),
  orders: list({
    label: 'Orders',
    max: 2,
    fields: { what: text(shared), count: number({ ...shared, optional: true }) },
  }),
  address: object({ label: 'Address', optional: true, fields: { city: text(shared) } }),
  photo: imageUrl(shared),
  locale: locale({ ...shared, optional: true, fallback: 'en-GB' }),
};
const good = { firstName: 'Anna', visits: 3, since: '2021-05-03', plan: 'Plus' };

function validatorOf(of: Fields) {
  const ajv = new Ajv2020({ allErrors: true });
  formats(ajv);
  return ajv.compile(recordJsonSchema(of));
}
const validate = validatorOf(fields);

describe('the JSON Schema of a record', () => {
  it.each([
    {},
    { team: null, score: null, tier: '', photo: '' },
    { photo: 'https://example.com/a@b.jpg', locale: 'de-DE', score: -1.5, tier: 'B' },
    { firstName: '王👩🏽‍🚀' },
    { vip: true, brand: '#F80' },
    { email: 'a.b+c@shop.example.com', phone: '+441632960123' },
    { phone: '0163296012' },
    { moment: '2026-05-03T14:30:00+02:00', at: '14:30' },
    { price: { amount: 12.5, currency: 'EUR' } },
    { price: 12 },
    { letter: 'Dear Anna,\n\nhello' },
    { vip: null, brand: '' },
    { orders: [{ what: 'Mug', count: 2 }, { what: 'Cap' }], address: { city: 'Wien' } },
    { orders: null, address: null },
    { orders: [] },
  ])('allows %j', (changes) => {
    const body = { ...good, ...changes };
    expect(validate(body), JSON.stringify(validate.errors)).toBe(true);
    expect(checkBody(fields, body)).toMatchObject({ ok: true });
  });

  it.each([
    { firstName: undefined },
    { firstName: '' },
    { firstName: ' \u200B' },
    { orders: [{ what: 'a' }, { what: 'b' }, { what: 'c' }] },
    { orders: [{ what: 'a', wat: 1 }] },
    { orders: [{ count: 1 }] },
    { orders: ['Mug'] },
    { address: { city: 'Wien', street: 'Ring' } },
    { address: 'Wien' },
    { firstName: 'Anna\u0007' },
    { firstName: true },
    { firstName: { toString: 'Anna' } },
    { firstName: 'a'.repeat(21) },
    { visits: -1 },
    { visits: 1.5 },
    { visits: 1e10 },
    { since: '2021-02-30' },
    { since: 'yesterday' },
    { plan: 'Gold' },
    { vip: 'maybe' },
    { brand: 'orange' },
    { email: 'anna@' },
    { price: { amount: 12.5 } },
    { price: { amount: '12.5', currency: 'EUR' } },
    { price: { amount: -1, currency: 'EUR' } },
    { price: { amount: 1, currency: 'EUR', cents: 0 } },
    { moment: '2026-05-03' },
    { at: '24:00' },
    { letter: 'a\nb\nc\nd' },
    { letter: 'a'.repeat(41) },
    { letter: 'a\u0007' },
    { phone: 'call me' },
    { brand: '#ff8800cc' },
    { photo: 'file:///etc/passwd' },
    { photo: 'https://user:word@example.com/' },
    { locale: 'Klingon' },
    { fistName: 'Anna' },
  ])('refuses, as we do, %j', (changes) => {
    const body: Record<string, unknown> = { ...good, ...changes };
    if (body.firstName === undefined) delete body.firstName;
    expect(validate(body)).toBe(false);
    expect(checkBody(fields, body).ok).toBe(false);
  });

  it('allows nothing that is refused', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.stringMatching(/^[a \n\r\u2028\u00e9]{1,12}$/),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.constantFrom(
        '',
        ' ',
        'Plus',
        'plus',
        'A',
        { amount: 12.5, currency: 'EUR' },
        '#aBc',
        '23:59',
        '2026-05-03T14:30:00Z',
        'a@b.cd',
        '+441632960123',
        null,
        true,
        false,
        [],
        {},
      ),
      fc
        .date({ min: new Date('1900-01-01'), max: new Date('2199-12-31'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
      fc.constantFrom('https://example.com/a.jpg', 'http://localhost:8788/x?y#z'),
    );
    // Which languages there are is nothing that a JSON Schema could say.
    const names = fc.constantFrom(...Object.keys(fields).filter((name) => name !== 'locale'));
    let allowed = 0;
    fc.assert(
      fc.property(names, anything, (name, value) => {
        const body = { ...good, [name]: value };
        if (!validate(body)) return;
        allowed += 1;
        expect(checkBody(fields, body)).toMatchObject({ ok: true });
      }),
      { numRuns: 20_000 },
    );
    expect(allowed).toBeGreaterThan(1_000);
  });

  it('allows every good row of the samples, as it is understood', async () => {
    const file = fileURLToPath(new URL('samples/customers.csv', import.meta.url));
    const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
    const customer = {
      firstName: text({ ...shared, maxLength: 80 }),
      city: text(shared),
      memberSince: isoDate(shared),
      plan: choice(['Basic', 'Plus', 'Premium'], shared),
      ...Object.fromEntries(months.map((month) => [month, number({ ...shared, min: 0, max: 1e9 })])),
      favouriteCategory: text(shared),
      photoUrl: imageUrl(shared),
      locale: locale({ ...shared, optional: true, fallback: 'en-GB' }),
    };
    const check = validatorOf(customer);
    const rows = await collect((await readRows(file, { fields: customer })).rows());
    const records = rows.flatMap((row) => (row.check.ok ? [row.check.record] : []));
    expect(records.length).toBeGreaterThan(40);
    for (const record of records) expect(check(record), JSON.stringify(check.errors)).toBe(true);
  });

  it('says what an empty value becomes and what would be right', () => {
    expect(recordJsonSchema(fields).properties).toMatchObject({
      team: { title: 'Value', default: 'your team', examples: ['Anna'] },
      visits: { type: 'integer', minimum: 0, examples: [42] },
    });
  });
});
