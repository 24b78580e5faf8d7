import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeApiKey } from '../../../worker/core/keys.ts';
import { type ServedDeployment, serveDeployment } from './server-bench.ts';

let served: ServedDeployment;

beforeAll(async () => {
  served = await serveDeployment({ rateLimit: 5 });
});

afterAll(() => served.close());

const unknownRender = `/v1/renders/${randomUUID()}`;

const ask = (authorization: string | undefined, remoteAddress = '127.0.0.1') =>
  served.server.inject({
    url: unknownRender,
    remoteAddress,
    headers: authorization === undefined ? {} : { authorization },
  });

describe('keys', () => {
  it.each([
    [undefined, 'Bearer realm="bespoke"'],
    ['Basic YTpi', 'Bearer realm="bespoke"'],
    ['Bearer', 'Bearer realm="bespoke"'],
    ['Bearer nonsense', 'Bearer realm="bespoke", error="invalid_token"'],
    [`Bearer ${makeApiKey('unknown', ['admin']).text}`, 'Bearer realm="bespoke", error="invalid_token"'],
  ])('are wanted where %s came', async (authorization, challenge) => {
    const answer = await ask(authorization);
    expect([answer.statusCode, answer.json()]).toMatchObject([401, { code: 'key-missing' }]);
    expect(answer.headers['www-authenticate']).toBe(challenge);
  });

  it('do what their scopes say, and admin does everything', async () => {
    const statuses = async (scope: 'render' | 'read' | 'admin') => {
      const headers = await served.keyed(scope);
      const read = await served.server.inject({ url: unknownRender, headers });
      const campaign = await served.server.inject({
        method: 'POST',
        url: '/v1/renders',
        headers,
        payload: {},
      });
      const templates = await served.server.inject({ url: '/v1/templates', headers });
      return [read.statusCode, campaign.statusCode, templates.statusCode];
    };
    expect(await statuses('read')).toEqual([404, 403, 200]);
    expect(await statuses('render')).toEqual([403, 400, 200]);
    expect(await statuses('admin')).toEqual([404, 400, 200]);
  });

  it('that lack a scope are told which', async () => {
    const answer = await ask((await served.keyed('render')).authorization);
    expect(answer.json()).toMatchObject({ code: 'key-forbidden' });
    expect(answer.json<{ detail: string }>().detail).toContain('a key with the scope "read"');
    expect(answer.headers['www-authenticate']).toContain('error="insufficient_scope", scope="read"');
  });

  it('that were revoked are refused two seconds later', async () => {
    const { authorization } = await served.keyed('read');
    expect((await ask(authorization)).statusCode).toBe(404);
    const id = /bsp_([0-9a-f]+)_/.exec(authorization)?.[1] ?? '';
    expect(await served.open.pipeline.keys.revoke(id)).toBe(true);
    await sleep(2_000);
    expect((await ask(authorization)).statusCode).toBe(401);
  });

  it('may make so many requests a minute, each key its own', async () => {
    const first = await served.keyed('read');
    const second = await served.keyed('read');
    const answers = [];
    for (let request = 0; request < 6; request += 1) answers.push(await ask(first.authorization));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404, 404, 429]);
    expect(answers[1]?.headers).toMatchObject({ 'ratelimit-limit': '5', 'ratelimit-remaining': '3' });
    const refused = answers[5];
    expect(refused?.json()).toMatchObject({ code: 'rate-limited', retryable: true });
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused?.headers['content-type']).toContain('application/problem+json');
    expect((await ask(second.authorization)).statusCode).toBe(404);
  });

  it('that are wrong are limited by address, and good ones still work from there', async () => {
    const good = await served.keyed('read');
    const wrong = `Bearer ${makeApiKey('unknown', ['admin']).text}`;
    const guess = async () => (await ask(wrong, '203.0.113.9')).statusCode;
    const statuses = [];
    for (let request = 0; request < 61; request += 1) statuses.push(await guess());
    expect(new Set(statuses.slice(0, 60))).toEqual(new Set([401]));
    expect(statuses[60]).toBe(429);
    expect((await ask(good.authorization, '203.0.113.9')).statusCode).toBe(404);
    expect((await ask(wrong, '203.0.113.10')).statusCode).toBe(401);
  });

  it('are not wanted to see whether it lives, and stand in no log', async () => {
    for (const url of ['/healthz', '/readyz', '/openapi.json', '/docs']) {
      expect((await served.server.inject({ url })).statusCode, url).toBe(200);
    }
    expect((await served.server.inject({ url: '/metrics' })).statusCode).toBe(401);
    const { authorization } = await served.keyed('read');
    const metrics = await served.server.inject({ url: '/metrics', headers: { authorization } });
    expect(metrics.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(metrics.body).toMatch(/^bespoke_queue_jobs\{kind="render-clip",state="waiting"\} 0$/m);
    expect(metrics.body).toMatch(/^bespoke_queue_oldest_seconds\{kind="plan-render"\} 0$/m);
    expect(JSON.stringify(served.noted)).not.toContain(authorization.slice(-43));
  });
});
