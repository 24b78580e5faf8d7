import { createServer, type IncomingHttpHeaders, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { z } from 'zod';
import { renderSchema } from '../../../worker/campaigns/report-schema.ts';
import type { RunningWorker } from '../../../worker/compose.ts';
import { engineColumns, newDeployment } from '../deployment.ts';
import { resumeDeliveries } from '../../../worker/core/reconcile.ts';
import { countViewers } from '../../../worker/measurement/campaign-watching.ts';
import { newGate, stubParts } from '../stub-parts.ts';
import { ofPerson } from '../viewer-walk.ts';
import { publicUrl, serveAgain, type ServedDeployment } from './server-bench.ts';

const order = { template: 'frame-counter', quality: 'draft' } as const;

const message = z.object({
  type: z.string(),
  data: z.looseObject({ id: z.string(), status: z.looseObject({ state: z.string() }).optional() }),
});

interface Received extends z.infer<typeof message> {
  readonly path: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const textsOf = (headers: IncomingHttpHeaders): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

describe.each(engineColumns)('webhooks on %s', (column) => {
  let served: ServedDeployment;
  let worker: RunningWorker;
  let headers: Readonly<Record<string, string>>;
  let hooks: HttpServer;
  let origin: string;
  const received: Received[] = [];
  /** What the receiver answers, by path; 204 where nothing is said. */
  const answers = new Map<string, number>();
  const gate = newGate();

  beforeAll(async () => {
    hooks = createServer((request, response) => {
      void (async () => {
        const body = await text(request);
        const path = request.url ?? '';
        received.push({
          ...message.parse(JSON.parse(body)),
          ...{ path, body, headers: textsOf(request.headers) },
        });
        response.writeHead(answers.get(path) ?? 204).end();
      })();
    });
    await new Promise<void>((resolve) => hooks.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(hooks.address() as AddressInfo).port}`;
    const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };
    const webhookOrigins = [origin];
    const deployment = await newDeployment(column, servers, { webhookOrigins, publicUrl });
    const exchangeParts = stubParts({ draw: gate.pass, assemble: () => Promise.resolve() });
    served = await serveAgain(deployment, { webhookOrigins }, { exchangeParts });
    headers = await served.keyed('admin', 'render', 'read');
    worker = await served.open.startWorker();
  });

  afterAll(async () => {
    gate.open();
    await worker.stop('abort');
    await served.close();
    hooks.closeAllConnections();
    await new Promise((resolve) => hooks.close(resolve));
  });

  const call = (
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    payload?: object,
    more: Readonly<Record<string, string>> = headers,
  ) => served.server.inject({ method, url, headers: more, ...(payload && { payload }) });

  const at = (path: string): readonly Received[] => received.filter((each) => each.path === path);
  const until = (path: string, count: number): Promise<readonly Received[]> =>
    vi.waitFor(
      () => {
        expect(at(path)).toHaveLength(count);
        return at(path);
      },
      { timeout: 25_000, interval: 50 },
    );

  const created = z.looseObject({ id: z.string(), secret: z.string() });
  async function addEndpoint(path: string, more: object = {}) {
    const answer = await call('POST', '/v1/webhooks/endpoints', { url: `${origin}${path}`, ...more });
    expect(answer.statusCode, answer.body).toBe(201);
    expect(answer.headers['cache-control']).toBe('no-store');
    return created.parse(answer.json());
  }

  async function render(name: string, more: object = {}): Promise<string> {
    const answer = await call('POST', '/v1/renders', { ...order, record: { name }, ...more });
    expect(answer.statusCode, answer.body).toBe(202);
    return renderSchema.parse(answer.json()).id;
  }

  const verifies = (secret: string, { body, headers: sent }: Received): boolean => {
    try {
      new Webhook(secret).verify(body, sent);
      return true;
    } catch {
      return false;
    }
  };

  const deliveries = z.object({
    deliveries: z.array(
      z.looseObject({
        ...{ id: z.string(), order: z.string(), event: z.string(), state: z.string() },
        ...{ render: z.string().optional(), endpoint: z.string().optional() },
        ...{ lastAnswer: z.string().optional() },
      }),
    ),
  });
  const deliveriesOf = async (id: string) =>
    deliveries.parse((await call('GET', `/v1/webhooks/deliveries?order=${id}`)).json()).deliveries;

  it('report what viewers do in a campaign that asks for it, once, with ids and nothing else of them', async () => {
    const rows = [{ customer_id: 'c-9', name: 'Zaphodine' }];
    const body = { ...order, rows, externalId: 'spring', metadata: { a: 'b' }, viewerEvents: true };
    const endpoint = await addEndpoint('/seen', { events: ['viewer.event'] });
    const placed = await call('POST', '/v1/campaigns', { ...body, webhookUrl: `${origin}/viewers` });
    expect(placed.statusCode, placed.body).toBe(202);
    const { id } = z.looseObject({ id: z.string() }).parse(placed.json());
    await until('/viewers', 1);
    const listed = z.object({ rows: z.array(renderSchema) });
    const [row] = listed.parse((await call('GET', `/v1/campaigns/${id}/rows`)).json()).rows;
    const link = row?.links.page?.split('/v/')[1] ?? '';
    const opened = await call('POST', '/viewer/session', { link, carry: 'memory' }, ofPerson);
    const { access } = z.looseObject({ access: z.string() }).parse(opened.json());
    const pass = { ...ofPerson, authorization: `Bearer ${access}` };
    const report = async (page: string, ...events: readonly object[]) => {
      const all = events.map((event, seq) => ({ seq, ms: 1_000 * seq, ...event }));
      const sent = { page, ms: 20_000, device: 'phone', automated: false, events: all };
      expect((await call('POST', '/viewer/reports', sent, pass)).statusCode).toBe(200);
      await countViewers(served.open.pipeline);
      await resumeDeliveries(served.open.pipeline, 'due');
    };
    const page = 'page-of-a-person-1';
    // Nothing is reported of pages that nobody touched.
    await report('page-of-a-scanner-1', { type: 'opened' });
    await report(page, { type: 'opened' });
    await report(page, { type: 'opened' }, { type: 'interacted' }, { type: 'started', resumed: false });
    const [, first] = await until('/viewers', 2);
    const typesOf = (each: Received | undefined) =>
      z
        .array(z.looseObject({ type: z.string() }))
        .parse(each?.data['events'])
        .map(({ type }) => type);
    expect(first?.type).toBe('viewer.event');
    expect(typesOf(first)).toEqual(['opened', 'interacted', 'started']);
    expect(first?.data).toMatchObject({
      ...{ id: row?.id, campaign: { id }, by: 'owner', customerId: 'c-9', externalId: 'spring' },
      metadata: { a: 'b' },
    });
    expect(first?.body).not.toContain('Zaphodine');
    const [seen] = await until('/seen', 1);
    expect(seen !== undefined && verifies(endpoint.secret, seen)).toBe(true);
    // The same again is nothing new.
    await report(page, { type: 'opened' }, { type: 'interacted' }, { type: 'started', resumed: false });
    await report(page, ...[0, 1, 2].map((seq) => ({ seq, type: 'opened' })), {
      seq: 3,
      type: 'captions',
      on: true,
    });
    const all = await until('/viewers', 3);
    expect(typesOf(all[2])).toEqual(['captions']);
    expect((await call('DELETE', `/v1/webhooks/endpoints/${endpoint.id}`)).statusCode).toBe(204);
  });

  it('report each row of a campaign that asks for it, with its ids and links, once', async () => {
    const rows = [
      { customer_id: 'c-1', name: 'Anna' },
      { customer_id: 'c-2', name: 'Bo' },
      { customer_id: 'c-3', name: '' },
    ];
    const body = { ...order, rows, externalId: 'spring', metadata: { a: 'b' } };
    const hooked = { ...body, webhookUrl: `${origin}/rows`, rowEvents: true };
    const placed = await call('POST', '/v1/campaigns', hooked);
    expect(placed.statusCode, placed.body).toBe(202);
    const { id } = z.looseObject({ id: z.string() }).parse(placed.json());
    const sent = await until('/rows', 4);
    const types = sent.map(({ type }) => type).toSorted();
    expect(types).toEqual(['campaign.finished', 'render.done', 'render.done', 'render.failed']);
    const listed = z.object({ rows: z.array(renderSchema) });
    const reported = listed.parse((await call('GET', `/v1/campaigns/${id}/rows`)).json()).rows;
    for (const row of reported) {
      const own = sent.find(({ data }) => data.id === row.id);
      const { self: _self, events: _events, ...files } = row.links;
      expect(own?.data).toMatchObject({
        customerId: row.customerId,
        externalId: 'spring',
        metadata: { a: 'b' },
        campaign: { id, row: row.campaign?.row },
        status: { state: row.status.state },
      });
      if (row.status.state === 'done') {
        expect(own?.data).toMatchObject({ links: files });
        expect(files.page).toBeDefined();
        const video = await served.server.inject({ url: String(files.video).replace(publicUrl, '') });
        expect(video.statusCode).toBe(200);
      } else expect(own?.data).not.toHaveProperty('links');
      // No words: they may repeat what the record held.
      expect(own?.body).not.toMatch(/Anna|message/);
      const [delivery, ...others] = await deliveriesOf(row.id);
      expect(others).toEqual([]);
      await vi.waitFor(async () =>
        expect((await deliveriesOf(row.id))[0]).toMatchObject({ order: id, state: 'delivered' }),
      );
      expect(delivery?.id).toBe(own?.headers['webhook-id']);
    }
    // Without asking, only the end is reported.
    await call('POST', '/v1/campaigns', { ...body, webhookUrl: `${origin}/end` });
    await until('/end', 1);
    expect(at('/end')[0]?.type).toBe('campaign.finished');
    expect(at('/rows')).toHaveLength(4);
  });

  it('about rows are sent again until they are accepted, each by itself', async () => {
    answers.set('/busy', 503);
    const rows = [{ customer_id: 'c-1', name: 'Cy' }];
    const placed = await call('POST', '/v1/campaigns', {
      ...{ ...order, rows, webhookUrl: `${origin}/busy`, rowEvents: true },
    });
    const { id } = z.looseObject({ id: z.string() }).parse(placed.json());
    await until('/busy', 2);
    answers.delete('/busy');
    const again = await until('/busy', 4);
    const ids = again.map((each) => each.headers['webhook-id']);
    expect(new Set(ids).size).toBe(2);
    await vi.waitFor(async () => {
      for (const { state } of await deliveriesOf(id)) expect(state).toBe('delivered');
    });
  });

  it('say that a row was deleted where it was, before they arrived', async () => {
    answers.set('/late', 503);
    const rows = [{ customer_id: 'c-1', name: 'Di' }];
    const placed = await call('POST', '/v1/campaigns', {
      ...{ ...order, rows, webhookUrl: `${origin}/late`, rowEvents: true },
    });
    const { id } = z.looseObject({ id: z.string() }).parse(placed.json());
    await until('/late', 2);
    const row = (await deliveriesOf(id)).find((each) => each.render !== undefined)?.render ?? '';
    await call('DELETE', `/v1/renders/${row}`);
    answers.delete('/late');
    await until('/late', 4);
    const last = at('/late').filter(({ data }) => data.id === row);
    expect(last.at(-1)).toMatchObject({
      type: 'render.done',
      data: { customerId: 'c-1', status: { state: 'skipped', reason: 'deleted' } },
    });
    expect(last.at(-1)?.data).not.toHaveProperty('links');
  });

  it('go to endpoints with a secret of their own; during a rotation either secret verifies', async () => {
    const one = await addEndpoint('/one?token=hidden', { description: 'CRM', events: ['render.done'] });
    const two = await addEndpoint('/two');
    expect(one.secret).not.toBe(two.secret);
    const listed = await call('GET', '/v1/webhooks/endpoints');
    expect(listed.body).not.toMatch(/whsec_|hidden/);
    expect(listed.json()).toMatchObject({
      endpoints: [
        { id: one.id, url: `${origin}/one`, description: 'CRM', events: ['render.done'] },
        {
          id: two.id,
          events: ['render.done', 'render.failed', 'render.cancelled', 'campaign.finished', 'viewer.event'],
        },
      ],
    });
    await render('Ed', { webhookUrl: `${origin}/own`, externalId: 'x-1' });
    const [first] = await until('/one?token=hidden', 1);
    const [second] = await until('/two', 1);
    const [own] = await until('/own', 1);
    if (first === undefined || second === undefined || own === undefined) throw new Error('Nothing came.');
    expect(first.data).toMatchObject({ externalId: 'x-1', status: { state: 'done' } });
    const deployment = z
      .object({ secret: z.string() })
      .parse((await call('GET', '/v1/webhooks/secret')).json()).secret;
    const matrix = [first, second, own].map((each) =>
      [one.secret, two.secret, deployment].map((secret) => verifies(secret, each)),
    );
    expect(matrix).toEqual([
      [true, false, false],
      [false, true, false],
      [false, false, true],
    ]);
    expect(new Set([first, second, own].map((each) => each.headers['webhook-id'])).size).toBe(3);

    const rotated = await call('POST', `/v1/webhooks/endpoints/${two.id}/rotate`);
    expect(rotated.statusCode, rotated.body).toBe(200);
    const fresh = created.extend({ previousSecretUntil: z.iso.datetime() }).parse(rotated.json());
    const hours = (Date.parse(fresh.previousSecretUntil) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23.9);
    expect(hours).toBeLessThanOrEqual(24);
    await render('Fay');
    const during = (await until('/two', 2)).at(-1);
    if (during === undefined) throw new Error('Nothing came.');
    expect(during.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    expect([verifies(two.secret, during), verifies(fresh.secret, during)]).toEqual([true, true]);

    const again = await call('POST', `/v1/webhooks/endpoints/${two.id}/rotate`, { overlapHours: 0 });
    const last = created.parse(again.json());
    expect(again.json()).not.toHaveProperty('previousSecretUntil');
    await render('Gus');
    const after = (await until('/two', 3)).at(-1);
    if (after === undefined) throw new Error('Nothing came.');
    expect([two.secret, fresh.secret, last.secret].map((secret) => verifies(secret, after))).toEqual([
      false,
      false,
      true,
    ]);
    await until('/one?token=hidden', 3);

    for (const { id } of [one, two]) {
      expect((await call('DELETE', `/v1/webhooks/endpoints/${id}`)).statusCode).toBe(204);
      expect((await call('DELETE', `/v1/webhooks/endpoints/${id}`)).statusCode).toBe(404);
    }
    await render('Hal', { webhookUrl: `${origin}/own` });
    await until('/own', 2);
    expect([at('/one?token=hidden').length, at('/two').length]).toEqual([3, 3]);
  });

  it('to an endpoint that was deleted are given up', async () => {
    answers.set('/gone', 500);
    const { id } = await addEndpoint('/gone');
    const order1 = await render('Ida');
    await until('/gone', 1);
    await call('DELETE', `/v1/webhooks/endpoints/${id}`);
    await vi.waitFor(
      async () =>
        expect(await deliveriesOf(order1)).toMatchObject([
          { endpoint: id, state: 'failed', lastAnswer: 'its endpoint was deleted' },
        ]),
      { timeout: 20_000 },
    );
    expect(at('/gone')).toHaveLength(1);
  });

  it('have endpoints that only an administrator sees and changes, and no private address', async () => {
    for (const scopes of [['render'], ['read'], ['render', 'read']] as const) {
      const key = await served.keyed(...scopes);
      for (const [method, url] of [
        ['POST', '/v1/webhooks/endpoints'],
        ['GET', '/v1/webhooks/endpoints'],
        ['POST', '/v1/webhooks/endpoints/whe_1/rotate'],
        ['DELETE', '/v1/webhooks/endpoints/whe_1'],
      ] as const) {
        expect((await call(method, url, undefined, key)).statusCode).toBe(403);
      }
    }
    for (const url of [
      'http://example.com/',
      'https://10.0.0.1/',
      'https://localhost/',
      'https://a:b@example.com/',
    ]) {
      const refused = await call('POST', '/v1/webhooks/endpoints', { url });
      expect([refused.statusCode, refused.json()], url).toMatchObject([
        422,
        { code: 'webhook-target-refused', errors: [{ pointer: '/url' }] },
      ]);
    }
    for (const body of [{}, { url: 'ftp://example.com' }, { url: `${origin}/`, events: [] }, { url: 7 }]) {
      expect((await call('POST', '/v1/webhooks/endpoints', body)).statusCode).toBe(400);
    }
    expect((await call('POST', '/v1/webhooks/endpoints/whe_none/rotate', {})).statusCode).toBe(404);
    const { id } = await addEndpoint('/hours');
    for (const overlapHours of [-1, 169, 'soon']) {
      const answer = await call('POST', `/v1/webhooks/endpoints/${id}/rotate`, { overlapHours });
      expect(answer.statusCode).toBe(400);
    }
    for (let count = 1; count < 20; count += 1) await addEndpoint(`/many-${count}`);
    const full = await call('POST', '/v1/webhooks/endpoints', { url: `${origin}/more` });
    expect([full.statusCode, full.json()]).toMatchObject([409, { code: 'endpoints-full' }]);
    const all = z
      .object({ endpoints: z.array(z.looseObject({ id: z.string() })) })
      .parse((await call('GET', '/v1/webhooks/endpoints')).json()).endpoints;
    for (const each of all) await call('DELETE', `/v1/webhooks/endpoints/${each.id}`);
  });

  it('about rows need the right to read where links of customers may be older', async () => {
    const key = await served.keyed('render');
    const rows = [{ customer_id: 'c-1', name: 'Jo' }];
    const hooked = { ...order, rows, webhookUrl: `${origin}/scope`, linkKey: 'k' };
    const refused = await call('POST', '/v1/campaigns', { ...hooked, rowEvents: true }, key);
    expect([refused.statusCode, refused.json()]).toMatchObject([403, { code: 'key-forbidden' }]);
    expect((await call('POST', '/v1/campaigns', hooked, key)).statusCode).toBe(202);
  });
});
