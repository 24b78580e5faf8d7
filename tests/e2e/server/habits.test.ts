import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { renderSchema } from '../../../worker/campaigns/report-schema.ts';
import type { RunningWorker } from '../../../worker/compose.ts';
import { stubParts } from '../stub-parts.ts';
import { serveDeployment, type ServedDeployment } from './server-bench.ts';

let served: ServedDeployment;
let worker: RunningWorker | undefined;
let headers: Readonly<Record<string, string>>;
const order = { template: 'frame-counter', quality: 'draft', record: { name: 'Anna' } };

beforeAll(async () => {
  const exchangeParts = stubParts({ draw: () => Promise.resolve(), assemble: () => Promise.resolve() });
  served = await serveDeployment({ webhookOrigins: ['http://localhost:9'] }, { exchangeParts });
  headers = await served.keyed('admin', 'render', 'read');
});

afterAll(async () => {
  await worker?.stop('abort');
  await served.close();
});

const call = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object | Buffer,
  more: Readonly<Record<string, string>> = {},
) => served.server.inject({ method, url, headers: { ...headers, ...more }, ...(payload && { payload }) });

async function untilState(id: string, state: string): Promise<void> {
  await vi.waitFor(
    async () => {
      expect((await call('GET', `/v1/renders/${id}`)).json()).toMatchObject({ status: { state } });
    },
    { timeout: 20_000, interval: 50 },
  );
}

it('takes bodies as programs write them: null, empty texts, numbers as ids, names of headers', async () => {
  const body = {
    ...{ ...order, format: null, webhookUrl: '', path: null, customerId: 1093, metadata: { ticket: 17 } },
    record: { first_name: 'Anna', note: 'x' },
    unknownFields: 'ignore',
  };
  const answer = await call('POST', '/v1/renders', body);
  expect(answer.statusCode, answer.body).toBe(202);
  expect(answer.json()).toMatchObject({ customerId: '1093', metadata: { ticket: '17' } });
  const { unknownFields: _, ...strict } = body;
  const refused = await call('POST', '/v1/renders', strict);
  expect([refused.statusCode, refused.json()]).toMatchObject([
    422,
    { errors: [{ pointer: '/record/note' }] },
  ]);
  const rows = [{ customer_id: 'c-1', name: 'Bo' }];
  const campaign = await call('POST', '/v1/campaigns', {
    ...order,
    record: undefined,
    rows,
    idColumn: '',
    limit: null,
  });
  expect(campaign.statusCode, campaign.body).toBe(202);
});

it('takes packed bodies, up to the size that the route takes', async () => {
  const json = { 'content-type': 'application/json' };
  const packed = (text: string) =>
    call('POST', '/v1/renders', gzipSync(text), { ...json, 'content-encoding': 'gzip' });
  expect((await packed(JSON.stringify(order))).statusCode).toBe(202);
  const bomb = await packed(JSON.stringify({ ...order, record: { name: 'a'.repeat(50_000_000) } }));
  expect([bomb.statusCode, bomb.json()]).toMatchObject([413, { code: 'body-too-large' }]);
  const broken = await call('POST', '/v1/renders', Buffer.from('{}'), {
    ...json,
    'content-encoding': 'gzip',
  });
  expect([broken.statusCode, broken.json()]).toMatchObject([400, { code: 'request-invalid' }]);
  const other = await call('POST', '/v1/renders', Buffer.from('{}'), { ...json, 'content-encoding': 'br' });
  expect([other.statusCode, other.json()]).toMatchObject([415, { code: 'media-type-unsupported' }]);
});

it('takes several orders in one call, each separately, and none twice', async () => {
  const renders = [
    order,
    { ...order, record: {} },
    { ...order, template: 'none' },
    7,
    { ...order, customerId: 5 },
  ];
  const once = () => call('POST', '/v1/renders/batch', { renders }, { 'idempotency-key': 'several' });
  const answer = await once();
  expect(answer.statusCode, answer.body).toBe(202);
  expect(answer.json()).toMatchObject({
    renders: [
      { render: { status: { state: 'queued' } } },
      { error: { code: 'record-invalid', errors: [{ pointer: '/record/name' }] } },
      { error: { code: 'template-unknown' } },
      { error: { code: 'request-invalid' } },
      { render: { customerId: '5' } },
    ],
  });
  const page = z.object({ renders: z.array(z.looseObject({ render: renderSchema.optional() })) });
  const ids = (body: unknown) => page.parse(body).renders.map(({ render }) => render?.id);
  expect(ids((await once()).json())).toEqual(ids(answer.json()));
  expect((await call('POST', '/v1/renders/batch', { renders: [] })).statusCode).toBe(400);
  const many = { renders: Array.from({ length: 1_001 }, () => order) };
  expect((await call('POST', '/v1/renders/batch', many)).statusCode).toBe(400);
});

it('tries a cancelled or failed render again, also one row of a campaign', async () => {
  const { id } = renderSchema.parse((await call('POST', '/v1/renders', order)).json());
  await call('DELETE', `/v1/renders/${id}`);
  worker = await served.open.startWorker();
  // It has ended when its planning has found it cancelled.
  await vi.waitFor(
    async () => {
      const again = await call('POST', `/v1/renders/${id}/retry`);
      expect([again.statusCode, again.json()]).toMatchObject([202, { id }]);
    },
    { timeout: 20_000, interval: 50 },
  );
  const rows = [
    { customer_id: 'c-1', name: 'Nemo' },
    { customer_id: 'c-2', name: '' },
  ];
  const placed = await call('POST', '/v1/campaigns', { ...order, record: null, rows });
  const campaign = z.looseObject({ id: z.string() }).parse(placed.json()).id;
  await untilState(id, 'done');
  expect((await call('POST', `/v1/renders/${id}/retry`)).json()).toMatchObject({ status: { state: 'done' } });
  const ended = async () => {
    const answer = await call('GET', `/v1/campaigns/${campaign}`);
    expect(answer.json()).toMatchObject({ state: 'finished', rows: { failed: 2 } });
  };
  await vi.waitFor(ended, { timeout: 20_000 });
  const listed = await call('GET', `/v1/campaigns/${campaign}/rows`);
  const [first] = z.looseObject({ rows: z.array(renderSchema) }).parse(listed.json()).rows;
  const retried = await call('POST', `/v1/renders/${first?.id}/retry`);
  expect([retried.statusCode, retried.json()]).toMatchObject([202, { id: first?.id }]);
  await vi.waitFor(ended, { timeout: 20_000 });
  await untilState(first?.id ?? '', 'failed');
  expect((await call('POST', `/v1/renders/${crypto.randomUUID()}/retry`)).statusCode).toBe(404);
});

it('sends a webhook message again', async () => {
  worker ??= await served.open.startWorker();
  const hooked = { ...order, webhookUrl: 'http://localhost:9/hook' };
  const { id } = renderSchema.parse((await call('POST', '/v1/renders', hooked)).json());
  const page = z.object({
    deliveries: z.array(z.looseObject({ id: z.string(), attempts: z.number(), state: z.string() })),
  });
  const deliveries = async () =>
    page.parse((await call('GET', `/v1/webhooks/deliveries?order=${id}`)).json()).deliveries;
  const attempted = (count: number) =>
    vi.waitFor(async () => expect((await deliveries())[0]?.attempts).toBeGreaterThanOrEqual(count), {
      timeout: 20_000,
    });
  await attempted(1);
  const [delivery] = await deliveries();
  const before = delivery?.attempts ?? 0;
  const resent = await call('POST', `/v1/webhooks/deliveries/${delivery?.id}/resend`);
  expect([resent.statusCode, resent.json()]).toMatchObject([202, { id: delivery?.id, state: 'pending' }]);
  await attempted(before + 1);
  expect((await call('POST', '/v1/webhooks/deliveries/msg_none/resend')).statusCode).toBe(404);
});

it('survives packed bodies that nobody reads', async () => {
  const packed = { 'content-encoding': 'gzip' };
  for (const answer of [
    await call('GET', '/healthz', undefined, packed),
    await call('GET', '/v1/renders', Buffer.from('no gzip'), packed),
    await call('POST', '/v1/renders', Buffer.from('no gzip'), { ...packed, 'content-type': 'text/plain' }),
    await call('POST', '/v1/renders', Buffer.alloc(0), { ...packed, 'content-type': 'text/plain' }),
  ]) {
    expect(answer.statusCode).toBeLessThan(500);
  }
  expect((await call('GET', '/healthz')).statusCode).toBe(200);
});

it('shows no links of a customer to keys that may only order', async () => {
  worker ??= await served.open.startWorker();
  const linked = { ...order, linkKey: 'scopes', customerId: 'c-7' };
  const placed = renderSchema.parse((await call('POST', '/v1/renders', linked)).json());
  await untilState(placed.id, 'done');
  const only = await served.keyed('render');
  const asked = async (method: 'POST' | 'PUT' | 'PATCH', url: string, body: object) => {
    const once = { ...only, 'idempotency-key': `${method}:${url}` };
    const ordered = await call(method, url, body, once);
    expect(ordered.statusCode, ordered.body).toBe(202);
    const first = renderSchema.parse(ordered.json());
    await vi.waitFor(async () => {
      const state = renderSchema.parse((await call('GET', `/v1/renders/${first.id}`)).json()).status.state;
      expect(['done', 'skipped']).toContain(state);
    });
    return (await call(method, url, body, once)).json<{ links: object; customerId?: string }>();
  };
  for (const answer of [
    await asked('PATCH', `/v1/renders/${placed.id}`, { record: {} }),
    await asked('PUT', '/v1/renders/by-customer/scopes/c-7', order),
    await asked('POST', '/v1/renders', linked),
  ]) {
    expect(Object.keys(answer.links).sort()).toEqual(['events', 'self']);
    expect(answer.customerId).toBeUndefined();
  }
  const hooked = { record: {}, webhookUrl: 'http://localhost:9/hook' };
  const refused = await call('PATCH', `/v1/renders/${placed.id}`, hooked, only);
  expect([refused.statusCode, refused.json()]).toMatchObject([403, { code: 'key-forbidden' }]);
});
