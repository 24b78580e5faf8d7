import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../../client/api-client.ts';
import { personKey } from '../../../worker/core/suppression.ts';
import { serveDeployment, type ServedDeployment } from './server-bench.ts';

let served: ServedDeployment;
let headers: { readonly authorization: string };

beforeAll(async () => {
  served = await serveDeployment();
  headers = await served.keyed('conversions');
});
afterAll(() => served.close());

const at = '2024-11-24T09:30:00Z';
const renewed = (changes: Readonly<Record<string, unknown>> = {}) => ({
  customerId: `c-${randomUUID()}`,
  name: 'renewed',
  value: 49.9,
  currency: 'EUR',
  at,
  ...changes,
});

async function send(conversions: unknown, asked = headers) {
  const answer = await served.server.inject({
    method: 'POST',
    url: '/v1/conversions',
    headers: asked,
    payload: { conversions },
  });
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
}

async function keptOf(customerId: string) {
  const { conversions, hmac } = served.open.pipeline;
  return conversions.of({ person: personKey(hmac, customerId) });
}

describe('POST /v1/conversions', () => {
  it('keeps conversions of anyone, each once', async () => {
    const [first, second] = [renewed(), renewed({ value: undefined, currency: undefined })];
    expect(await send([first, second, first])).toEqual({
      status: 200,
      body: { accepted: 2, repeated: 1, known: null },
    });
    expect(await send([second])).toEqual({ status: 200, body: { accepted: 0, repeated: 1, known: null } });
    const offset = { ...first, at: '2024-11-24T10:30:00.000+01:00', customerId: ` ${first.customerId} ` };
    expect((await send([offset])).body).toEqual({ accepted: 0, repeated: 1, known: null });
    expect(await keptOf(first.customerId)).toMatchObject([
      { name: 'renewed', value: 49.9, currency: 'EUR', at: new Date(at) },
    ]);
  });

  it('says how many are of known customers, to keys that may list customers and to no others', async () => {
    const customerId = `c-${randomUUID()}`;
    const reading = await served.keyed('conversions', 'read');
    const list = [renewed({ customerId }), renewed({ customerId, at: '2024-11-25T09:30:00Z' }), renewed()];
    expect((await send(list, reading)).body).toEqual({ accepted: 3, repeated: 0, known: 0 });
    const render = await served.server.inject({
      method: 'POST',
      url: '/v1/renders',
      headers: await served.keyed('render'),
      payload: { template: 'frame-counter', record: { name: 'Zoë' }, customerId },
    });
    const { id } = render.json<{ id: string }>();
    const ofRender = renewed({ customerId: undefined, render: id });
    const again = await send([...list, ofRender], reading);
    // What is reported of the render is what was reported of its customer.
    expect(again.body).toEqual({ accepted: 0, repeated: 4, known: 3 });
    // One id among a thousand invented ones would show in the count.
    expect((await send([...list, ...Array.from({ length: 30 }, () => renewed())])).body['known']).toBeNull();
  });

  it('takes a key as what the conversion is, whatever else differs', async () => {
    const one = renewed({ key: randomUUID() });
    expect((await send([one])).body).toEqual({ accepted: 1, repeated: 0, known: null });
    expect((await send([{ ...one, value: 1_000 }])).body).toEqual({ accepted: 0, repeated: 1, known: null });
    expect((await send([{ ...one, key: randomUUID() }])).body).toEqual({
      accepted: 1,
      repeated: 0,
      known: null,
    });
    expect(await keptOf(one.customerId)).toHaveLength(2);
  });

  it('keeps one, however many send it at once', async () => {
    const list = Array.from({ length: 50 }, () => renewed());
    const answers = await Promise.all(
      [list, list.toReversed(), list, list.toReversed()].map((each) => send(each)),
    );
    const sum = (name: string) => answers.reduce((total, { body }) => total + Number(body[name]), 0);
    expect([sum('accepted'), sum('repeated')]).toEqual([50, 150]);
  });

  it('takes the person of a render, so that render and customer are one', async () => {
    const customerId = `c-${randomUUID()}`;
    const render = await served.server.inject({
      method: 'POST',
      url: '/v1/renders',
      headers: await served.keyed('render'),
      payload: { template: 'frame-counter', record: { name: 'Zoë' }, customerId },
    });
    const { id } = render.json<{ id: string }>();
    expect((await send([renewed({ customerId: undefined, render: id })])).body).toMatchObject({
      accepted: 1,
    });
    expect((await send([renewed({ customerId })])).body).toEqual({ accepted: 0, repeated: 1, known: null });
    expect(await keptOf(customerId)).toHaveLength(1);
  });

  it('keeps none of a list of which one is wrong, and points at it', async () => {
    const good = renewed();
    const day = 86_400_000;
    const later = (days: number) => new Date(Date.now() + days * day).toISOString();
    const refused = await send([
      good,
      renewed({ at: '1999-12-31T23:59:59Z' }),
      renewed({ at: later(1.1) }),
      renewed({ customerId: undefined, render: randomUUID() }),
    ]);
    expect(refused).toMatchObject({
      status: 400,
      body: {
        code: 'request-invalid',
        errors: [
          { pointer: '/conversions/1/at', message: 'Is before the year 2000.' },
          { pointer: '/conversions/2/at', message: 'Is more than a day in the future.' },
          { pointer: '/conversions/3/render', message: 'There is no such render.' },
        ],
      },
    });
    expect(await keptOf(good.customerId)).toEqual([]);
    expect((await send([renewed({ at: later(0.9) })])).status).toBe(200);
  });

  it.each([
    [{ name: 'has spaces' }, '/conversions/0/name'],
    [{ name: '' }, '/conversions/0/name'],
    [{ name: 'x'.repeat(65) }, '/conversions/0/name'],
    [{ name: '<script>' }, '/conversions/0/name'],
    [{ value: -1 }, '/conversions/0/value'],
    [{ value: 1e13 }, '/conversions/0/value'],
    [{ value: '49.90' }, '/conversions/0/value'],
    [{ currency: 'EURO' }, '/conversions/0/currency'],
    [{ currency: 'eur' }, '/conversions/0/currency'],
    [{ currency: 'XXQ' }, '/conversions/0/currency'],
    [{ currency: undefined }, '/conversions/0/currency'],
    [{ value: undefined }, '/conversions/0/currency'],
    [{ at: '24.11.2024' }, '/conversions/0/at'],
    [{ at: '2024-02-30T00:00:00Z' }, '/conversions/0/at'],
    [{ at: 1_796_023_761 }, '/conversions/0/at'],
    [{ at: undefined }, '/conversions/0/at'],
    [{ key: '' }, '/conversions/0/key'],
    [{ key: 'k'.repeat(201) }, '/conversions/0/key'],
    [{ customerId: '' }, '/conversions/0/customerId'],
    [{ customerId: undefined }, '/conversions/0'],
    [{ render: randomUUID() }, '/conversions/0'],
    [{ customerId: undefined, render: "'; drop table render; --" }, '/conversions/0/render'],
    [{ more: 1 }, '/conversions/0/more'],
  ])('refuses %j', async (changes, pointer) => {
    const { status, body } = await send([renewed(changes)]);
    expect([status, body]).toMatchObject([400, { code: 'request-invalid', errors: [{ pointer }] }]);
  });

  it('takes a thousand with the longest ids and keys, and no more and no fewer than one', async () => {
    const long = Array.from({ length: 1_000 }, (_, index) =>
      renewed({ customerId: `${'Ж'.repeat(490)}${index}`, key: `${'Ж'.repeat(190)}${index}` }),
    );
    expect(await send(long)).toEqual({ status: 200, body: { accepted: 1_000, repeated: 0, known: null } });
    expect((await send([...long, renewed()])).status).toBe(400);
    expect((await send([])).status).toBe(400);
    expect((await send('none')).status).toBe(400);
  });

  it('keeps text that could break a query as it is not: by its HMAC', async () => {
    const customerId = `'; drop table bespoke.render; -- ${randomUUID()}`;
    expect((await send([renewed({ customerId, key: `' or 1=1 ${customerId}` })])).status).toBe(200);
    expect(await keptOf(customerId)).toHaveLength(1);
    const found = await served.server.inject({
      method: 'POST',
      url: '/v1/conversions',
      headers: { ...headers, 'content-type': 'application/json' },
      payload: String.raw`{"conversions":[{"customerId":"a\u0000b","name":"renewed","at":"${at}"}]}`,
    });
    expect(found.statusCode).toBe(400);
  });

  it('needs the scope, which allows nothing else', async () => {
    for (const scope of ['render', 'read'] as const) {
      expect((await send([renewed()], await served.keyed(scope))).status).toBe(403);
    }
    expect((await send([renewed()], await served.keyed('admin'))).status).toBe(200);
    for (const url of ['/v1/renders', '/v1/keys', '/v1/campaigns']) {
      expect((await served.server.inject({ url, headers })).statusCode).toBe(403);
    }
  });

  it('exports and erases what a person did, and drops what comes later', async () => {
    const customerId = `Beeblebrox-${randomUUID()}`;
    const admin = await served.keyed('admin');
    const ask = async (url: string) =>
      (await served.server.inject({ method: 'POST', url, headers: admin, payload: { customerId } })).json<
        Record<string, unknown>
      >();
    const key = `order of ${customerId}`;
    await send([renewed({ customerId, key }), renewed({ customerId, name: 'called', key: undefined })]);
    const exported = await ask('/v1/people/export');
    expect(exported).toMatchObject({
      videos: [],
      conversions: expect.arrayContaining([
        expect.objectContaining({ name: 'renewed', value: 49.9, currency: 'EUR' }),
        expect.objectContaining({ name: 'called' }),
      ]) as unknown,
    });
    expect(await ask('/v1/people/erase')).toMatchObject({ barred: true, removed: { conversions: 2 } });
    expect((await send([renewed({ customerId, key })])).body).toEqual({
      accepted: 1,
      repeated: 0,
      known: null,
    });
    expect(await keptOf(customerId)).toEqual([]);
    expect(await ask('/v1/people/export')).toMatchObject({ conversions: [] });
  });

  it('is called by the typed client', async () => {
    const client = createClient({
      baseUrl: 'https://video.test',
      key: headers.authorization.replace('Bearer ', ''),
      fetch: async (url, init) => {
        const answer = await served.server.inject({
          method: 'POST',
          url: new URL(url instanceof Request ? url.url : url).pathname,
          headers: Object.fromEntries(new Headers(init?.headers)),
          payload: init?.body as string,
        });
        return new Response(answer.body, {
          status: answer.statusCode,
          headers: { 'content-type': 'application/json' },
        });
      },
    });
    expect(await client.addConversions([renewed()])).toEqual({ accepted: 1, repeated: 0, known: null });
  });
});
