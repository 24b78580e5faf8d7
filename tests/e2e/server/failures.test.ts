import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import type { Health } from '../../../worker/check-health.ts';
import { problemSchema } from '../../../server/schemas/problem.ts';
import { renderSchema } from '../../../worker/campaigns/report-schema.ts';
import { serveDeployment, type ServedDeployment } from './server-bench.ts';

let served: ServedDeployment;
let headers: Readonly<Record<string, string>>;
let port: number;
const ok = { ok: true } as const;
let health: Health = { queue: ok, database: ok, store: ok, browser: ok, jobs: ok };

beforeAll(async () => {
  served = await serveDeployment({
    pace: { windowMs: 800, bytes: 100 },
    health: async () => health,
    metrics: () => Promise.reject(new BespokeError('redis-away', 'redis://10.1.2.3:6379 does not answer.')),
  });
  headers = await served.keyed('admin');
  await served.server.listen({ port: 0, host: '127.0.0.1' });
  ({ port } = served.server.server.address() as AddressInfo);
});

afterAll(() => served.close());

const post = (payload: string | Buffer, type = 'application/json') =>
  served.server.inject({
    method: 'POST',
    url: '/v1/renders',
    headers: { ...headers, 'content-type': type },
    payload,
  });

/** What the server answers to bytes that are no request of a decent client. */
async function sendRaw(request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(request);
  return text(socket);
}

/** Looks for what no answer may lack in lines of headers. */
function expectSecured(lines: string): void {
  expect(lines).toMatch(/^x-content-type-options: nosniff\r?$/im);
  expect(lines).toMatch(/^content-security-policy: default-src 'none';frame-ancestors 'none'\r?$/im);
  expect(lines).toMatch(/^referrer-policy: no-referrer\r?$/im);
  expect(lines).toMatch(/^strict-transport-security: max-age=31536000\r?$/im);
}

describe('failures are problem details', () => {
  it.each([
    ['no JSON', () => post('{"template": frame'), 400, 'request-invalid'],
    ['no body', () => post(''), 400, 'request-invalid'],
    ['a list instead of an object', () => post('[]'), 400, 'request-invalid'],
    [
      'deep JSON',
      () => post(`{"template":"frame-counter","record":${'['.repeat(400_000)}`),
      400,
      'request-invalid',
    ],
    ['another encoding', () => post(Buffer.from('{"template":"f\xfcr"}', 'latin1')), 400, 'request-invalid'],
    ['more than a megabyte', () => post(`"${'x'.repeat(1_000_000)}"`), 413, 'body-too-large'],
    ['a form', () => post('template=x', 'application/x-www-form-urlencoded'), 415, 'media-type-unsupported'],
    ['a text', () => post('hello', 'text/plain'), 415, 'media-type-unsupported'],
    ['XML', () => post('<a/>', 'application/xml'), 415, 'media-type-unsupported'],
    [
      'another method',
      () => served.server.inject({ method: 'PUT', url: '/v1/renders' }),
      405,
      'method-unknown',
    ],
    ['no route', () => served.server.inject({ url: '/v2/renders' }), 404, 'route-unknown'],
    ['a broken address', () => served.server.inject({ url: '/v1/%E0%A4%A' }), 404, 'route-unknown'],
    ['a long address', () => served.server.inject({ url: `/f/${'x'.repeat(2_000)}` }), 404, 'route-unknown'],
    [
      'NUL in a field',
      () => post(String.raw`{"template":"frame-counter","record":{"name":"A\u0000"}}`),
      400,
      'request-invalid',
    ],
    [
      'half a surrogate pair in a field that nobody reads',
      () => post(String.raw`{"template":"frame-counter","record":{"name":"A"},"metadata":{"a":"\ud800"}}`),
      400,
      'request-invalid',
    ],
    [
      'NUL in an address',
      () => served.server.inject({ url: '/v1/people/a%00b', headers }),
      404,
      'route-unknown',
    ],
    [
      'NUL in a query',
      () => served.server.inject({ url: '/v1/campaigns?cursor=%00', headers }),
      400,
      'request-invalid',
    ],
    [
      'a part that is away',
      () => served.server.inject({ url: '/metrics', headers }),
      503,
      'service-unavailable',
    ],
  ] as const)('for %s', async (_what, send, status, code) => {
    const answer = await send();
    expect(answer.headers['content-type']).toContain('application/problem+json');
    const problem = problemSchema.parse(answer.json());
    expect([answer.statusCode, problem.status, problem.code]).toEqual([status, status, code]);
    expectSecured(
      Object.entries(answer.headers)
        .map(([name, value]) => `${name}: ${String(value)}`)
        .join('\n'),
    );
    expect(answer.body).not.toMatch(/10\.1\.2\.3|node_modules|\.ts:/);
  });

  it('come before a body that nobody asked for is read', async () => {
    const answer = await served.server.inject({
      method: 'POST',
      url: '/v1/templates',
      headers: { ...headers, 'content-type': 'application/json' },
      payload: '[[[',
    });
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  it('say at once what is wrong where it is one thing', async () => {
    const answer = await post('{"template":"frame-counter"}');
    expect(answer.json<{ detail: string }>().detail).toBe(
      'The body does not match the schema of this route. /record: Is missing; must be a JSON object.',
    );
  });

  it('name the methods that there are', async () => {
    const answer = await served.server.inject({ method: 'PUT', url: '/v1/renders' });
    expect(answer.headers.allow).toBe('GET, HEAD, POST');
  });

  it('of ours are noted with the id that the client was told', async () => {
    const answer = await served.server.inject({ url: '/metrics', headers });
    const { requestId } = problemSchema.parse(answer.json());
    expect(answer.headers['x-request-id']).toBe(requestId);
    expect(answer.headers['retry-after']).toBe('5');
    expect(served.noted.find(({ fields }) => fields.requestId === requestId)).toMatchObject({
      fields: { route: '/metrics', code: 'redis-away', reason: 'redis://10.1.2.3:6379 does not answer.' },
    });
  });

  it('of a part are told by /readyz, by its name only', async () => {
    expect((await served.server.inject('/readyz')).json()).toEqual({
      status: 'ready',
      parts: { queue: 'ok', database: 'ok', store: 'ok', browser: 'ok', jobs: 'ok' },
    });
    health = {
      ...health,
      store: { ok: false, message: 'https://s3.internal refuses.' },
      browser: undefined,
      jobs: undefined,
    };
    await expect
      .poll(async () => (await served.server.inject('/readyz')).json<unknown>(), { timeout: 5_000 })
      .toEqual({ status: 'not-ready', parts: { queue: 'ok', database: 'ok', store: 'away' } });
    expect((await served.server.inject('/readyz')).statusCode).toBe(503);
    expect(served.noted.filter(({ message }) => message === 'not ready')).toEqual([
      { message: 'not ready', fields: { reasons: { store: 'https://s3.internal refuses.' } } },
    ]);
  });
});

describe('on the wire', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n', '400 Bad Request'],
    [
      'a header with a bare line feed',
      'GET /healthz HTTP/1.1\r\nHost: a\r\nX: a\nb\r\n\r\n',
      '400 Bad Request',
    ],
    [
      'two lengths',
      'POST /v1/renders HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400 Bad Request',
    ],
    [
      'headers without end',
      `GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      '431 Request Header Fields Too Large',
    ],
  ])('%s is answered and hung up on', async (_what, request, status) => {
    const answer = await sendRaw(request);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toContain(`HTTP/1.1 ${status}`);
    expect(head).toContain('Content-Type: application/problem+json');
    expectSecured(head);
    expect(JSON.parse(body)).toMatchObject({ code: 'request-invalid', status: Number.parseInt(status, 10) });
  });

  it.each([
    ['JSON', 'application/json', '{"template":"frame-counter","'],
    [
      'a form',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n',
    ],
  ])('%s that drips is given up with 408', async (_what, type, begin) => {
    const socket = connect(port, '127.0.0.1');
    const route = type.startsWith('multipart') ? 'campaigns' : 'renders';
    socket.write(
      `POST /v1/${route} HTTP/1.1\r\nHost: a\r\nAuthorization: ${headers.authorization}\r\nContent-Type: ${type}\r\nContent-Length: 900000\r\n\r\n${begin}`,
    );
    const drip = setInterval(() => socket.write('a'), 50);
    // Whoever writes on to a connection that is cut gets a reset instead of what was answered.
    socket.once('data', () => clearInterval(drip));
    try {
      const answer = await text(socket);
      expect(answer).toContain('HTTP/1.1 408 Request Timeout');
      expect(answer).toContain('"code":"request-timeout"');
      expectSecured(answer.split('\r\n\r\n', 1)[0] ?? '');
    } finally {
      clearInterval(drip);
      socket.destroy();
    }
  });

  it('a body that arrives slowly but steadily is taken', async () => {
    const body = JSON.stringify({
      template: 'frame-counter',
      record: { name: 'Anna' },
      metadata: { a: 'x'.repeat(400) },
    });
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `POST /v1/renders HTTP/1.1\r\nHost: a\r\nAuthorization: ${headers.authorization}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`,
    );
    let at = 0;
    const steady = setInterval(() => {
      socket.write(body.slice(at, at + 30));
      at += 30;
      if (at >= body.length) clearInterval(steady);
    }, 60);
    expect(await text(socket)).toContain('HTTP/1.1 202 Accepted');
  });

  it('no header of an answer can be written from outside', async () => {
    const answer = await sendRaw(
      `GET /v1/renders/x%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: a\r\nAuthorization: ${headers.authorization}\r\nX-Request-Id: evil\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toContain('HTTP/1.1 404');
    expect(answer).not.toMatch(/set-cookie|evil/i);
  });

  it('answers say little of the server and let nobody frame or sniff them', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`, {
      headers: { origin: 'https://evil.example' },
    });
    expect(answer.headers.get('x-powered-by')).toBeNull();
    expect(answer.headers.get('server')).toBeNull();
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });

  it('closing ends streams of events and lets the process go', async () => {
    const other = await serveDeployment();
    const key = await other.keyed('admin');
    const campaign = await other.server.inject({
      method: 'POST',
      url: '/v1/renders',
      headers: key,
      payload: { template: 'frame-counter', record: { name: 'Anna' } },
    });
    const { id } = renderSchema.parse(campaign.json());
    const address = await other.server.listen({ port: 0, host: '127.0.0.1' });
    const answer = await fetch(`${address}/v1/renders/${id}/events`, { headers: key });
    const read = answer.text();
    const ended = once(other.server.server, 'close');
    await other.close();
    await ended;
    expect(await read).toMatch(/^retry: 2000\n\nid: \S+\ndata: \{"id":/);
  });
});
