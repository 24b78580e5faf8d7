import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type RenderReport, renderSchema } from '../../../worker/campaigns/report-schema.ts';
import type { Namespace } from '../../../worker/core/ports.ts';
import { renderFiles } from '../../../worker/core/renders.ts';
import type { RunningWorker } from '../../../worker/compose.ts';
import { newGate, stubParts } from '../stub-parts.ts';
import { publicUrl, serveDeployment, type ServedDeployment } from './server-bench.ts';

const order = { template: 'frame-counter', quality: 'draft' } as const;

let served: ServedDeployment;
let worker: RunningWorker;
let headers: Readonly<Record<string, string>>;
const gate = newGate();

beforeAll(async () => {
  const exchangeParts = stubParts({ draw: gate.pass, assemble: () => Promise.resolve() });
  served = await serveDeployment({}, { exchangeParts });
  headers = await served.keyed('admin', 'render', 'read');
  worker = await served.open.startWorker();
});

afterAll(async () => {
  gate.open();
  await worker.stop('abort');
  await served.close();
});

const call = (
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  payload?: object,
  more: Readonly<Record<string, string>> = headers,
) => served.server.inject({ method, url, headers: more, ...(payload && { payload }) });

const visit = (url = '') =>
  served.server.inject({ url: url.replace(publicUrl, ''), headers: { accept: 'text/html' } });

const find = async (id: string): Promise<RenderReport> =>
  renderSchema.parse((await call('GET', `/v1/renders/${id}`)).json());

async function order1(name: string, more: object = {}): Promise<RenderReport> {
  const answer = await call('POST', '/v1/renders', { ...order, record: { name }, ...more });
  expect(answer.statusCode, answer.body).toBe(202);
  return renderSchema.parse(answer.json());
}

const until = (id: string, state: string): Promise<RenderReport> =>
  vi.waitFor(
    async () => {
      const report = await find(id);
      expect(report.status).toMatchObject({ state });
      if (report.status.state === 'done') expect(report.status.coming).toEqual([]);
      return report;
    },
    { timeout: 20_000, interval: 50 },
  );

/** Which files of a render, and of its clips, are in the store. */
async function filesOf(id: string): Promise<readonly string[]> {
  const { renders, store } = served.open.pipeline;
  const entry = await renders.find(id);
  const { video, poster, captions } = renderFiles(entry?.key ?? '');
  const files = [
    ...([
      ['videos', video],
      ['posters', poster],
      ['captions', captions],
      ['mixes', `${entry?.mix}.m4a`],
    ] as const),
    ...(entry?.path ?? []).map(({ clip }) => ['clips', `${clip}.mp4`] as const),
  ];
  const there = await Promise.all(files.map(([namespace, name]) => store.has(namespace, name)));
  return files.filter((_file, index) => there[index]).map(([namespace, name]) => `${namespace}/${name}`);
}

it('deletes a render with its files and links; clips that others use stay', async () => {
  const other = await until((await order1('Bo')).id, 'done');
  const others = await filesOf(other.id);
  const render = await until((await order1('Anna', { customerId: 'c-1', metadata: { a: 'b' } })).id, 'done');
  expect((await visit(render.links.page)).statusCode).toBe(200);
  const files = await filesOf(render.id);
  const own = files.filter((file) => !others.includes(file));
  const shared = files.filter((file) => others.includes(file));
  expect(own.length).toBeGreaterThanOrEqual(4);
  expect(shared.length).toBeGreaterThan(0);

  const answer = await call('DELETE', `/v1/renders/${render.id}`);
  expect([answer.statusCode, answer.json()]).toMatchObject([
    200,
    { status: { state: 'skipped', reason: 'deleted' }, customerId: 'c-1', metadata: { a: 'b' } },
  ]);
  const left = renderSchema.parse(answer.json());
  expect(Object.keys(left.links).toSorted()).toEqual(['events', 'self']);
  expect(left.endedAt).toBe(render.endedAt);
  const page = await visit(render.links.page);
  expect([page.statusCode, page.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
  expect(page.body).toContain('The link has expired, was withdrawn');
  for (const link of [render.links.video, render.links.poster]) {
    expect((await visit(link)).statusCode).toBe(404);
  }
  const there = (file: string): Promise<boolean> => {
    const [namespace, name] = file.split('/') as [Namespace, string];
    return served.open.pipeline.store.has(namespace, name);
  };
  for (const file of own) expect(await there(file), file).toBe(false);
  for (const file of shared) expect(await there(file), file).toBe(true);
  expect((await visit(other.links.video)).statusCode).toBe(200);

  const again = await call('DELETE', `/v1/renders/${render.id}`);
  expect([again.statusCode, again.json()]).toEqual([200, answer.json()]);
  for (const [method, url] of [
    ['POST', `/v1/renders/${render.id}/retry`],
    ['POST', `/v1/renders/${render.id}/links`],
    ['POST', `/v1/renders/${render.id}/cancel`],
  ] as const) {
    await call(method, url);
    expect((await find(render.id)).status).toEqual({ state: 'skipped', reason: 'deleted' });
    expect((await find(render.id)).links.page).toBeUndefined();
  }
  const listed = await call('GET', '/v1/renders?customerId=c-1&status=skipped');
  expect(listed.json()).toMatchObject({ renders: [{ id: render.id }] });
  expect((await call('DELETE', `/v1/renders/${crypto.randomUUID()}`)).statusCode).toBe(404);
  const reader = await served.keyed('read');
  expect((await call('DELETE', `/v1/renders/${other.id}`, undefined, reader)).statusCode).toBe(403);
});

it('ends the pass of a viewer who is watching, and the link that was shared', async () => {
  const render = await until((await order1('Cy')).id, 'done');
  const link = render.links.page?.split('/').at(-1) ?? '';
  const opened = await served.server.inject({
    method: 'POST',
    url: '/viewer/session',
    payload: { link, carry: 'memory' },
  });
  const { access } = z.looseObject({ access: z.string() }).parse(opened.json());
  const pass = { authorization: `Bearer ${access}` };
  const shared = z
    .looseObject({ url: z.string() })
    .parse((await call('POST', '/viewer/share', undefined, pass)).json());
  expect((await visit(shared.url)).statusCode).toBe(200);
  await call('DELETE', `/v1/renders/${render.id}`);
  expect((await call('GET', '/viewer/session', undefined, pass)).statusCode).toBe(401);
  expect((await visit(shared.url)).statusCode).toBe(404);
});

it('cancels one that has not ended, and keeps one that was cancelled; cancelling deletes nothing', async () => {
  gate.close();
  const open = await order1('Di');
  await vi.waitFor(() => expect(gate.held()).toBeGreaterThan(0));
  const answer = await call('DELETE', `/v1/renders/${open.id}`);
  expect(answer.json()).toMatchObject({ status: { state: 'cancelled' } });
  expect((await call('DELETE', `/v1/renders/${open.id}`)).json()).toMatchObject({
    status: { state: 'cancelled' },
  });
  gate.open();
  const done = await until((await order1('Ed')).id, 'done');
  const kept = await call('POST', `/v1/renders/${done.id}/cancel`);
  expect([kept.statusCode, kept.json()]).toMatchObject([200, { status: { state: 'done' } }]);
  expect((await visit(done.links.video)).statusCode).toBe(200);
});

it('deletes a row of a campaign, which says so in its counts and results', async () => {
  gate.close();
  const rows = [
    { customer_id: 'c-11', name: 'Fay' },
    { customer_id: 'c-12', name: 'Gus' },
    { customer_id: 'c-13', name: '' },
  ];
  const placed = await call('POST', '/v1/campaigns', { ...order, rows });
  const { id } = z.looseObject({ id: z.string() }).parse(placed.json());
  const listed = z.looseObject({ rows: z.array(renderSchema) });
  const rowsOf = async () => listed.parse((await call('GET', `/v1/campaigns/${id}/rows`)).json()).rows;
  await vi.waitFor(async () => expect(await rowsOf()).toHaveLength(3), { timeout: 20_000 });
  const [first, , third] = await rowsOf();
  const early = await call('DELETE', `/v1/renders/${first?.id}`);
  expect([early.statusCode, early.json()]).toMatchObject([409, { code: 'campaign-unfinished' }]);
  gate.open();
  await vi.waitFor(
    async () =>
      expect((await call('GET', `/v1/campaigns/${id}`)).json()).toMatchObject({ state: 'finished' }),
    { timeout: 20_000 },
  );
  for (const row of [first, third]) {
    const answer = await call('DELETE', `/v1/renders/${row?.id}`);
    expect(answer.json()).toMatchObject({
      status: { state: 'skipped', reason: 'deleted' },
      customerId: row?.customerId,
      campaign: { id, row: row?.campaign?.row },
    });
  }
  expect((await call('GET', `/v1/campaigns/${id}`)).json()).toMatchObject({
    state: 'finished',
    rows: { total: 3, done: 1, failed: 0, skipped: 2 },
  });
  const results = (await call('GET', `/v1/campaigns/${id}/results.csv`)).body.split('\r\n');
  expect(results[1]).toMatch(/^c-11,Fay,skipped,.*,deleted,false,$/);
  expect(results[2]).toMatch(/^c-12,Gus,done,.*,true,$/);
  expect((await call('POST', `/v1/campaigns/${id}/retry`)).json()).toMatchObject({ rows: 0 });
  // The person can still be found, and erased.
  const erased = await call('POST', '/v1/people/erase', { customerId: 'c-11' });
  expect(erased.json()).toMatchObject({ removed: { videos: 1, inputRows: 1 } });
  expect((await find(first?.id ?? '')).status).toEqual({ state: 'skipped', reason: 'erased' });
});
