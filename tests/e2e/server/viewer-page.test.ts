import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { renderSchema } from '../../../worker/campaigns/report-schema.ts';
import { shareSchema } from '../../../video/story/viewer-data-schema.ts';
import { sessionSchema } from '../../../video/story/viewer-schema.ts';
import { freePort } from '../../services/free-port.ts';
import { startTestNginx } from '../../services/nginx-server.ts';
import { publicUrl } from './server-bench.ts';
import { named, serveViewers, toTown, type ServedViewers } from './viewer-bench.ts';

let viewers: ServedViewers;

beforeAll(async () => {
  viewers = await serveViewers();
});

afterAll(() => viewers.close());

const policyOf = (headers: Readonly<Record<string, unknown>>) =>
  new Map(
    String(headers['content-security-policy'])
      .split('; ')
      .map((directive) => [directive.split(' ')[0] ?? '', directive] as const),
  );

describe('the page of a film', () => {
  it('holds nothing about anybody, loads scripts of ours alone, and is kept and indexed by nobody', async () => {
    const { token } = await viewers.newFilm('Zaphodine');
    const page = await viewers.get(`/v/${token}`);
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      'x-frame-options': 'DENY',
    });
    const policy = policyOf(page.headers);
    expect(policy.get('script-src')).toBe("script-src 'self'");
    expect(policy.get('default-src')).toBe("default-src 'none'");
    expect(policy.get('frame-ancestors')).toBe("frame-ancestors 'none'");
    expect(page.body).not.toContain('Zaphodine');
    expect(page.body).toContain('<title>Crossroads</title>');
    // No handler, style or script stands in the page itself.
    expect(page.body).not.toMatch(/<script(?![^>]* src=)|\son\w+=|<style|\sstyle=/);

    const {
      script = '',
      film = '',
      poster = '',
      captions = '',
    } = /<script type="module" src="(?<script>[^"]+)">[^]*<noscript><video [^>]*src="(?<film>[^"]+)" poster="(?<poster>[^"]+)"><track [^>]*src="(?<captions>[^"]+)"/.exec(
      page.body,
    )?.groups ?? {};
    for (const [address, type] of [
      [script, 'text/javascript; charset=utf-8'],
      [film, 'video/mp4'],
      [poster, 'image/jpeg'],
      [captions, 'text/vtt; charset=utf-8'],
    ] as const) {
      const answer = await viewers.get(address);
      expect([answer.statusCode, answer.headers['content-type']], address).toEqual([200, type]);
    }
    expect((await viewers.get(script)).headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(JSON.stringify(viewers.served.noted)).not.toContain(token);
  });

  it('may be shown in pages of others where that is asked for, and they load the player', async () => {
    const { token } = await viewers.newFilm('Anna');
    const page = await viewers.get(`/v/${token}?embed=1`);
    expect(policyOf(page.headers).get('frame-ancestors')).toBe('frame-ancestors *');
    expect(page.headers).not.toHaveProperty('x-frame-options');
    const player = await viewers.get('/player/bespoke-player.js');
    expect(player.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=600',
      'cross-origin-resource-policy': 'cross-origin',
    });
    expect((await viewers.get('/player/..%2fpackage.json')).statusCode).toBe(404);
  });

  it.each(['x', 'A'.repeat(44), '..%2f..%2fetc'])('is none behind the link %s', async (token) => {
    const page = await viewers.get(`/v/${token}`);
    expect([page.statusCode, page.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
    expect(page.body).toContain('is not available');
  });

  it('is none once its link is withdrawn, nor is the token of a file one', async () => {
    const { id, token } = await viewers.newFilm('Anna');
    const film = /src="\/f\/([\w-]+)"/.exec((await viewers.get(`/v/${token}`)).body)?.[1] ?? '';
    expect((await viewers.get(`/v/${film}`)).statusCode).toBe(404);
    expect((await viewers.get(`/f/${token}`)).statusCode).toBe(404);
    await viewers.revoke(id);
    expect((await viewers.get(`/v/${token}`)).statusCode).toBe(404);
  });

  it('plays linear films too: their clips by name, the music made once, for any cache', async () => {
    const { token } = await viewers.newFilm('Anna', 'frame-counter');
    const opened = await viewers.post('/viewer/session', { link: token, carry: 'memory' });
    const { clips, music, film } = sessionSchema.parse(opened.json());
    expect(Object.keys(clips)).toEqual(['["intro","own",{}]', '["number","own",{}]']);
    expect(film).toMatch(/^\/f\//);
    const intro = clips['["intro","own",{}]'];
    expect(intro?.url).toMatch(/^\/c\/[0-9a-f]{64}\.mp4$/);
    const [first, second] = await Promise.all([viewers.get(music?.url ?? ''), viewers.get(music?.url ?? '')]);
    expect(first?.rawPayload.subarray(4, 8).toString()).toBe('ftyp');
    expect(second?.rawPayload.equals(first?.rawPayload ?? Buffer.alloc(0))).toBe(true);
    for (const [answer, type] of [
      [await viewers.get(intro?.url ?? ''), 'video/mp4'],
      [first, 'audio/mp4'],
    ] as const) {
      expect(answer?.statusCode).toBe(200);
      expect(answer?.headers).toMatchObject({
        'content-type': type,
        'cache-control': 'public, max-age=31536000, immutable',
        'access-control-allow-origin': '*',
      });
    }
    for (const none of ['/c/x.mp4', `/c/${'0'.repeat(64)}.mp4`, `/s/${'0'.repeat(64)}.m4a`, '/s/tone.wav']) {
      const answer = await viewers.get(none);
      expect([answer.statusCode, answer.headers['cache-control']], none).toEqual([404, 'no-store']);
    }
  });
});

it('has links to pages in every answer, on the server that was asked', async () => {
  const { id, token } = await viewers.newFilm('Anna');
  const key = await viewers.served.keyed('read');
  const render = await viewers.get(`/v1/renders/${id}`, key);
  expect(render.json()).toMatchObject({ links: { page: `${publicUrl}/v/${token}` } });
});

describe('a key that may only order', () => {
  const fileLink = /\/[fv]\/[\w-]{44}/;

  it('reads nothing by id: no render, campaign, row, result, event or delivery', async () => {
    const { id } = await viewers.newFilm('Anna');
    const key = await viewers.served.keyed('render');
    const { paths } = z
      .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
      .parse((await viewers.get('/openapi.json')).json());
    const reads = Object.entries(paths).filter(([path, { get }]) => get && /^\/(v1|metrics)/.test(path));
    expect(reads.length).toBeGreaterThan(10);
    for (const [path] of reads) {
      const answer = await viewers.get(path.replace('{id}', id), key);
      expect([answer.statusCode, path]).toEqual([
        path.startsWith('/v1/templates') ? expect.any(Number) : 403,
        path,
      ]);
      expect(answer.body, path).not.toMatch(fileLink);
    }
  });

  it('is shown no links where it changes a render that it names', async () => {
    const film = await viewers.newFilm('Anna');
    const key = await viewers.served.keyed('render');
    const both = await viewers.served.keyed('render', 'read');
    for (const [method, path] of [
      ['POST', '/cancel'],
      ['POST', '/links'],
      ['DELETE', '/links'],
    ] as const) {
      const url = `/v1/renders/${film.id}${path}`;
      const answer = await viewers.served.server.inject({ method, url, headers: key });
      expect([answer.statusCode, answer.json()]).toMatchObject([200, { status: { state: 'done' } }]);
      expect(answer.body, `${method} ${path}`).not.toMatch(fileLink);
      expect(answer.json()).not.toHaveProperty('linksExpireAt');
    }
    const renewed = await viewers.post(`/v1/renders/${film.id}/links`, {}, both);
    expect(renewed.body).toMatch(fileLink);
  });

  it('gets the links of what it ordered by the same order, and nobody else does', async () => {
    const key = await viewers.served.keyed('render');
    const other = await viewers.served.keyed('render');
    const same = { 'idempotency-key': randomUUID() };
    const body = { template: 'crossroads', quality: 'draft', record: { name: 'Anna' } };
    const campaign = (by: typeof key) => viewers.post('/v1/renders', body, { ...by, ...same });
    const { id } = renderSchema.parse((await campaign(key)).json());
    await expect
      .poll(async () => renderSchema.parse((await campaign(key)).json()), { timeout: 20_000 })
      .toMatchObject({
        id,
        status: { state: 'done' },
        links: { page: expect.stringMatching(fileLink) as string },
      });
    const theirs = await campaign(other);
    expect(renderSchema.parse(theirs.json()).id).not.toBe(id);
    expect(theirs.body).not.toMatch(fileLink);
  });
});

describe('the proxy of docs/production.md', () => {
  type Headers = Readonly<Record<string, string>>;

  /** Asks through a proxy, by the very bytes of the address. @returns the status. */
  const ask = (port: number, path: string, headers: Headers = {}, body?: object): Promise<number> =>
    new Promise((resolve, reject) => {
      const method = body === undefined ? 'GET' : 'POST';
      const content = body === undefined ? {} : { 'content-type': 'application/json' };
      const asked = request({ host: '127.0.0.1', port, path, method, headers: { ...headers, ...content } });
      asked.once('error', reject);
      asked.once('response', (response) => {
        response.resume().once('close', () => resolve(response.statusCode ?? 0));
      });
      asked.end(body && JSON.stringify(body));
    });

  async function documented(upstream: number) {
    const page = await readFile(new URL('../../../docs/production.md', import.meta.url), 'utf8');
    const [, site = ''] = /^```nginx\n([^]*?)^```/m.exec(page) ?? [];
    const nginx = await startTestNginx(site, upstream);
    onTestFinished(() => nginx.remove());
    return nginx;
  }

  it('writes no link of a viewer into its logs, be Bespoke there or not, and shows nobody the metrics', async () => {
    const { links, token } = await viewers.newFilm('Anna');
    const { session, pass } = await viewers.open(token);
    const shared = shareSchema.parse((await viewers.post('/viewer/share', {}, pass)).json());
    const key = await viewers.served.keyed('read');
    const address = await viewers.served.server.listen({ host: '127.0.0.1', port: 0 });
    const clip = Object.values(session.clips).find(({ url }) => url.startsWith('/c/'))?.url ?? '';
    const files = [links.video, links.poster, links.teaser, links.captions].map(
      (each) => each?.split('/f/')[1] ?? '',
    );
    const play = shared.url.split('/v/')[1] ?? '';
    const pages = [token, play];
    const paths = [
      ...files.flatMap((each) => [`/f/${each}`, `/f/${each}?download=1`, `/F/${each}`, `//f/${each}/`]),
      ...pages.flatMap((each) => [
        `/v/${each}`,
        `/v/${each}?embed=1`,
        `/%76/${each}`,
        `/./v/${each}`,
        `/V/${each}`,
      ]),
      `/viewer/clips/${token}?session=${session.id}`,
      clip,
    ];
    const secrets = [...files, ...pages].map((each) => each.slice(0, 22));
    expect(secrets.every((each) => /^[\w-]{22}$/.test(each))).toBe(true);
    const rest = { authorization: pass.authorization, referer: `${publicUrl}/v/${token}` };

    const withBespoke = await documented(Number(new URL(address).port));
    expect(await ask(withBespoke.port, `/v/${token}`)).toBe(200);
    expect(await ask(withBespoke.port, '/healthz')).toBe(200);
    for (const metrics of [
      '/metrics',
      '/metrics/',
      '/metrics/x',
      '//metrics',
      '/%6Detrics',
      '/metrics%2F',
      '/METRICS',
    ])
      expect(await ask(withBespoke.port, metrics, key), metrics).toBe(404);
    const without = await documented(await freePort());
    expect(await ask(without.port, `/v/${token}`)).toBe(502);
    expect(await ask(without.port, '/v1/templates', key)).toBe(502);

    for (const { port, logged } of [withBespoke, without]) {
      for (const path of paths) await ask(port, path, rest);
      // More than nginx reads of a header: it refuses, and notes the request before it looks for a location.
      expect(await ask(port, `/v/${token}`, { ...rest, cookie: 'x'.repeat(40_000) })).toBe(400);
      await ask(port, '/viewer/session', rest, { link: token, carry: 'memory' });
      await ask(port, '/viewer/events', rest, { run: 0, after: 0, events: named(...toTown) });
      await expect.poll(logged).toContain('POST /viewer/');
      const lines = await logged();
      expect(lines.split('\n').length).toBeGreaterThan(paths.length);
      expect(lines).toMatch(/GET \/v\/ \d{3}/);
      for (const secret of [...secrets, pass.authorization.slice(-44)]) expect(lines).not.toContain(secret);
    }
    expect(await without.logged()).toContain('"GET /v1/templates HTTP/1.1"');
  });
});
