import { expect, it } from 'vitest';
import { BespokeError } from '../errors/bespoke-error.ts';
import { createClient, type Client } from './api-client.ts';
import { type Answer, startTestServer } from './test-server.ts';

const json = { 'content-type': 'application/json' };
const whole =
  (body: object, status = 200, headers: Readonly<Record<string, string>> = json): Answer =>
  (response) =>
    response.writeHead(status, headers).end(JSON.stringify(body));
const page =
  (status: number): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'text/html' }).end('<html>Please sign in</html>');

/** Answers of which only a part arrives. */
const broken: Readonly<Record<string, (status: number, type: string) => Answer>> = {
  'with a length': (status, type) => (response) => {
    response.writeHead(status, { 'content-type': type, 'content-length': 1000 }).write('{"keys":');
    setTimeout(() => response.destroy(), 20);
  },
  'in chunks': (status, type) => (response) => {
    response.writeHead(status, { 'content-type': type }).write('{"keys":');
    setTimeout(() => response.destroy(), 20);
  },
  'cut by a proxy': (status, type) => (response) => {
    response.writeHead(status, { 'content-type': type, connection: 'close' }).end('{"keys":');
  },
};

const render = {
  id: '3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10',
  template: 'any',
  format: '16:9',
  quality: 'draft',
  status: { state: 'queued' },
  links: { self: 'https://a.example/a', events: 'https://a.example/b' },
  metadata: {},
  createdAt: '2026-11-24T09:30:00.000Z',
};
const order = { template: 'any', record: {} };

/** Each way in which the client reads a body, with a good answer. */
const calls: Readonly<Record<string, readonly [(client: Client) => Promise<unknown>, object]>> = {
  'a list': [(client) => client.listKeys(), { keys: [] }],
  'an order with a key': [(client) => client.createRender(order, { idempotencyKey: 'one' }), render],
  'its health': [(client) => client.getHealth(), { status: 'ok' }],
  'its readiness': [(client) => client.getReadiness(), { status: 'ready', parts: {} }],
};

/** The error of a call. Anything that is not in the catalogue fails the test. */
async function errorOf(call: Promise<unknown>): Promise<BespokeError> {
  const error: unknown = await call.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error instanceof BespokeError) return error;
  throw new Error('It was no error of the catalogue.', { cause: error });
}

it.each(Object.entries(broken))('asks again when an answer breaks off %s', async (_how, part) => {
  const asked = Object.values(calls).map(async ([call, good]) => {
    const answers = [part(200, 'application/json'), part(404, 'application/problem+json'), whole(good)];
    const { baseUrl, requests } = await startTestServer(...answers);
    await call(createClient({ baseUrl }));
    return requests();
  });
  expect(await Promise.all(asked)).toEqual(asked.map(() => 3));
});

it.each(Object.entries(broken))(
  'names a connection that is lost again and again %s, and orders nothing twice',
  async (_how, part) => {
    const { baseUrl, requests } = await startTestServer(part(200, 'application/json'));
    const client = createClient({ baseUrl, patienceMs: 1_000 });
    const error = await errorOf(client.listKeys());
    expect(error.code).toBe('server-unreachable');
    expect(error.message).toMatch(/^The connection to the server was lost before its answer was complete/);
    expect(requests()).toBeGreaterThan(1);

    const before = requests();
    expect((await errorOf(client.createRender(order))).code).toBe('server-unreachable');
    expect(requests()).toBe(before + 1);
  },
);

it('reads metrics whole', async () => {
  const { baseUrl } = await startTestServer(
    (response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 100 }).write('bespoke_');
      setTimeout(() => response.destroy(), 20);
    },
    (response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('bespoke_up 1\n'),
  );
  expect(await createClient({ baseUrl }).getMetrics()).toBe('bespoke_up 1\n');
});

it.each(Object.entries(calls))('says that a page is no answer of the API: %s', async (_what, [call]) => {
  for (const status of [200, 404]) {
    const { baseUrl, requests } = await startTestServer(page(status));
    const error = await errorOf(call(createClient({ baseUrl })));
    expect(error.code).toBe('server-incompatible');
    expect(error.message).toContain(`status ${status} in a form that this version does not know (text/html)`);
    expect(requests()).toBe(1);
  }
});

it('waits for a server behind a proxy that shows a page meanwhile', async () => {
  const { baseUrl, requests } = await startTestServer(
    page(503),
    page(502),
    whole({ status: 'ready', parts: {} }),
  );
  expect(await createClient({ baseUrl }).getReadiness()).toMatchObject({ status: 'ready' });
  expect(requests()).toBe(3);
});

it('reads the readiness of a server that is not ready', async () => {
  const parts = { queue: 'away' };
  const { baseUrl, requests } = await startTestServer(whole({ status: 'not-ready', parts }, 503));
  expect(await createClient({ baseUrl }).getReadiness()).toMatchObject({ parts });
  expect(requests()).toBe(1);
});

it('does not follow a page, or events without data that it knows', async () => {
  const events =
    (text: string): Answer =>
    (response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).end(text);
  for (const answer of [page(200), events('data: <html>\n\n'), events('data: {}\n\n')]) {
    const { baseUrl, requests } = await startTestServer(answer);
    const error = await errorOf(createClient({ baseUrl }).watchRender('any').next());
    expect(error.code).toBe('server-incompatible');
    expect(requests()).toBe(1);
  }
});
