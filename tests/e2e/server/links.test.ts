import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { registry } from '../../fixtures/shipped-templates.ts';
import {
  type RenderReport,
  linkReportSchema,
  renderSchema,
} from '../../../worker/campaigns/report-schema.ts';
import type { RunningWorker } from '../../../worker/compose.ts';
import { newGate, stubParts } from '../stub-parts.ts';
import { publicUrl, serveDeployment, type ServedDeployment } from './server-bench.ts';

const html = { accept: 'text/html,application/xhtml+xml' };
const record = { firstName: 'Anna', home: 'House', household: 4, monthlyBill: 148, currency: 'EUR' };
const order = { template: 'product-tour', quality: 'draft', record } as const;

let served: ServedDeployment;
let worker: RunningWorker;
let headers: Readonly<Record<string, string>>;
const gate = newGate();

beforeAll(async () => {
  const exchangeParts = stubParts({ draw: gate.pass, assemble: () => Promise.resolve() });
  served = await serveDeployment({}, { registry, exchangeParts });
  headers = await served.keyed('admin', 'render', 'read');
  worker = await served.open.startWorker();
});

afterAll(async () => {
  gate.open();
  await worker.stop('abort');
  await served.close();
});

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const call = (method: Method, url: string, payload?: object, more: Readonly<Record<string, string>> = {}) =>
  served.server.inject({
    method,
    url: url.replace(publicUrl, ''),
    headers: { ...headers, ...more },
    ...(payload && { payload }),
  });

/** What a person's browser or a program without a key gets. */
const visit = (url = '', more: Readonly<Record<string, string>> = {}) =>
  served.server.inject({ url: url.replace(publicUrl, ''), headers: more });

async function placed(method: Method, url: string, payload: object): Promise<RenderReport> {
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

const recordOf = async (id: string) => (await served.open.pipeline.renders.source(id))?.record;
const customer = (id: string) => `/v1/renders/by-customer/spring/${encodeURIComponent(id)}`;
const { record: _record, ...options } = order;

describe('PUT /v1/renders/by-customer', () => {
  it('orders a video, and replaces it behind the same link', async () => {
    const first = await done(await placed('PUT', customer('c 1/é'), order));
    expect(first).toMatchObject({ customerId: 'c 1/é', linkKey: 'spring' });
    const changed = { ...order, record: { ...record, firstName: 'Hanna' } };
    gate.close();
    const ordered = await placed('PUT', customer('c 1/é'), changed);
    await vi.waitFor(() => expect(gate.held()).toBeGreaterThan(0));
    expect((await visit(first.links.video)).statusCode).toBe(200);
    for (const { id } of [first, ordered]) expect((await find(id)).replacedBy).toBeUndefined();
    gate.open();
    const second = await done(ordered);
    const { self: _self, events: _events, ...links } = second.links;
    expect(first.links).toMatchObject(links);
    expect(await find(first.id)).toMatchObject({ replacedBy: second.id, content: second.content });
    for (const link of Object.values(links)) expect((await visit(link)).statusCode, link).toBe(200);
    expect((await visit(first.links.video)).headers['cache-control']).toBe('private, no-cache');
    const newest = await call('GET', customer('c 1/é'));
    expect(newest.json()).toMatchObject({ id: second.id });
    expect((await call('GET', customer('unknown'))).statusCode).toBe(404);
  });

  it('lets the newest of two orders win that are rendered at the same time', async () => {
    const first = await done(await placed('PUT', customer('c-2'), order));
    gate.close();
    const names = ['Bo', 'Cy', 'Di'];
    const orders = [];
    for (const firstName of names) {
      orders.push(await placed('PUT', customer('c-2'), { ...order, record: { ...record, firstName } }));
    }
    gate.open();
    const ended = await Promise.all(orders.map(done));
    const newest = await find(ended.at(-1)?.id ?? '');
    expect(newest.replacedBy).toBeUndefined();
    for (const { id } of ended.slice(0, -1)) expect(await find(id)).toMatchObject({ replacedBy: newest.id });
    expect(newest.links.page).toBe(first.links.page);
    expect(await recordOf(newest.id)).toMatchObject({ firstName: 'Di' });
  });

  it('checks the record and refuses fields that it does not know', async () => {
    const wrong = { ...order, record: { ...record, household: 'many' } };
    expect((await call('PUT', customer('c-3'), wrong)).statusCode).toBe(422);
    expect((await call('PUT', customer('c-3'), { ...order, customerId: 'c-4' })).statusCode).toBe(400);
    const alone = await call('POST', '/v1/renders', { ...order, linkKey: 'spring' });
    expect([alone.statusCode, alone.json()]).toMatchObject([400, { errors: [{ pointer: '/customerId' }] }]);
  });

  it('is skipped for a person who was erased, whose link is dead', async () => {
    const first = await done(await placed('PUT', customer('c-5'), order));
    gate.close();
    const second = await placed('PUT', customer('c-5'), { ...order, record: { ...record, household: 2 } });
    await vi.waitFor(() => expect(gate.held()).toBeGreaterThan(0));
    expect((await call('POST', '/v1/people/erase', { customerId: 'c-5' })).statusCode).toBe(200);
    gate.open();
    await vi.waitFor(async () => expect((await find(second.id)).status.state).toBe('skipped'));
    expect((await visit(first.links.page)).statusCode).toBe(404);
    for (const { id } of [first, second]) expect((await find(id)).customerId).toBeUndefined();
    const third = await placed('PUT', customer('c-5'), order);
    await vi.waitFor(async () => expect((await find(third.id)).status.state).toBe('skipped'));
    expect((await call('PATCH', `/v1/renders/${first.id}`, { record: {} })).statusCode).toBe(404);
  });
});

describe('PATCH /v1/renders/:id', () => {
  it('changes some values behind the link that a render had', async () => {
    const first = await done(await placed('POST', '/v1/renders', { ...order, metadata: { ticket: 'A-1' } }));
    const changed = await done(
      await placed('PATCH', `/v1/renders/${first.id}`, { record: { household: 2 } }),
    );
    expect(changed.links.page).toBe(first.links.page);
    expect(changed.metadata).toEqual({ ticket: 'A-1' });
    expect(await recordOf(changed.id)).toMatchObject({ ...record, household: 2 });
    const without = await placed('PATCH', `/v1/renders/${first.id}`, { record: { monthlyBill: null } });
    expect((await done(without)).links.page).toBe(first.links.page);
    expect(await recordOf(without.id)).toMatchObject({ firstName: 'Anna', household: 2 });
    expect((await recordOf(without.id))?.['monthlyBill']).toBeUndefined();
  });

  it('makes all changes that are ordered at the same time', async () => {
    const first = await done(await placed('PUT', customer('c-6'), order));
    gate.close();
    const changes = [{ firstName: 'Eva' }, { household: 3 }, { monthlyBill: 99 }, { currency: 'USD' }];
    await Promise.all(
      changes.map((change) => placed('PATCH', `/v1/renders/${first.id}`, { record: change })),
    );
    gate.open();
    const newest = renderSchema.parse((await call('GET', customer('c-6'))).json());
    await done(newest);
    expect(await recordOf(newest.id)).toMatchObject(Object.assign({}, ...changes) as object);
    expect((await find(first.id)).replacedBy).toBe(newest.id);
  });

  it('changes rows of campaigns, and refuses what has no record', async () => {
    const rows = [
      { customer_id: 'r-1', ...record },
      { customer_id: 'r-2', ...record, household: 'many' },
    ];
    const { id } = z
      .looseObject({ id: z.string() })
      .parse((await call('POST', '/v1/campaigns', { ...options, rows })).json());
    const listed = await vi.waitFor(
      async () => {
        const answer = await call('GET', `/v1/campaigns/${id}/rows`);
        const page = z.looseObject({ rows: z.array(renderSchema) }).parse(answer.json()).rows;
        expect(page.map(({ status }) => status.state)).toEqual(['done', 'failed']);
        return page;
      },
      { timeout: 20_000 },
    );
    const [good, bad] = listed;
    expect(good?.customerId).toBe('r-1');
    const changed = await placed('PATCH', `/v1/renders/${good?.id}`, { record: { firstName: 'Ida' } });
    expect(changed.customerId).toBe('r-1');
    expect((await done(changed)).links.page).toBe(good?.links.page);
    const refused = await call('PATCH', `/v1/renders/${bad?.id}`, { record: { household: 2 } });
    expect([refused.statusCode, refused.json()]).toMatchObject([409, { code: 'record-unknown' }]);
    const wrong = await call('PATCH', `/v1/renders/${good?.id}`, { record: { household: 'many' } });
    expect(wrong.statusCode).toBe(422);
    const unknown = await call('PATCH', `/v1/renders/${good?.id}`, { record: {}, template: 'other' });
    expect(unknown.statusCode).toBe(400);
    // The link of the campaign's row still shows what the change made.
    const links = await call('GET', `/v1/campaigns/${id}/links`);
    expect(links.json()).toMatchObject({
      links: [{ render: good?.id, replacedBy: changed.id, state: 'active' }],
    });
  });
});

describe('links', () => {
  it('are listed, withdrawn, renewed and ended, one by one', async () => {
    const { id, links, linksExpireAt } = await done(await placed('PUT', customer('l-1'), order));
    const at = `/v1/renders/${id}/links`;
    const shown = async () => linkReportSchema.parse((await call('GET', at)).json());
    expect(await shown()).toMatchObject({
      ...{ render: id, state: 'active', customerId: 'l-1', expiresAt: linksExpireAt },
      links: { page: links.page, video: links.video },
    });
    expect((await call('PATCH', at, { expiresAt: '2099-01-01T00:00:00+01:00' })).json()).toMatchObject({
      linksExpireAt: '2098-12-31T23:00:00.000Z',
    });
    for (const payload of [{ expiresInDays: 7 }, { expiresAt: 'soon' }]) {
      for (const method of ['POST', 'PATCH', 'DELETE'] as const) {
        expect((await call(method, at, payload)).statusCode, `${method} ${JSON.stringify(payload)}`).toBe(
          400,
        );
      }
    }
    expect((await visit(links.page)).statusCode).toBe(200);
    await call('PATCH', at, { expiresAt: '2020-01-01T00:00:00Z' });
    expect(await shown()).toMatchObject({ state: 'expired', links: {} });
    expect((await visit(links.page)).statusCode).toBe(404);
    await call('PATCH', at, { expiresAt: null });
    expect((await visit(links.page)).statusCode).toBe(200);
    expect((await call('DELETE', at)).statusCode).toBe(200);
    expect(await shown()).toEqual({ render: id, state: 'withdrawn', customerId: 'l-1', links: {} });
    const renewed = await call('POST', at, { expiresAt: '2099-01-01T00:00:00Z' });
    expect(renewed.json()).toMatchObject({ linksExpireAt: '2099-01-01T00:00:00.000Z' });
    expect(renderSchema.parse(renewed.json()).links.page).not.toBe(links.page);
    expect((await visit(links.page)).statusCode).toBe(404);
  });

  it('are listed, withdrawn, renewed and ended for a campaign', async () => {
    const rows = [1, 2, 3].map((number) => ({ customer_id: `k-${number}`, ...record, household: number }));
    const answer = await call('POST', '/v1/campaigns', { ...options, rows, linkKey: 'autumn' });
    const { id } = z.looseObject({ id: z.string() }).parse(answer.json());
    const at = `/v1/campaigns/${id}/links`;
    const page = z.object({ links: z.array(linkReportSchema), next: z.string().optional() });
    const listed = async (query = '') => page.parse((await call('GET', at + query)).json());
    await vi.waitFor(async () => expect((await listed()).links).toHaveLength(3), { timeout: 20_000 });
    const before = (await listed()).links;
    expect(before.map(({ row, customerId, state }) => [row, customerId, state])).toEqual([
      [1, 'k-1', 'active'],
      [2, 'k-2', 'active'],
      [3, 'k-3', 'active'],
    ]);
    const short = await listed('?limit=2');
    expect(short.links).toHaveLength(2);
    expect((await listed(`?limit=2&cursor=${short.next}`)).links.map(({ row }) => row)).toEqual([3]);
    await call('PATCH', at, { expiresAt: '2099-01-01T00:00:00Z' });
    expect((await listed()).links.every(({ expiresAt }) => expiresAt === '2099-01-01T00:00:00.000Z')).toBe(
      true,
    );
    expect((await call('DELETE', at)).statusCode).toBe(200);
    expect((await listed()).links.map(({ state }) => state)).toEqual(['withdrawn', 'withdrawn', 'withdrawn']);
    for (const { links } of before) expect((await visit(links.page)).statusCode).toBe(404);
    expect((await call('POST', at)).statusCode).toBe(200);
    for (const { links } of (await listed()).links) expect((await visit(links.page)).statusCode).toBe(200);
    expect((await call('DELETE', at, { all: true })).statusCode).toBe(400);
    expect((await call('GET', `/v1/campaigns/${crypto.randomUUID()}/links`)).statusCode).toBe(404);
    const nobody = await call('POST', '/v1/campaigns', { ...options, rows: [record], linkKey: 'autumn' });
    expect([nobody.statusCode, nobody.json()]).toMatchObject([422, { code: 'csv-columns' }]);
  });

  it('that have ended show people a page, and programs a problem', async () => {
    const { id, links } = await done(await placed('PUT', customer('l-2'), order));
    await call('DELETE', `/v1/renders/${id}/links`);
    for (const link of [links.page, links.video, links.poster, links.captions]) {
      const page = await visit(link, html);
      expect([page.statusCode, page.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
      expect(page.body).toContain('<h1>This film is not available</h1>');
    }
    const problem = await visit(links.video, { accept: 'image/avif,*/*' });
    expect([problem.statusCode, problem.json()]).toMatchObject([404, { code: 'link-unknown' }]);
  });

  it('that have ended are no guesses', async () => {
    const { id, links } = await done(await placed('PUT', customer('l-3'), order));
    await call('DELETE', `/v1/renders/${id}/links`);
    const open = (link: string) =>
      served.server.inject({ method: 'POST', url: '/viewer/session', payload: { link, carry: 'memory' } });
    for (let count = 0; count < 80; count += 1) {
      expect((await visit(count % 2 === 0 ? links.page : links.video)).statusCode).toBe(404);
      expect((await open(links.page?.split('/v/')[1] ?? '')).statusCode).toBe(404);
    }
  });

  it('work as programs for mail write them, with whatever they append', async () => {
    const { links } = await done(await placed('PUT', customer('l-4'), order));
    const { page = '', video = '' } = links;
    for (const mark of ['.', ')', ').', ',', '>', '%3E', '"', '%E2%80%9D', '%E2%80%A6', '/']) {
      const answer = await visit(`${page}${mark}`);
      expect([mark, answer.statusCode, answer.headers.location]).toEqual([mark, 302, new URL(page).pathname]);
      if (mark !== '/') expect((await visit(`${video}${mark}`)).statusCode, mark).toBe(200);
    }
    const tracked = '?utm_source=mail&utm_source=spring&mc_eid=1&embed=true&fbclid=';
    expect((await visit(`${page}${tracked}`)).statusCode).toBe(200);
    expect((await visit(`${page}.${tracked}`)).headers.location).toBe(new URL(page).pathname + tracked);
    expect((await visit(`${video}${tracked}`)).statusCode).toBe(200);
    const guess = await visit(`/v/${'x'.repeat(44)}.`);
    expect((await visit(guess.headers.location)).statusCode).toBe(404);
  });

  it('show nothing personal in previews unless the order says so', async () => {
    const neutral = await done(await placed('PUT', customer('l-5'), order));
    const { body } = await visit(neutral.links.page);
    expect(body).toContain('<meta property="og:title" content="');
    expect(body).toMatch(/<meta property="og:description" content="[^"]+">/);
    expect(body).not.toContain('og:image');
    expect(body).not.toContain('Anna');
    const personal = await done(await placed('PUT', customer('l-6'), { ...order, preview: 'personal' }));
    const { body: open } = await visit(personal.links.page);
    expect(open).toContain(`<meta property="og:image" content="${personal.links.poster}">`);
  });

  it('open a new session where another video is shown', async () => {
    const first = await done(await placed('PUT', customer('l-7'), order));
    const link = first.links.page?.split('/v/')[1];
    const session = z.looseObject({ id: z.string(), access: z.string() });
    const open = async () => {
      const payload = { link, carry: 'memory' };
      return session.parse(
        (await served.server.inject({ method: 'POST', url: '/viewer/session', payload })).json(),
      );
    };
    const before = await open();
    const read = ({ access }: { readonly access: string }) =>
      visit('/viewer/session', { authorization: `Bearer ${access}` });
    expect((await read(before)).statusCode).toBe(200);
    // An equal record changes nothing for the viewer.
    await done(await placed('PUT', customer('l-7'), order));
    expect((await read(before)).statusCode).toBe(200);
    expect((await open()).id).toBe(before.id);
    await done(await placed('PUT', customer('l-7'), { ...order, record: { ...record, household: 1 } }));
    const ended = await read(before);
    expect([ended.statusCode, ended.json()]).toMatchObject([401, { code: 'session-missing' }]);
    const after = await open();
    expect(after.id).not.toBe(before.id);
    expect((await read(after)).statusCode).toBe(200);
  });
});
