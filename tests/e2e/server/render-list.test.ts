import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type RenderReport, renderSchema } from '../../../worker/campaigns/report-schema.ts';
import type { RunningWorker } from '../../../worker/compose.ts';
import { stubParts } from '../stub-parts.ts';
import { serveDeployment, type ServedDeployment } from './server-bench.ts';

const record = { name: 'Anna' };
const options = { template: 'frame-counter', quality: 'draft' } as const;
const order = { ...options, record };

let served: ServedDeployment;
let worker: RunningWorker;
let headers: Readonly<Record<string, string>>;

beforeAll(async () => {
  const exchangeParts = stubParts({ draw: () => Promise.resolve(), assemble: () => Promise.resolve() });
  served = await serveDeployment({}, { exchangeParts });
  headers = await served.keyed('render', 'read');
  worker = await served.open.startWorker();
});

afterAll(async () => {
  await worker.stop('abort');
  await served.close();
});

const call = (method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) =>
  served.server.inject({ method, url, headers, ...(payload && { payload }) });

async function placed(method: 'PUT', url: string, payload: object): Promise<RenderReport> {
  const answer = await call(method, url, payload);
  expect(answer.statusCode, answer.body).toBe(202);
  return renderSchema.parse(answer.json());
}

const find = async (id: string): Promise<RenderReport> =>
  renderSchema.parse((await call('GET', `/v1/renders/${id}`)).json());

async function done({ id }: RenderReport): Promise<RenderReport> {
  return vi.waitFor(
    async () => {
      const report = await find(id);
      expect(report.status.state).toBe('done');
      return report;
    },
    { timeout: 20_000, interval: 50 },
  );
}

const customer = (id: string): string => `/v1/renders/by-customer/spring/${id}`;

describe('GET /v1/renders', () => {
  const list = async (query: string) => {
    const answer = await call('GET', `/v1/renders?${query}`);
    expect(answer.statusCode, answer.body).toBe(200);
    return z.object({ renders: z.array(renderSchema), next: z.string().optional() }).parse(answer.json());
  };

  it('lists renders and rows, the newest orders first, page by page', async () => {
    const rows = [1, 2, 3].map((number) => ({
      customer_id: `s-${number}`,
      ...record,
      name: `Name ${number}`,
    }));
    const metadata = { mailing: 'search', 'a:b': 'c' };
    const answer = await call('POST', '/v1/campaigns', { ...options, rows, metadata });
    const campaign = z.looseObject({ id: z.string() }).parse(answer.json()).id;
    await vi.waitFor(
      async () => expect((await list(`campaign=${campaign}&status=done`)).renders).toHaveLength(3),
      { timeout: 20_000 },
    );
    const single = await done(
      await placed('PUT', customer('s-2'), { ...order, metadata: { mailing: 'other' } }),
    );

    const first = await list('limit=2');
    expect(first.renders.map(({ customerId }) => customerId)).toEqual(['s-2', 's-1']);
    const second = await list(`limit=2&cursor=${first.next}`);
    expect(second.renders.map(({ customerId }) => customerId)).toEqual(['s-2', 's-3']);
    expect((await list('customerId=s-2')).renders.map(({ id }) => id)).toEqual([
      single.id,
      second.renders[0]?.id,
    ]);
    const ids = async (query: string) => (await list(query)).renders.map(({ customerId }) => customerId);
    expect(await ids('customerId=s-2&linkKey=spring')).toEqual(['s-2']);
    expect(await ids('metadata=mailing:search')).toEqual(['s-1', 's-2', 's-3']);
    expect(await ids('metadata=mailing:search&metadata=mailing2:x')).toEqual([]);
    expect(await ids(`metadata=mailing:other&since=${new Date(0).toISOString()}`)).toEqual(['s-2']);
    expect(await ids(`metadata=mailing:other&before=${single.createdAt}`)).toEqual([]);
    expect(await ids(`campaign=${campaign}&status=failed,cancelled`)).toEqual([]);
    for (const query of ['status=ready', 'cursor=x', 'metadata=none', 'since=today', 'unknown=1']) {
      expect((await call('GET', `/v1/renders?${query}`)).statusCode, query).toBe(400);
    }
  });

  it('lists a single render before it is planned', async () => {
    await worker.stop('abort');
    const { id } = await placed('PUT', customer('s-9'), order);
    expect((await list('customerId=s-9')).renders.map((each) => [each.id, each.status.state])).toEqual([
      [id, 'queued'],
    ]);
    expect((await list('customerId=s-9&status=done')).renders).toEqual([]);
    worker = await served.open.startWorker();
    await done(await find(id));
    expect((await list('customerId=s-9&status=queued,rendering')).renders).toEqual([]);
  });
});
