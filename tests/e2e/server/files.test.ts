import { rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createServer } from '../../../server/app.ts';
import type { Server } from '../../../server/server.ts';
import type { RunningWorker } from '../../../worker/compose.ts';
import type { Pipeline } from '../../../worker/core/pipeline.ts';
import { renderFiles } from '../../../worker/core/renders.ts';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import { newGate } from '../stub-parts.ts';
import { publicUrl, serveDeployment, type ServedDeployment } from './server-bench.ts';

const day = 24 * 60 * 60 * 1000;

const rendered = z.object({
  id: z.string(),
  status: z.object({
    state: z.string(),
    coming: z.array(z.string()).optional(),
    warnings: z.array(z.object({ code: z.string(), field: z.string() })).optional(),
  }),
  links: z.object({ video: z.url(), poster: z.url(), teaser: z.url(), captions: z.url() }).partial(),
});

let served: ServedDeployment;
let worker: RunningWorker;
let headers: { readonly authorization: string };
let id: string;
let links: Record<'video' | 'poster' | 'teaser' | 'captions', string>;
let key: string;

async function order(name: string): Promise<z.infer<typeof rendered>> {
  const payload = { template: 'frame-counter', record: { name }, quality: 'draft' };
  const placed = await served.server.inject({ method: 'POST', url: '/v1/renders', payload, headers });
  return vi.waitFor(
    async () => {
      const url = `/v1/renders/${rendered.parse(placed.json()).id}`;
      const found = rendered.parse((await served.server.inject({ url, headers })).json());
      expect(found.status.state).toBe('done');
      return found;
    },
    { timeout: 120_000, interval: 100 },
  );
}

const pathOf = (url: string | undefined): string => (url ?? '').replace(publicUrl, '');

/** Holds every teaser back while it is closed, and lets them fail while it is broken. */
const teasers = { gate: newGate(), broken: false };

const withHeldTeasers = (pipeline: Pipeline): Pipeline => ({
  ...pipeline,
  media: {
    ...pipeline.media,
    teaser: async (...of) => {
      await teasers.gate.pass();
      if (teasers.broken) throw new BespokeError('media-failed', 'There was no picture.');
      await pipeline.media.teaser(...of);
    },
  },
});

beforeAll(async () => {
  served = await serveDeployment({}, { exchangeParts: withHeldTeasers });
  headers = await served.keyed('admin');
  worker = await served.open.startWorker();
  const done = await order('Anna Marked');
  id = done.id;
  const { video, poster, teaser, captions } = done.links;
  links = {
    video: pathOf(video),
    poster: pathOf(poster),
    teaser: pathOf(teaser),
    captions: pathOf(captions),
  };
  key = (await served.open.pipeline.renders.find(id))?.key ?? '';
});

afterAll(async () => {
  await worker.stop('abort');
  await served.close();
});

const get = (url: string, more: Omit<InjectOptions, 'url'> = {}) => served.server.inject({ url, ...more });

it.each([
  ['video', 'video/mp4', 'video.mp4'],
  ['poster', 'image/jpeg', 'poster.jpg'],
  ['teaser', 'image/gif', 'teaser.gif'],
  ['captions', 'text/vtt; charset=utf-8', 'captions.vtt'],
] as const)('shows a %s to whoever has its link', async (kind, type, saved) => {
  const answer = await get(links[kind]);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers).toMatchObject({
    'content-type': type,
    'content-length': String(answer.rawPayload.length),
    'content-disposition': `inline; filename="${saved}"`,
    'cache-control': 'private, max-age=600',
    'accept-ranges': 'bytes',
    etag: `"${key}"`,
    'x-robots-tag': 'noindex, nofollow',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'cross-origin',
    'access-control-allow-origin': '*',
    'x-content-type-options': 'nosniff',
  });
  expect(answer.headers).not.toHaveProperty('last-modified');
  expect(answer.headers).not.toHaveProperty('set-cookie');
  expect(answer.rawPayload.length).toBeGreaterThan(40);
  const head = await get(links[kind], { method: 'HEAD' });
  expect(head.rawPayload).toHaveLength(0);
  expect(head.headers).toEqual({
    ...answer.headers,
    'x-request-id': head.headers['x-request-id'],
    date: head.headers.date,
  });
  const download = await get(`${links[kind]}?download`);
  expect(download.headers['content-disposition']).toBe(`attachment; filename="${saved}"`);
});

describe('ranges', () => {
  it.each([
    ['bytes=0-99', 0, 100],
    ['bytes=100-', 100, undefined],
    ['bytes=-50', -50, undefined],
    ['bytes=10-99999999', 10, undefined],
  ] as const)('sends %s of a video', async (range, from, to) => {
    const { rawPayload: whole } = await get(links.video);
    const part = await get(links.video, { headers: { range } });
    const expected = whole.subarray(from, to);
    expect(part.statusCode).toBe(206);
    expect(part.rawPayload.equals(expected)).toBe(true);
    const start = from < 0 ? whole.length + from : from;
    expect(part.headers['content-range']).toBe(
      `bytes ${start}-${start + expected.length - 1}/${whole.length}`,
    );
    expect(part.headers['content-length']).toBe(String(expected.length));
  });

  it('refuses a range behind the end and says how long the file is', async () => {
    const { rawPayload: whole } = await get(links.video);
    const answer = await get(links.video, { headers: { range: `bytes=${whole.length}-` } });
    expect(answer.json()).toMatchObject({ status: 416, code: 'range-invalid' });
    expect(answer.headers['content-range']).toBe(`bytes */${whole.length}`);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  it.each([
    'bytes=abc',
    'bytes=',
    'bytes=5-1',
    'lines=0-10',
    'bytes=0-1,5-9',
    `bytes=${'0-1,'.repeat(2000)}`,
  ])('sends no nonsense for the range %s', async (range) => {
    const answer = await get(links.video, { headers: { range } });
    expect([200, 206, 416]).toContain(answer.statusCode);
    if (answer.statusCode === 206) expect(answer.rawPayload).toHaveLength(2);
  });

  it('goes on with a download of this file, and sends another one from its beginning', async () => {
    const ask = (ifRange: string) =>
      get(links.video, { headers: { range: 'bytes=10-19', 'if-range': ifRange } });
    expect((await ask(`"${key}"`)).statusCode).toBe(206);
    for (const other of ['"other"', `W/"${key}"`, 'Tue, 24 Nov 2026 00:00:00 GMT', 'x']) {
      expect((await ask(other)).statusCode).toBe(200);
    }
  });

  it('does not send again what a cache has', async () => {
    for (const tag of [`"${key}"`, `W/"${key}"`, `"a", "${key}"`, '*']) {
      const answer = await get(links.video, { headers: { 'if-none-match': tag, range: 'bytes=0-9' } });
      expect([answer.statusCode, answer.rawPayload.length]).toEqual([304, 0]);
      expect(answer.headers.etag).toBe(`"${key}"`);
    }
    expect((await get(links.video, { headers: { 'if-none-match': '"other"' } })).statusCode).toBe(200);
  });
});

/** What a caller can tell two answers apart by. */
async function seen(url: string, server: Server = served.server) {
  const answer = await server.inject({ url });
  const { date: _date, 'x-request-id': _requestId, ...rest } = answer.headers;
  const { requestId: _id, ...problem } = z.record(z.string(), z.unknown()).parse(answer.json());
  return { status: answer.statusCode, headers: rest, problem };
}

/** The same deployment, served with another clock or another store. */
async function serveOtherwise(change: (pipeline: Pipeline) => Pipeline): Promise<Server> {
  const note = (): void => undefined;
  return createServer({
    pipeline: change(served.open.pipeline),
    health: () => served.open.health({ browser: false }),
    metrics: async () => '',
    publicUrl,
    linkDays: 365,
    webhookOrigins: [],
    uploadLimitBytes: 1_000_000,
    rateLimit: 1_000,
    log: { info: note, error: note },
  });
}

it('answers all that leads nowhere alike', async () => {
  const token = links.video.slice('/f/'.length);
  const other = await order('Bo Withdrawn');
  const withdrawn = pathOf(other.links.video);
  expect((await get(withdrawn)).statusCode).toBe(200);
  await served.server.inject({ method: 'DELETE', url: `/v1/renders/${other.id}/links`, headers });
  const expiring = await serveOtherwise((pipeline) => ({
    ...pipeline,
    clock: { now: () => new Date(Date.now() + 366 * day) },
  }));
  const answers = [
    await seen('/f/x'),
    await seen(`/f/${'A'.repeat(44)}`),
    await seen(`/f/${token.slice(0, 22)}${'A'.repeat(22)}`),
    await seen(`/f/${'A'.repeat(22)}${token.slice(22)}`),
    await seen(`/f/${token}A`),
    await seen('/f/..%2f..%2fetc%2fpasswd'),
    await seen('/f/%00'),
    await seen(`/f/${key}.mp4`),
    await seen(withdrawn),
    await seen(links.video, expiring),
  ];
  expect(answers[0]).toMatchObject({
    status: 404,
    problem: { code: 'link-unknown' },
    headers: { 'cache-control': 'no-store' },
  });
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  await expiring.close();
});

it('changes nothing, however often it is looked at', async () => {
  const { renders, campaigns } = served.open.pipeline;
  const standing = async () => JSON.stringify([await renders.find(id), await campaigns.find(id)]);
  const before = await standing();
  for (const url of Object.values(links)) {
    await get(url);
    await get(url, { method: 'HEAD' });
  }
  expect(await standing()).toBe(before);
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'] as const) {
    expect((await get(links.video, { method })).json()).toMatchObject({ status: 405 });
  }
});

it('redirects to a store elsewhere, and keeps for itself what no signed address can do', async () => {
  const asked: unknown[] = [];
  const remote = await serveOtherwise((pipeline) => ({
    ...pipeline,
    store: {
      ...pipeline.store,
      address: async (shelf, name, answer) => {
        asked.push({ shelf, name, answer });
        return `https://store.test/${name}?signature=1`;
      },
    },
  }));
  const answer = await remote.inject(links.video);
  expect(answer.statusCode).toBe(302);
  expect(answer.headers).toMatchObject({
    location: `https://store.test/${key}.mp4?signature=1`,
    'cache-control': 'no-store',
  });
  expect(asked).toEqual([
    {
      shelf: 'videos',
      name: `${key}.mp4`,
      answer: { contentType: 'video/mp4', cacheControl: 'private, max-age=600', seconds: 3600 },
    },
  ]);
  const head = await remote.inject({ method: 'HEAD', url: links.video });
  expect([head.statusCode, head.headers['content-type']]).toEqual([200, 'video/mp4']);
  const saved = await remote.inject(`${links.video}?download=1`);
  expect([saved.statusCode, saved.headers['content-disposition']]).toEqual([
    200,
    'attachment; filename="video.mp4"',
  ]);
  await remote.close();
});

it('slows down who tries addresses, and nobody who has one', async () => {
  const guarded = await serveOtherwise((pipeline) => pipeline);
  const statuses = [];
  for (let index = 0; index < 70; index += 1)
    statuses.push((await guarded.inject(`/f/guess${index}`)).statusCode);
  expect(statuses.slice(0, 60)).toEqual(Array.from({ length: 60 }, () => 404));
  const refused = await guarded.inject('/f/guess');
  expect(refused.json()).toMatchObject({ status: 429, code: 'rate-limited' });
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect((await guarded.inject(links.poster)).statusCode).toBe(200);
  await guarded.close();
});

const find = async (render: string): Promise<z.infer<typeof rendered>> =>
  rendered.parse((await get(`/v1/renders/${render}`, { headers })).json());

it('is done before its teaser, whose link waits for it', async () => {
  teasers.gate.close();
  const { id: early, status, links: given } = await order('Dee First');
  expect(status).toMatchObject({ state: 'done', coming: ['teaser'], warnings: [] });
  expect((await get(pathOf(given.video))).headers['content-type']).toBe('video/mp4');
  expect((await get(pathOf(given.poster))).headers['content-type']).toBe('image/jpeg');
  expect((await get(pathOf(given.captions))).statusCode).toBe(200);

  const waiting = get(pathOf(given.teaser));
  await vi.waitFor(() => expect(teasers.gate.held()).toBe(1), { timeout: 10_000 });
  teasers.gate.open();
  expect((await waiting).headers['content-type']).toBe('image/gif');
  await vi.waitFor(async () => expect((await find(early)).status.coming).toEqual([]), { timeout: 10_000 });
});

it('stays done without a teaser that cannot be made, and says so', async () => {
  teasers.broken = true;
  const { id: poor, links: given } = await order('Eve Without');
  await vi.waitFor(async () => expect((await find(poor)).status.coming).toEqual([]), {
    timeout: 60_000,
    interval: 100,
  });
  teasers.broken = false;
  const { status, links: left } = await find(poor);
  expect(status).toMatchObject({
    state: 'done',
    warnings: [{ code: 'picture-unavailable', field: 'teaser' }],
  });
  expect(Object.keys(left)).toEqual(expect.arrayContaining(['video', 'poster', 'captions']));
  expect(left).not.toHaveProperty('teaser');
  expect((await get(pathOf(given.teaser))).statusCode).toBe(404);
});

it('makes a picture or a video again that is gone from the store', async () => {
  const { links: gone, id: lost } = await order('Cy Lost');
  const { store, renders } = served.open.pipeline;
  const { poster, video } = renderFiles((await renders.find(lost))?.key ?? '');
  await rm(await store.fetch('posters', poster));
  const early = await get(pathOf(gone.poster));
  expect(early.json()).toMatchObject({ status: 503, code: 'service-unavailable' });
  expect(early.headers['retry-after']).toBe('5');
  expect((await get(pathOf(gone.poster))).headers['content-type']).toBe('image/jpeg');

  await rm(await store.fetch('videos', video));
  const answer = await get(pathOf(gone.video));
  expect(answer.json()).toMatchObject({ status: 503, code: 'service-unavailable' });
  expect(answer.headers['cache-control']).toBe('no-store');
  await vi.waitFor(
    async () => expect((await get(pathOf(gone.video))).headers['content-type']).toBe('video/mp4'),
    { timeout: 30_000, interval: 200 },
  );
});

it('lets nobody wait who goes away in the middle of a file', async () => {
  await served.server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = served.server.server.address() as AddressInfo;
  const leaving = Array.from({ length: 20 }, async () => {
    const abort = new AbortController();
    const answer = await fetch(`http://127.0.0.1:${port}${links.video}`, { signal: abort.signal });
    abort.abort();
    return answer.status;
  });
  expect(await Promise.all(leaving)).toEqual(Array.from({ length: 20 }, () => 200));
  expect((await fetch(`http://127.0.0.1:${port}${links.video}`)).status).toBe(200);
});
