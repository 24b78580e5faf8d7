import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBody, checkRecord } from './check-record.ts';
import { nameFields } from './csv/name-fields.ts';
import { readRows } from './csv/read-rows.ts';
import { collect, makeTestFolder, writeTestFile } from './csv/test-file.ts';
import { writeBodyRows } from './csv/write-tables.ts';
import { imageUrl, isoDate, number, text } from './fields.ts';
import { money } from './money-field.ts';
import type { Money } from './parse-money.ts';
import { list, object } from './nested-fields.ts';
import { joinTables } from './table/join-tables.ts';

const own = { personal: false } as const;
const products = list({
  label: 'Products',
  max: 3,
  fields: {
    name: text({ ...own, label: 'Name', aliases: ['title'] }),
    price: money({ ...own, label: 'Price', optional: true }),
    count: number({ ...own, label: 'Count', integer: true, optional: true, fallback: 1 }),
    bought: isoDate({ ...own, label: 'Bought', optional: true }),
    picture: imageUrl({ ...own, label: 'Picture' }),
  },
});
const address = object({
  label: 'Address',
  optional: true,
  fields: {
    city: text({ ...own, label: 'City' }),
    street: text({ ...own, label: 'Street', optional: true }),
  },
});
const fields = { products, address };

const mug = { name: 'Mug', price: { amount: 12.5, currency: 'EUR' }, count: 1 };
const read = (value: unknown) => {
  const check = checkRecord(fields, { products: value });
  return check.ok ? check.record.products : check.issues.map(({ message }) => message);
};

async function readCsv(lines: readonly string[], of = fields as Parameters<typeof readRows>[1]['fields']) {
  const input = await readRows(await writeTestFile(lines.join('\n')), { fields: of });
  return { input, rows: await collect(input.rows()) };
}

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

async function recordsOf(lines: readonly string[]) {
  const { rows } = await readCsv(lines);
  return rows.map(({ check }) => (check.ok ? check.record : check.message));
}

describe('a list', () => {
  it('is read from JSON, and missing is empty', () => {
    expect(read(undefined)).toEqual([]);
    expect(read('')).toEqual([]);
    expect(read('null')).toEqual([]);
    expect(read([{ name: ' Mug ', price: '12,50 EUR' }])).toEqual([mug]);
    expect(read('[{"name":"Mug","price":{"amount":12.5,"currency":"EUR"}}]')).toEqual([mug]);
  });

  it('leaves out items that say nothing, and names the others by their own places', () => {
    expect(read([null, {}, { name: ' ' }, { name: 'Mug', price: '12.50 EUR' }])).toEqual([mug]);
    expect(read([{ name: 'Mug' }, { name: null }, { price: 'dear' }])).toEqual([
      'Column "products[2].name" is empty; write a value such as Anna.',
      expect.stringContaining('Column "products[2].price" holds "dear", which'),
    ]);
  });

  it('says what is wrong with what is no list', () => {
    expect(read('[{"name":')).toEqual([
      expect.stringMatching(/^Column "products" holds "\[\{"name":", which is not JSON; write it such as \[/),
    ]);
    expect(read(3)).toEqual([expect.stringContaining('holds "3", which is not a list')]);
    expect(read(['Mug'])).toEqual([
      expect.stringContaining('Column "products[0]" holds "Mug", which is not an'),
    ]);
  });

  it('refuses too many items, or takes the first of them with a warning', () => {
    const four = Array.from({ length: 4 }, () => mug);
    expect(read(four)).toEqual(['Column "products" has 4 items; leave 3 items at most.']);
    const cut = { products: list({ ...products, max: 3, tooMany: 'cut' }) };
    const check = checkRecord(cut, { products: four });
    expect(check.ok && check.record.products).toHaveLength(3);
    expect(check.ok && check.warnings).toEqual([
      {
        code: 'list-shortened',
        field: 'products',
        message: 'Column "products" has 4 items; only the first 3 are used.',
      },
    ]);
  });

  it('needs as many items as it declares', () => {
    const some = { products: list({ ...products, min: 2 }) };
    const message = (value: unknown) => {
      const check = checkRecord(some, { products: value });
      return check.ok ? '' : check.issues[0]?.message;
    };
    expect(message([])).toContain('is empty; give it 2 items at least');
    expect(message([mug])).toContain('has 1 item; give it 2 items at least');
    expect(() => list({ ...products, min: 3, max: 2 })).toThrow('cannot hold 3 to 2 items');
  });

  it('is personal unless it says otherwise, and always where one of its fields is', () => {
    const name = (personal: boolean) => ({ name: text({ label: 'Name', personal }) });
    expect(list({ label: 'L', fields: name(false) }).personal).toBe(true);
    expect(list({ label: 'L', personal: false, fields: name(false) }).personal).toBe(false);
    expect(list({ label: 'L', personal: false, fields: name(true) }).personal).toBe(true);
  });

  it('refuses names that its fields do not have where a program writes it', () => {
    const check = checkBody(fields, { products: [{ name: 'Mug', prise: 1 }] });
    expect(check.ok ? [] : check.issues.map(({ message }) => message)).toEqual([
      'There is no field "products[0].prise". Did you mean "price"?',
    ]);
    const named = nameFields(fields, { product_1_Title: 'Mug', address: { City: 'Wien' } });
    expect(checkBody(fields, named)).toMatchObject({
      ok: true,
      record: { products: [{ name: 'Mug' }], address: { city: 'Wien' } },
    });
  });

  it('takes no member of a prototype for a value', () => {
    const hostile = JSON.parse('{"__proto__":{"name":"Mug"},"constructor":"x"}') as object;
    expect(read([hostile])).toEqual(['Column "products[0].name" is empty; write a value such as Anna.']);
    expect(nameFields(fields, hostile as Record<string, unknown>, 'ignore')).toEqual({});
    expect(Object.prototype).not.toHaveProperty('name');
  });
});

describe('an object', () => {
  it('is missing where none of its values is there', () => {
    const of = (value: unknown) => checkRecord({ address }, { address: value });
    expect(of({ city: ' ' })).toMatchObject({ ok: true, record: { address: undefined } });
    expect(of({ street: 'Ring 1' })).toMatchObject({ ok: false, issues: [{ field: 'address.city' }] });
    expect(of('{"city":"Wien"}')).toMatchObject({ ok: true, record: { address: { city: 'Wien' } } });
  });
});

describe('columns of a table', () => {
  it.each([
    ['product_1_name', 'product_2_name'],
    ['products[0].name', 'products[1].name'],
    ['products.0.name', 'products.1.name'],
    ['Product 01 Title', 'Product 7 Title'],
  ])('%s and %s are two items', async (first, second) => {
    expect(await recordsOf([`id,${first},${second}`, 'a,Mug,Cap'])).toMatchObject([
      { products: [{ name: 'Mug' }, { name: 'Cap' }] },
    ]);
  });

  it('may have gaps and empty groups', async () => {
    const header = 'id,product_1_name,product_1_price,product_3_name,product_3_price,product_4_name';
    expect(await recordsOf([header, 'a,Mug,12.50 EUR,Cap,9 USD,', 'b,,,Cap,9 USD,', 'c,,,,,'])).toMatchObject(
      [
        { products: [mug, { name: 'Cap', price: { amount: 9, currency: 'USD' } }] },
        { products: [{ name: 'Cap' }] },
        { products: [] },
      ],
    );
  });

  it('are named where a value is wrong', async () => {
    const { rows, input } = await readCsv(['id,product_1_name,product_2_Price', 'a,,dear']);
    expect(rows[0]?.check).toMatchObject({
      issues: [
        { field: 'products[2].name', column: 'products[2].name' },
        { field: 'products[2].price', column: 'product_2_Price' },
      ],
    });
    expect(input.mapping.columns.map(({ field, column }) => [column, field])).toEqual([
      ['product_1_name', 'products[1].name'],
      ['product_2_Price', 'products[2].price'],
    ]);
  });

  it('say how the numbers and days of all items are written', async () => {
    const header = 'id;product_1_name;product_1_price;product_2_name;product_2_price;product_1_bought';
    const lines = [header, 'a;Mug;1.234 EUR;Cap;12,50 EUR;03/04/2026', 'b;Mug;;;;25/04/2026'];
    expect(await recordsOf(lines)).toMatchObject([
      { products: [{ price: { amount: 1234 }, bought: '2026-04-03' }, { price: { amount: 12.5 } }] },
      {},
    ]);
    const cell = (items: unknown) => quoted(JSON.stringify(items));
    expect(
      await recordsOf([
        'id;products',
        `a;${cell([{ name: 'Mug', price: '1.234 EUR', bought: '03/04/2026' }])}`,
        `b;${cell([{ Title: 'Cap', price: '12,50 EUR', bought: '25/04/2026' }])}`,
      ]),
    ).toMatchObject([{ products: [{ price: { amount: 1234 }, bought: '2026-04-03' }] }, {}]);
  });

  it('that two columns fit, or that a required part lacks, are refused', async () => {
    await expect(readCsv(['id,product_1_name,product_01_name', 'a,Mug,Cap'])).rejects.toThrow(
      /products\[1\]\.name/,
    );
    await expect(readCsv(['id,product_1_price', 'a,1 EUR'])).rejects.toThrow(/"products\[\]\.name" \(Name\)/);
  });

  it('are chosen by the user too', async () => {
    const file = await writeTestFile('id,Artikel,address.city\na,Mug,Wien');
    const map = [{ column: 'Artikel', field: 'products[1].name' }];
    const input = await readRows(file, { fields, map });
    expect((await collect(input.rows()))[0]?.check).toMatchObject({
      record: { products: [{ name: 'Mug' }], address: { city: 'Wien' } },
    });
    const unknown = { fields, map: [{ column: 'Artikel', field: 'products.name' }] };
    await expect(readRows(file, unknown)).rejects.toThrow('no field "products.name"');
  });

  it('may be beside a column of JSON, or one with the number of items', async () => {
    const header = 'id,products,product_1_name';
    expect(
      await recordsOf([header, `a,${quoted('[{"name":"Mug"}]')},Cap`, 'b,,Cap', 'c,1,Cap']),
    ).toMatchObject([
      { products: [{ name: 'Mug' }] },
      { products: [{ name: 'Cap' }] },
      { products: [{ name: 'Cap' }] },
    ]);
  });

  it('of JSON that is broken fail their row only', async () => {
    expect(await recordsOf(['id,products', 'a,[{', 'b,Mug', `c,${quoted('[{"name":"Mug"}]')}`])).toEqual([
      expect.stringContaining('is not JSON'),
      expect.stringContaining('is not JSON'),
      expect.objectContaining({ products: [expect.objectContaining({ name: 'Mug' })] }),
    ]);
  });
});

const word = fc.stringMatching(/^[A-Za-z"\\,;' ]{0,8}[a-z]$/).map((each) => each.trim());
const item = fc.record(
  {
    name: word,
    price: fc.record({
      amount: fc.integer({ min: 0, max: 99_999 }).map((cents) => cents / 100),
      currency: fc.constantFrom('EUR', 'USD', 'CHF'),
    }),
    count: fc.integer({ min: 1, max: 9 }),
  },
  { requiredKeys: ['name'] },
);

describe('the same list', () => {
  it('is one record as columns, as JSON in a cell, in a JSON body and as a second table', async () => {
    const customers = fc.array(fc.array(item, { maxLength: 3 }), { minLength: 1, maxLength: 4 });
    const cellOf = (value: Money | string | number | undefined): string =>
      typeof value === 'object' ? `${value.amount} ${value.currency}` : String(value ?? '');
    const names = ['name', 'price', 'count'] as const;

    await fc.assert(
      fc.asyncProperty(customers, async (all) => {
        const wide = ['id', ...[1, 2, 3].flatMap((at) => names.map((name) => `product_${at}_${name}`))];
        const asColumns = await recordsOf([
          wide.join(','),
          ...all.map((items, row) =>
            [`c${row}`, ...[0, 1, 2].flatMap((at) => names.map((name) => cellOf(items[at]?.[name])))]
              .map(quoted)
              .join(','),
          ),
        ]);
        const asCells = await recordsOf([
          'id,products',
          ...all.map((items, row) => `c${row},${quoted(JSON.stringify(items))}`),
        ]);
        expect(asCells).toEqual(asColumns);

        const body = join(await makeTestFolder(), 'rows.csv');
        await writeBodyRows(
          body,
          all.map((items, row) => ({ id: `c${row}`, products: items })),
          { fields },
        );
        const rows = await collect((await readRows(body, { fields })).rows());
        expect(rows.map(({ check }) => (check.ok ? check.record : check.message))).toEqual(asColumns);

        const folder = await makeTestFolder();
        const csv = async (name: string, lines: readonly string[]) => ({
          ...{ name, file: await writeTestFile(lines.join('\n'), name) },
          dialect: { encoding: 'utf-8', backslashes: false, delimiter: ',', hinted: false } as const,
        });
        const flat = all.flatMap((items, row) => items.map((each, at) => ({ row, each, at })));
        const second = await csv('orders.csv', [
          ['customer', ...names].join(','),
          // In turns, as orders come.
          ...flat
            .toSorted((one, other) => one.at - other.at)
            .map(({ row, each }) =>
              [`c${row}`, ...names.map((name) => cellOf(each[name]))].map(quoted).join(','),
            ),
        ]);
        const main = await csv('customers.csv', ['id,note', ...all.map((_, row) => `c${row},x`)]);
        let files = 0;
        const { table } = await joinTables(
          main,
          [{ field: 'products', key: 'customer', table: second }],
          undefined,
          async (extension) => join(folder, `${(files += 1)}.${extension}`),
        );
        const joined = await collect((await readRows(table.file, { fields })).rows());
        expect(joined.map(({ check }) => (check.ok ? check.record : check.message))).toEqual(asColumns);
      }),
      { numRuns: 25 },
    );
  });
});
