import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readRows } from '../csv/read-rows.ts';
import { collect } from '../csv/test-file.ts';
import { choice, imageUrl, isoDate, linkUrl, locale, number, text } from '../fields.ts';
import { money } from '../money-field.ts';
import { list } from '../nested-fields.ts';

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const personal = { label: '', personal: true };
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const customer = {
  firstName: text({ ...personal, maxLength: 80 }),
  city: text(personal),
  memberSince: isoDate(personal),
  plan: choice(['Basic', 'Plus', 'Premium'], personal),
  ...Object.fromEntries(months.map((month) => [month, number({ ...personal, min: 0, max: 1e9 })])),
  favouriteCategory: text(personal),
  photoUrl: imageUrl(personal),
  locale: locale({ ...personal, optional: true, fallback: 'en-GB' }),
};
const renewal = {
  firstName: text(personal),
  segment: choice(['loyal', 'new', 'at-risk', 'business'], personal),
  renewalDate: isoDate(personal),
  plan: choice(['Basic', 'Plus', 'Premium'], personal),
  locale: locale({ ...personal, optional: true, fallback: 'en-GB' }),
};

const resident = {
  firstName: text(personal),
  home: choice(['House', 'Flat'], { ...personal, optional: true }),
  household: number({ ...personal, optional: true, min: 1, max: 12, integer: true }),
  monthlyBill: number({ ...personal, optional: true, min: 1 }),
  currency: choice(['EUR', 'GBP', 'USD', 'CHF', 'JPY', 'INR'], { ...personal, optional: true }),
  photoUrl: imageUrl(personal),
  locale: locale({ ...personal, optional: true, fallback: 'en-GB' }),
};

const order = {
  firstName: text(personal),
  pronunciation: text({ ...personal, optional: true }),
  arrives: isoDate(personal),
  locale: locale({ ...personal, optional: true, fallback: 'en-GB' }),
  trackingUrl: linkUrl({ ...personal, optional: true }),
  products: list({
    label: '',
    min: 1,
    max: 3,
    fields: {
      name: text(personal),
      detail: text({ ...personal, optional: true }),
      quantity: number({ ...personal, min: 1, integer: true }),
      price: money(personal),
      picture: imageUrl(personal),
    },
  }),
};

type SampleFields = typeof customer | typeof renewal | typeof resident | typeof order;

async function read(name: string, fields: SampleFields) {
  const file = await readRows(pathOf(name), { fields });
  return { file, rows: await collect(file.rows()) };
}

describe('customers.csv', () => {
  it('has one bad row, early enough for a demo of six', async () => {
    const { rows } = await read('customers.csv', customer);
    expect(rows.filter(({ check }) => !check.ok).map(({ row }) => row)).toEqual([4]);
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.flatMap(({ warnings }) => warnings)).toEqual([]);
  });

  it('shows names of many scripts and lengths', async () => {
    const { rows } = await read('customers.csv', customer);
    const names = rows.map(({ cells }) => cells[1] ?? '');
    const scripts = ['Cyrillic', 'Greek', 'Arabic', 'Hebrew', 'Han', 'Hiragana', 'Hangul'];
    for (const script of scripts) {
      expect(
        names.some((name) => new RegExp(`\\p{Script=${script}}`, 'u').test(name)),
        script,
      ).toBe(true);
    }
    for (const part of ["'", '’', '-', 'ü', 'ễ', '\u200D']) {
      expect(
        names.some((name) => name.includes(part)),
        part,
      ).toBe(true);
    }
    expect(names.some((name) => name.length === 1)).toBe(true);
    expect(names.some((name) => name.length > 50)).toBe(true);
  });

  it('names a photo of ours, or one that no server has', async () => {
    const { rows } = await read('customers.csv', customer);
    const urls = rows.flatMap(({ cells }) => cells[18] || []);
    const photos = await readdir(pathOf('photos'));
    const ours = urls.filter((url) => url.startsWith('http://localhost:8788/photos/'));
    expect(ours.map((url) => path.basename(url)).toSorted()).toEqual(photos.toSorted());
    expect(urls.filter((url) => url.startsWith('https://photos.example.invalid/'))).toHaveLength(2);
    for (const photo of photos) {
      const bytes = await readFile(pathOf(`photos/${photo}`));
      expect(bytes.length).toBeLessThan(60_000);
      expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 600, height: 600 });
    }
  });
});

describe('the other samples', () => {
  it('have good rows only, in every encoding', async () => {
    const expected = [
      ['renewals.csv', renewal, 'utf-8', ','],
      ['product-tour.csv', resident, 'utf-8', ','],
      ['orders.csv', order, 'utf-8', ','],
      ['customers-windows-1252.csv', customer, 'windows-1252', ';'],
      ['customers-utf-16.tsv', customer, 'utf-16le', '\t'],
    ] as const;
    for (const [name, fields, encoding, delimiter] of expected) {
      const { file, rows } = await read(name, fields);
      expect(file).toMatchObject({ encoding, delimiter });
      expect(rows.filter(({ check }) => !check.ok)).toEqual([]);
      expect(rows.length).toBeGreaterThan(7);
    }
    expect((await read('renewals.csv', renewal)).rows.length).toBeGreaterThan(40);
    const { rows } = await read('customers-windows-1252.csv', customer);
    expect(rows.map(({ cells }) => cells[1])).toContain('Seán O’Connor');
  });

  it('are wrong in every way where they should be', async () => {
    const { rows } = await read('hostile.csv', customer);
    const good = rows.filter(({ check }) => check.ok).map(({ id }) => id);
    const leftOut = ['h-24', 'h-25', 'h-26', 'h-27', 'h-28', 'h-29'];
    expect(good).toEqual(['h-1', ...leftOut, '../../../etc/passwd', 'CON', 'h-35']);
    const messages = rows.flatMap(({ check }) => (check.ok ? [] : [check.message])).join('\n');
    for (const reason of [
      ...['is empty', 'control character U+0007', 'control character U+202E', 'damaged by a wrong encoding'],
      ...[
        'spreadsheet error',
        'has 81 characters',
        'is too long',
        'can be two days',
        'not a day of the calendar',
      ],
      ...[
        "spreadsheet's day number",
        'year of two digits',
        'too early',
        'not a date',
        'not one of the choices',
      ],
      ...['perhaps Premium', 'can mean 1234 or 1.234', 'too small', 'too large', 'not a number'],
      ...['is the id of row 1', 'no other row has', '4 of 21 cells', '22 cells for 21 columns'],
    ]) {
      expect(messages).toContain(reason);
    }
    const warnings = rows.flatMap((row) => row.warnings);
    const said = warnings.map(({ message }) => message).join('\n');
    for (const reason of [
      ...['is read as "de-DE"', 'not a language tag', 'not a web address', 'not a valid web address'],
      'user name or password',
    ]) {
      expect(said).toContain(reason);
    }
    expect(warnings).toHaveLength(2 + leftOut.length);
  });
});
