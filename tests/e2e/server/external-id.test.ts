import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { renderSchema } from '../../../worker/campaigns/report-schema.ts';
import { webhookData } from '../../../worker/campaigns/report.ts';
import type { RunningWorker } from '../../../worker/compose.ts';
import { stubParts } from '../stub-parts.ts';
import { publicUrl, serveDeployment, type ServedDeployment } from './server-bench.ts';

const order = { template: 'frame-counter', quality: 'draft', record: { name: 'Anna' } };

let served: ServedDeployment;
let worker: RunningWorker;
let headers: Readonly<Record<string, string>>;

beforeAll(async () => {
  const exchangeParts = stubParts({ draw: () => Promise.resolve(), assemble: () => Promise.resolve() });
  served = await serveDeployment({}, { exchangeParts });
  headers = await served.keyed('admin', 'render', 'read');
  worker = await served.open.startWorker();
});

afterAll(async () => {
  await worker.stop('abort');
  await served.close();
});

const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH', url: string, payload?: object) =>
  served.server.inject({ method, url, headers, ...(payload && { payload }) });

const reportSchema = z.looseObject({ id: z.string(), externalId: z.string().optional() });
const read = async (url: string) => reportSchema.parse((await call('GET', url)).json());

async function place(method: 'POST' | 'PUT' | 'PATCH', url: string, payload: object) {
  const answer = await call(method, url, payload);
  expect(answer.statusCode, answer.body).toBe(202);
  return reportSchema.parse(answer.json());
}

const untilDone = (id: string): Promise<void> =>
  vi.waitFor(
    async () => {
      expect(await read(`/v1/renders/${id}`)).toMatchObject({ status: { state: 'done' } });
    },
    { timeout: 20_000, interval: 50 },
  );

async function hooked(id: string): Promise<unknown> {
  const { pipeline } = served.open;
  const campaign = await pipeline.campaigns.find(id);
  return campaign && webhookData(pipeline, campaign, { publicUrl, linkDays: 365 });
}

const listed = z.object({ renders: z.array(reportSchema) });
async function idsOf(query: string): Promise<readonly string[]> {
  const answer = await call('GET', `/v1/renders?${query}`);
  return listed.parse(answer.json()).renders.map(({ id }) => id);
}

it('comes back in every answer, row and webhook of an order', async () => {
  const render = await place('POST', '/v1/renders', { ...order, externalId: 1093, customerId: 'c-1' });
  expect(render).toMatchObject({ externalId: '1093', customerId: 'c-1' });
  expect(await hooked(render.id)).toMatchObject({ externalId: '1093', customerId: 'c-1' });
  await untilDone(render.id);
  expect(await read(`/v1/renders/${render.id}`)).toMatchObject({ externalId: '1093' });

  const batch = await call('POST', '/v1/renders/batch', {
    renders: [{ ...order, externalId: 'e-1' }, order],
  });
  expect(batch.json()).toMatchObject({ renders: [{ render: { externalId: 'e-1' } }, { render: {} }] });
  const linked = await place('PUT', '/v1/renders/by-customer/ids/c-2', { ...order, externalId: 'e-2' });
  expect(linked.externalId).toBe('e-2');

  const rows = [{ customer_id: 'c-3', name: 'Bo' }];
  const { record: _record, ...options } = order;
  const campaign = await place('POST', '/v1/campaigns', { ...options, rows, externalId: 'spring mailing' });
  expect(campaign.externalId).toBe('spring mailing');
  expect(await read(`/v1/campaigns/${campaign.id}`)).toMatchObject({ externalId: 'spring mailing' });
  expect(await hooked(campaign.id)).toMatchObject({ externalId: 'spring mailing' });
  const page = z.object({ rows: z.array(renderSchema) });
  const rowsOf = async () => page.parse((await call('GET', `/v1/campaigns/${campaign.id}/rows`)).json()).rows;
  await vi.waitFor(async () => expect(await rowsOf()).toHaveLength(1), { timeout: 20_000 });
  const [row] = await rowsOf();
  expect(row).toMatchObject({ externalId: 'spring mailing', customerId: 'c-3' });
  expect(await idsOf('externalId=spring%20mailing')).toEqual([row?.id]);
  expect(await idsOf('externalId=1093')).toEqual([render.id]);
  expect(await idsOf('externalId=none')).toEqual([]);
});

it('need not be unique, and stays in a change unless another one is named', async () => {
  const first = await place('POST', '/v1/renders', { ...order, externalId: 'twice' });
  const second = await place('POST', '/v1/renders', { ...order, externalId: 'twice' });
  expect(await idsOf('externalId=twice')).toEqual([second.id, first.id]);
  await untilDone(first.id);
  expect(await place('PATCH', `/v1/renders/${first.id}`, { record: { name: 'Cy' } })).toMatchObject({
    externalId: 'twice',
  });
  const change = { record: { name: 'Di' }, externalId: 'other' };
  expect(await place('PATCH', `/v1/renders/${first.id}`, change)).toMatchObject({ externalId: 'other' });
});

it('is text of a reasonable length', async () => {
  for (const externalId of ['x'.repeat(201), 'a\u0007b', ['a'], { a: 1 }]) {
    const answer = await call('POST', '/v1/renders', { ...order, externalId });
    expect([answer.statusCode, answer.json()]).toMatchObject([400, { errors: [{ pointer: '/externalId' }] }]);
  }
  for (const externalId of ['', null]) {
    expect((await place('POST', '/v1/renders', { ...order, externalId })).externalId).toBeUndefined();
  }
});

it('is exported with a person, and goes when they are erased', async () => {
  const render = await place('POST', '/v1/renders', { ...order, externalId: 'mine', customerId: 'c-9' });
  await untilDone(render.id);
  const exported = await call('POST', '/v1/people/export', { customerId: 'c-9' });
  expect(exported.json()).toMatchObject({ videos: [{ id: render.id, externalId: 'mine' }] });
  await call('POST', '/v1/people/erase', { customerId: 'c-9' });
  expect((await read(`/v1/renders/${render.id}`)).externalId).toBeUndefined();
  expect(await idsOf('externalId=mine')).toEqual([]);
  // Nothing is kept about someone who was erased.
  const later = await place('POST', '/v1/renders', { ...order, externalId: 'mine', customerId: 'c-9' });
  expect(later.externalId).toBeUndefined();
});
