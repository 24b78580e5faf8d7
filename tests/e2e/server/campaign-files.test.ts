import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { RunningWorker } from '../../../worker/compose.ts';
import { serveDeployment, type ServedDeployment } from './server-bench.ts';
import { type Field, uploadOf } from './upload-form.ts';

const campaign = z.object({ id: z.string(), state: z.string(), rows: z.record(z.string(), z.number()) });

let served: ServedDeployment;
let worker: RunningWorker;
let headers: { readonly authorization: string };

beforeAll(async () => {
  served = await serveDeployment();
  headers = await served.keyed('admin');
  worker = await served.open.startWorker();
});

afterAll(async () => {
  await worker.stop('abort');
  await served.close();
});

async function call(options: InjectOptions) {
  const answer = await served.server.inject({ ...options, headers: { ...options.headers, ...headers } });
  return { status: answer.statusCode, text: answer.body, json: (): unknown => answer.json() };
}

const upload = (file: Buffer, fields: readonly Field[], fileName?: string) =>
  call(uploadOf(file, fields, fileName === undefined ? {} : { fileName }));

const draft: readonly Field[] = [
  ['template', 'frame-counter'],
  ['quality', 'draft'],
];

const untilEnded = (id: string) =>
  vi.waitFor(
    async () => {
      const found = campaign.parse((await call({ url: `/v1/campaigns/${id}` })).json());
      expect(found.state).toBe('finished');
      return found;
    },
    { timeout: 120_000, interval: 100 },
  );

const uploadsLeft = async (): Promise<string[]> => {
  const all = await readdir(path.join(served.deployment.folder, 'store/scratch'), { recursive: true });
  return all.filter((name) => /\.(?:upload|csv)$/.test(name));
};

const containing = (text: string): unknown => expect.stringContaining(text) as unknown;

const samples = path.resolve(import.meta.dirname, '../../data/tables');

it('makes videos of a workbook, and gives its rows back as a CSV, without people who are erased', async () => {
  const workbook = await readFile(path.join(samples, 'titles-and-totals.xlsx'));
  const asked: readonly Field[] = [...draft, ['map', 'first_name=name']];
  const placed = await upload(workbook, asked, 'report.xlsx');
  expect(placed.json()).toMatchObject({
    rows: { total: 3 },
    input: { fileName: 'report.xlsx', format: 'xlsx', sheet: 'Report', headerRow: 4, skippedRows: 5 },
  });
  const { id } = campaign.parse(placed.json());
  expect((await untilEnded(id)).rows).toMatchObject({ done: 3 });
  const customer = { method: 'POST', url: '/v1/people/erase', payload: { customerId: 'c-2' } } as const;
  expect((await call(customer)).status).toBe(200);
  const { text } = await call({ url: `/v1/campaigns/${id}/results.csv` });
  expect(parse(text, { bom: true }).map((cells) => cells.slice(0, 5))).toEqual([
    ['customer_id', 'first_name', 'city', 'amount', 'bespoke_status'],
    ['c-1', 'Zoë', 'Wien', '10', 'done'],
    ['erased', '', '', '', 'skipped'],
    ['c-3', 'Bo', 'Linz', '30', 'done'],
  ]);
  expect(await uploadsLeft()).toEqual([]);
});

it('reads a file as its form says', async () => {
  const dry: readonly Field[] = [...draft, ['dryRun', 'true'], ['map', 'first_name=name']];
  const unclear = await readFile(path.join(samples, 'unclear.csv'));
  expect((await upload(unclear, dry)).json()).toMatchObject({
    status: 422,
    code: 'csv-encoding-unclear',
    detail: containing('2,Březina'),
  });
  expect((await upload(unclear, [...dry, ['encoding', 'CP1250']])).json()).toMatchObject({
    rows: { good: 2 },
    input: { encoding: 'windows-1250', encodingBy: 'option' },
  });
  const report = await readFile(path.join(samples, 'titles-and-totals.csv'));
  expect((await upload(report, [...dry, ['headerRow', '4'], ['skipFooter', '1']])).json()).toMatchObject({
    rows: { good: 2, bad: 1, erased: 1 },
    input: { headerRow: 4, skippedRows: 4 },
  });
  const sheets = await readFile(path.join(samples, 'excel-values.xlsx'));
  expect((await upload(sheets, [...dry, ['sheet', 'None']])).json()).toMatchObject({ code: 'table-sheet' });
  expect((await upload(report, [...dry, ['encoding', 'none'], ['headerRow', '0']])).json()).toMatchObject({
    status: 400,
    errors: [{ pointer: '/encoding' }, { pointer: '/headerRow' }],
  });
  expect(await uploadsLeft()).toEqual([]);
});
