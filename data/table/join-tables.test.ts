import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRows } from '../csv/read-rows.ts';
import { collect, makeTestFolder, writeTestFile } from '../csv/test-file.ts';
import { text } from '../fields.ts';
import { list } from '../nested-fields.ts';
import { joinTables } from './join-tables.ts';
import { sortRows } from './sort-rows.ts';

const dialect = { encoding: 'utf-8', backslashes: false, delimiter: ',', hinted: false } as const;
const fields = {
  orders: list({
    label: 'Orders',
    max: 9,
    fields: { what: text({ label: 'What', personal: false }) },
  }),
};

async function joinFiles(customers: string, orders: string, key = 'customer') {
  const folder = await makeTestFolder();
  let files = 0;
  const scratch = async (extension: string) => join(folder, `${(files += 1)}.${extension}`);
  const table = async (name: string, content: string) => ({
    ...{ name, dialect, file: await writeTestFile(content, name) },
  });
  const joins = [{ field: 'orders', key, table: await table('orders.csv', orders) }];
  const joined = await joinTables(await table('customers.csv', customers), joins, undefined, scratch);
  const input = await readRows(joined.table.file, { fields, dialect: joined.table.dialect });
  const rows = await collect(input.rows());
  return {
    reports: joined.reports,
    rows,
    orders: rows.map(({ check }) =>
      check.ok ? (check.record['orders'] as { what: string }[]).map(({ what }) => what) : check.message,
    ),
    left: await readdir(folder),
  };
}

it('gives customers the rows with their id, in the order of the file, and counts all others', async () => {
  const orders = 'customer,what\n c2 ,Cap\nc1,Mug\nc9,Hat\n,Tie\nc2,Pen\n1,Zero';
  const { orders: found, reports, left } = await joinFiles('id\nc1\nc2\nc3\n001', orders);
  expect(found).toEqual([['Mug'], ['Cap', 'Pen'], [], []]);
  expect(reports).toEqual([
    ...[{ field: 'orders', name: 'orders.csv', joined: 3, customers: 2, strangers: 3, zeros: 1 }].map(
      (report) => ({ ...report, firstStranger: 4 }),
    ),
  ]);
  expect(left).toHaveLength(1);
});

it('gives them to the first of several rows with one id, and the later ones fail as always', async () => {
  const { orders } = await joinFiles('id\nc1\nc1', 'customer,what\nc1,Mug');
  expect(orders).toEqual([['Mug'], expect.stringContaining('the id of row 1')]);
});

it('leaves lists empty where the second table has no rows, and says which column is missing', async () => {
  expect((await joinFiles('id\nc1', 'customer,what\n')).orders).toEqual([[]]);
  await expect(joinFiles('id\nc1', 'customer,what\nc1,Mug', 'kunde')).rejects.toThrow('no column "kunde"');
  await expect(joinFiles('name\nAnna', 'customer,what\nc1,Mug')).rejects.toThrow('with --id');
  await expect(joinFiles('id,Orders\nc1,3', 'customer,what\nc1,Mug')).rejects.toThrow('has "Orders" already');
});

it('still finds rows with too few or too many cells', async () => {
  const { orders } = await joinFiles('id,a,b\nc1,1\nc2,1,2,3', 'customer,what\nc1,Mug\nc2,Cap');
  expect(orders).toEqual([expect.stringContaining('cells'), expect.stringContaining('cells')]);
});

it('carries quotes, backslashes and names of prototypes through', async () => {
  const orders = 'customer,what,__proto__,constructor\nc1,"a \\ ""b"" \\""",x,y';
  expect((await joinFiles('id\nc1', orders)).orders).toEqual([['a \\ "b" \\"']]);
});

it('sorts on disk what is too much for memory, and removes it', async () => {
  const folder = await makeTestFolder();
  let files = 0;
  const numbers = Array.from({ length: 500 }, (_, at) => (at * 7919) % 50);
  async function* rows() {
    for (const [at, number] of numbers.entries()) yield { number, cells: [String(at)] };
  }
  const sorted = await collect(
    sortRows(rows(), async (extension) => join(folder, `${(files += 1)}.${extension}`), 2_000),
  );
  expect(files).toBeGreaterThan(10);
  const wanted = [...numbers.entries()].toSorted(([, a], [, b]) => a - b);
  expect(sorted.map(({ cells }) => Number(cells[0]))).toEqual(wanted.map(([at]) => at));
  expect(await readdir(folder)).toEqual([]);
});
