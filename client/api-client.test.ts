import { describe, expect, it } from 'vitest';
import { createClient } from './api-client.ts';
import { createViewerClient } from './viewer-client.ts';
import { ApiError } from './transport.ts';

const baseUrl = 'https://video.example.com';

/** A `fetch` that gives these answers in turn, and the requests that it got. */
function answering(...answers: readonly (() => Response)[]) {
  const requests: { readonly url: string; readonly init: RequestInit }[] = [];
  const send: typeof fetch = async (url, init = {}) => {
    requests.push({ url: url instanceof Request ? url.url : String(url), init });
    const answer = answers[Math.min(requests.length, answers.length) - 1];
    if (answer === undefined) throw new Error('There is no answer.');
    return answer();
  };
  return { requests, send };
}

const problem = (status: number, body: object, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });

const busy = () => problem(503, { code: 'service-unavailable', detail: 'Later.' }, { 'retry-after': '0' });
const keys = () => Response.json({ keys: [] });

const render = (state: 'queued' | 'cancelled') => ({
  id: '3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10',
  template: 'any',
  format: '16:9',
  quality: 'draft',
  status: { state },
  links: { self: `${baseUrl}/a`, events: `${baseUrl}/b` },
  metadata: {},
  createdAt: '2026-11-24T09:30:00.000Z',
});

describe('createClient', () => {
  it('sends the key, and reads the answer', async () => {
    const { requests, send } = answering(keys);
    expect(await createClient({ baseUrl, key: 'bsp_1', fetch: send }).listKeys()).toEqual([]);
    expect(requests[0]?.url).toBe(`${baseUrl}/v1/keys`);
    expect(new Headers(requests[0]?.init.headers).get('authorization')).toBe('Bearer bsp_1');
  });

  it('throws what the API answers with, and every part that is wrong', async () => {
    const errors = [{ pointer: '/record/plan', message: 'Is empty.' }];
    const { send } = answering(() => problem(422, { code: 'record-invalid', detail: 'No.', errors }));
    const failure = createClient({ baseUrl, fetch: send }).createRender({ template: 'any', record: {} });
    await expect(failure).rejects.toBeInstanceOf(ApiError);
    await expect(failure).rejects.toMatchObject({
      code: 'record-invalid',
      message: 'No.',
      status: 422,
      parts: errors,
    });
  });

  it('repeats what may be repeated while the server is busy, and nothing else', async () => {
    const read = answering(busy, busy, keys);
    await createClient({ baseUrl, fetch: read.send }).listKeys();
    expect(read.requests).toHaveLength(3);

    const order = { template: 'any', record: {} };
    const once = answering(busy, () => Response.json(render('queued')));
    await expect(createClient({ baseUrl, fetch: once.send }).createRender(order)).rejects.toMatchObject({
      code: 'service-unavailable',
    });
    expect(once.requests).toHaveLength(1);

    const named = answering(busy, () =>
      Response.json(render('queued'), { headers: { 'idempotency-replayed': 'true' } }),
    );
    const client = createClient({ baseUrl, fetch: named.send });
    expect(await client.createRender(order, { idempotencyKey: 'one' })).toMatchObject({ replayed: true });
    expect(named.requests).toHaveLength(2);
  });

  it('reports a wait that a person would notice', async () => {
    const stop = new AbortController();
    const detail = 'Later.';
    const { send } = answering(busy, () =>
      problem(503, { code: 'service-unavailable', detail }, { 'retry-after': '2' }),
    );
    const waits: unknown[] = [];
    const onWait = (error: unknown): void => {
      waits.push(error);
      stop.abort();
    };
    const asked = createClient({ baseUrl, fetch: send, onWait }).listKeys({ signal: stop.signal });
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    expect(waits).toMatchObject([{ code: 'service-unavailable', message: detail }]);
  });

  it('says when the server cannot be reached, is another one, or is of another version', async () => {
    const lost = async (): Promise<Response> => {
      throw new TypeError('fetch failed');
    };
    const codeOf = async (send: typeof fetch) => {
      try {
        await createClient({ baseUrl, fetch: send, patienceMs: 0 }).listKeys();
        return undefined;
      } catch (error) {
        return error instanceof Error && 'code' in error ? error.code : error;
      }
    };
    expect(await codeOf(lost)).toBe('server-unreachable');
    expect(await codeOf(answering(() => new Response('<html>', { status: 404 })).send)).toBe(
      'server-incompatible',
    );
    expect(await codeOf(answering(() => Response.json({ keys: 'none' })).send)).toBe('server-incompatible');
    expect(await codeOf(answering(() => problem(403, { code: 'of-tomorrow', detail: 'No.' })).send)).toBe(
      'internal',
    );
  });

  it('follows events through a lost connection, from the last one that arrived', async () => {
    const event = (id: string, state: 'queued' | 'cancelled') =>
      `id: ${id}\ndata: ${JSON.stringify(render(state))}\n\n`;
    const stream = (text: string) => () =>
      new Response(text, { headers: { 'content-type': 'text/event-stream' } });
    const { requests, send } = answering(
      stream(`retry: 2000\n\n${event('a', 'queued')}`),
      stream(event('b', 'cancelled')),
    );
    const states: string[] = [];
    for await (const { status } of createClient({ baseUrl, fetch: send }).watchRender('any')) {
      states.push(status.state);
    }
    expect(states).toEqual(['queued', 'cancelled']);
    expect(new Headers(requests[1]?.init.headers).get('last-event-id')).toBe('a');
  });

  it('finds a file below its own address, whatever path the deployment has outside', async () => {
    const { requests, send } = answering(() => new Response('film'));
    for (const at of [baseUrl, `${baseUrl}/videos`]) {
      await createClient({ baseUrl: at, fetch: send }).getFile('https://elsewhere.example/films/f/token');
    }
    expect(requests.map(({ url }) => url)).toEqual([`${baseUrl}/f/token`, `${baseUrl}/videos/f/token`]);
  });

  it('stops at once when it is asked to', async () => {
    const { send } = answering(busy);
    const stop = new AbortController();
    const asked = createClient({ baseUrl, fetch: send }).listKeys({ signal: stop.signal });
    stop.abort();
    await expect(asked).rejects.toThrow();
  });

  it('sends a file as a form, with options as fields', async () => {
    const { requests, send } = answering(() => problem(422, { code: 'csv-empty', detail: 'Empty.' }));
    const client = createClient({ baseUrl, fetch: send });
    const asked = client.planCampaign(
      { file: new Blob(['a,b']), fileName: 'a.csv' },
      { template: 'any', map: { A: 'firstName' }, limit: 3 },
    );
    await expect(asked).rejects.toMatchObject({ code: 'csv-empty' });
    const form = requests[0]?.init.body;
    if (!(form instanceof FormData)) throw new Error('It was no form.');
    expect([...form].map(([name, value]) => [name, typeof value === 'string' ? value : value.name])).toEqual([
      ['template', 'any'],
      ['limit', '3'],
      ['map', 'A=firstName'],
      ['dryRun', 'true'],
      ['file', 'a.csv'],
    ]);
  });
});

describe('createViewerClient', () => {
  it('names the session, and shows the pass', async () => {
    const { requests, send } = answering(() => problem(401, { code: 'session-missing', detail: 'No.' }));
    const client = createViewerClient({ baseUrl, key: 'pass', session: 's1', fetch: send });
    await expect(client.getSession()).rejects.toMatchObject({ code: 'session-missing' });
    expect(requests[0]?.url).toBe(`${baseUrl}/viewer/session?session=s1`);
    expect(new Headers(requests[0]?.init.headers).get('authorization')).toBe('Bearer pass');
  });
});
