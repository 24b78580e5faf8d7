import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Agent, fetch as fetchWith } from 'undici';
import { startStack, type OurProcess, type Stack } from '../container/stack.ts';
import { apiClient, type ApiClient, type RenderAnswer } from './api-client.ts';
import { testFolder } from './cli-process.ts';
import { untilReady } from './cli-server.ts';
import { probeFile } from './decode-video.ts';
import { searchFolder, searchRedis } from './search-everywhere.ts';

let stack: Stack | undefined;
afterEach(() => stack?.remove());

const ended = ({ status }: RenderAnswer): boolean => !['queued', 'rendering'].includes(status.state);
const keyOf = async ({ process }: OurProcess): Promise<string> =>
  /bsp_[0-9a-f]{12}_[\w-]{43}/.exec(await process.says(/^Ready\b/m))?.[0] ?? '';

/** What a process counts of something, summed over its labels. */
async function countOf(process: OurProcess, metric: string, label = ''): Promise<number> {
  const text = await (await fetch(`${process.address}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${metric}{`) && line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/** Asks all of ours to stop, as Compose does, and waits no longer than Compose would. */
async function stopAll(processes: readonly OurProcess[]): Promise<void> {
  await Promise.all(
    processes.map(async ({ process, stopGraceMs }) => {
      const asked = performance.now();
      process.kill('SIGTERM');
      const { code, signal, stderr } = await process.ended;
      expect({ code, signal }, stderr).toEqual({ code: 0, signal: null });
      expect(performance.now() - asked).toBeLessThan(stopGraceMs);
    }),
  );
}

async function expectVideo(bytes: Uint8Array): Promise<void> {
  const file = join(await testFolder(), 'video.mp4');
  await writeFile(file, bytes);
  const { streams } = await probeFile(file);
  expect(streams.find((each) => each.codec_type === 'video')?.nb_frames).toBe('33');
}

async function finish(api: ApiClient, campaigns: readonly RenderAnswer[]): Promise<readonly RenderAnswer[]> {
  return Promise.all(campaigns.map(({ id }) => api.until(() => api.render(id), ended)));
}

describe('API and workers as the compose file starts them, with a bucket', () => {
  it('share the work, render each clip once, and send viewers to the bucket', async () => {
    stack = await startStack({ store: 'bucket' });
    const api = await stack.startApi();
    const workers = await Promise.all([stack.startWorker('one'), stack.startWorker('two')]);
    for (const { address } of [api, ...workers]) {
      expect((await fetch(`${address}/healthz`)).status).toBe(200);
      await untilReady(address);
    }
    const client = apiClient(api.address, await keyOf(api));
    const campaign = await client.orderRows(['Anna', 'Bo', 'Cleo', 'Dan', '', 'Anna']);
    const campaigns = await Promise.all(['Anna', 'Eva', 'Finn', 'Gro'].map(client.order));
    const videos = await finish(client, campaigns);
    expect(videos.map(({ status }) => status.state)).toEqual(['done', 'done', 'done', 'done']);
    const { rows } = await client.until(
      () => client.campaign(campaign),
      ({ state }) => state === 'finished',
    );
    expect(rows).toEqual({ total: 6, queued: 0, rendering: 0, done: 5, failed: 1, skipped: 0, cancelled: 0 });

    // The intro and one clip for each name, whoever of the two rendered it.
    const rendered = await Promise.all(
      workers.map((worker) => countOf(worker, 'bespoke_clip_render_seconds_count')),
    );
    expect(rendered.reduce((one, other) => one + other)).toBe(1 + 7);

    for (const { links } of videos) {
      const answer = await fetch(links.video ?? '', { redirect: 'manual' });
      expect(answer.status).toBe(302);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const signed = new URL(answer.headers.get('location') ?? '');
      expect(signed.origin).toBe(stack.s3?.access.endpoint);
      expect(signed.href).not.toMatch(/Anna|Eva|Finn|Gro|c-\d/);
      const part = await fetch(signed, { headers: { range: 'bytes=4-7' } });
      expect(part.status).toBe(206);
      expect(part.headers.get('content-type')).toBe('video/mp4');
      expect(part.headers.get('cache-control')).toMatch(/^private, /);
      expect(await part.text()).toBe('ftyp');
      await expectVideo(new Uint8Array(await (await fetch(links.video ?? '')).arrayBuffer()));
    }
    const captions = await fetch(videos[1]?.links.captions ?? '');
    expect(await captions.text()).toContain('Eva');
    await stopAll([api, ...workers]);
  });

  it('told to stop under load, all end in time; started again, all that was accepted is there once', async () => {
    stack = await startStack({ store: 'bucket' });
    let api = await stack.startApi();
    let workers = [await stack.startWorker('one'), await stack.startWorker('two')];
    const key = await keyOf(api);
    const client = apiClient(api.address, key);
    const names = Array.from({ length: 10 }, (_, index) => `Name ${index}`);
    const campaigns = await Promise.all(names.map(client.order));
    const campaign = await client.orderRows(names.map((name) => `${name} of many`));
    await client.until(
      () => Promise.all(campaigns.map(({ id }) => client.render(id))),
      (all) => all.some(ended),
    );
    await stopAll([api, ...workers]);
    await stack.stopServers();

    await stack.startServers();
    api = await stack.startApi();
    workers = [await stack.startWorker('one'), await stack.startWorker('two')];
    const videos = await finish(client, campaigns);
    expect(new Set(videos.map(({ status }) => status.state))).toEqual(new Set(['done']));
    const { rows } = await client.until(
      () => client.campaign(campaign),
      ({ state }) => state === 'finished',
    );
    expect(rows).toMatchObject({ total: 10, done: 10, failed: 0, cancelled: 0 });

    const objects = await readdir(stack.s3?.folder ?? '', { recursive: true });
    const on = (shelf: string): number =>
      objects.filter((file) => file.includes(`live/${shelf}/`) && file.endsWith('_S3rver_object')).length;
    expect({ clips: on('clips'), videos: on('videos') }).toEqual({ clips: 1 + 20, videos: 20 });
    expect(objects.filter((file) => file.includes('_S3rver_uploads/'))).toEqual([]);
    await stopAll([api, ...workers]);
  });
});

describe('API and worker whose bucket is away for 12 s', () => {
  it('accept orders meanwhile, wait, and go on without a failure', async () => {
    stack = await startStack({ store: 'bucket' });
    const api = await stack.startApi();
    const worker = await stack.startWorker('one');
    const client = apiClient(api.address, await keyOf(api));
    const before = await Promise.all(['Anna', 'Bo', 'Cleo', 'Dan'].map(client.order));
    await client.until(
      () => Promise.all(before.map(({ id }) => client.render(id))),
      (all) => all.some(ended),
    );
    await stack.s3?.stop('SIGKILL');
    const meanwhile = await Promise.all(['Eva', 'Finn'].map(client.order));
    await client.until(
      async () => (await fetch(`${worker.address}/readyz`)).status,
      (status) => status === 503,
    );
    expect((await fetch(`${worker.address}/healthz`)).status).toBe(200);
    await sleep(12_000);
    await stack.s3?.start();
    const videos = await finish(client, [...before, ...meanwhile]);
    expect(videos.map(({ status }) => status.state)).toEqual(videos.map(() => 'done'));
    expect(await countOf(worker, 'bespoke_clip_render_seconds_count')).toBe(1 + 6);
    await stopAll([api, worker]);
  });
});

describe('API and worker with passwords and TLS throughout', () => {
  it('trust the authority that NODE_EXTRA_CA_CERTS names', async () => {
    stack = await startStack({ store: 'bucket', tls: true });
    const api = await stack.startApi();
    const worker = await stack.startWorker('one');
    const client = apiClient(api.address, await keyOf(api));
    const [video] = await finish(client, [await client.order('Anna')]);
    expect(video?.status.state).toBe('done');
    const answer = await fetch(video?.links.video ?? '', { redirect: 'manual' });
    const signed = answer.headers.get('location') ?? '';
    expect(signed).toMatch(/^https:/);
    const ca = await readFile(stack.certificates?.authority ?? '', 'utf8');
    const dispatcher = new Agent({ connect: { ca } });
    await expectVideo(new Uint8Array(await (await fetchWith(signed, { dispatcher })).arrayBuffer()));
    await stopAll([api, worker]);
  });
});

describe('API and worker with the shared volume', () => {
  it('stream from the API what workers left there', async () => {
    stack = await startStack({ store: 'folder' });
    const api = await stack.startApi();
    const worker = await stack.startWorker('one');
    const client = apiClient(api.address, await keyOf(api));
    const [video] = await finish(client, [await client.order('Anna')]);
    const answer = await fetch(video?.links.video ?? '', { redirect: 'manual' });
    expect(answer.status).toBe(200);
    await expectVideo(new Uint8Array(await answer.arrayBuffer()));
    expect(await readdir(join(stack.storeFolder, 'videos'))).toHaveLength(1);
    await stopAll([api, worker]);
  });
});

describe('a name that goes through API, queue and worker', () => {
  it('is in no log, no key or value of Redis, no metric and no address', async () => {
    const mark = 'Zaphodine';
    stack = await startStack({ store: 'folder' });
    const api = await stack.startApi();
    const key = await keyOf(api);
    const client = apiClient(api.address, key);
    const single = await client.order(mark);
    const campaign = await client.orderRows([`${mark} the First`, `${mark}\u0007`, mark]);
    await expect(client.order(`${mark}\u0007`)).rejects.toThrow(mark);
    const { redisUrl } = stack;
    expect(await searchRedis(redisUrl, [single.id])).not.toEqual([]);
    expect(await searchRedis(redisUrl, [mark])).toEqual([]);

    const worker = await stack.startWorker('one');
    const [video] = await finish(client, [single]);
    const { rows } = await client.until(
      () => client.campaign(campaign),
      ({ state }) => state === 'finished',
    );
    expect(rows).toMatchObject({ done: 2, failed: 1 });
    expect(await searchRedis(redisUrl, [mark])).toEqual([]);
    const headers = { authorization: `Bearer ${key}` };
    for (const { address } of [api, worker]) {
      const metrics = await (await fetch(`${address}/metrics`, { headers })).text();
      expect(metrics).toContain('bespoke_queue_up 1');
      expect(metrics).not.toContain(mark);
    }
    expect(JSON.stringify(video?.links)).not.toContain(mark);

    await stopAll([api, worker]);
    for (const { process } of [api, worker]) expect((await process.ended).stderr).not.toContain(mark);
    for (const machine of ['api', 'one']) {
      const found = await searchFolder(stack.logFolder(machine), ['"msg"', mark]);
      expect(found).toEqual([expect.stringContaining('"msg" in')]);
    }
  });
});
