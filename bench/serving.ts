import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { z } from 'zod';
import { createServer } from '../server/app.ts';
import type { OpenPipeline } from '../worker/compose.ts';
import type { Quality } from '../worker/core/campaigns.ts';
import { makeApiKey } from '../worker/core/keys.ts';
import { renderFiles } from '../worker/core/renders.ts';
import type { CampaignKind } from './campaign/template.ts';
import { openBenchPipeline } from './pipeline.ts';
import { withSharedEngines } from './shared-engines.ts';

/** How fast the HTTP door accepts and answers. Server and clients share the machine and one process. */
export interface ServingFigures {
  /** Requests for single renders that were answered 202, a second, while nothing renders. */
  readonly acceptedPerSecond: { readonly embedded: number; readonly shared: number };
  readonly acceptedRequests: number;
  /** Sorted. From sending a request to the first byte of its video, all clips being stored and nothing joined. */
  readonly firstByteMs: { readonly embedded: readonly number[]; readonly shared: readonly number[] };
}

const acceptedRequests = 1_000;
const clients = 8;
const firstBytes = 40;
const pollMs = 5;

const renderSchema = z.object({
  id: z.string(),
  status: z.object({ state: z.string() }),
  links: z.object({ video: z.string().optional(), page: z.string().optional() }),
});

/** A client of the API. */
export interface Client {
  readonly origin: string;
  /** Of kind `shared` and quality `draft` if not said. @returns the render's id. */
  readonly order: (customerId: string, kind?: CampaignKind, quality?: Quality) => Promise<string>;
  readonly status: (id: string) => Promise<z.infer<typeof renderSchema>>;
  readonly firstByte: (address: string) => Promise<void>;
}

/** Speaks HTTP with a server that listens on loopback. */
function makeClient(pool: Pool, origin: string, key: string): Client {
  const authorization = `Bearer ${key}`;
  async function ask(expected: number, ...[request]: Parameters<Pool['request']>): Promise<unknown> {
    const { statusCode, body } = await pool.request(request);
    const answer = await body.json();
    if (statusCode !== expected) throw new Error(`${statusCode}: ${JSON.stringify(answer)}`);
    return answer;
  }
  return {
    origin,
    order: async (customerId, kind = 'shared', quality = 'draft') => {
      const answer = await ask(202, {
        method: 'POST',
        path: '/v1/renders',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({
          template: 'campaign',
          quality,
          record: { customerId, kind },
        }),
      });
      return renderSchema.parse(answer).id;
    },
    status: async (id) =>
      renderSchema.parse(
        await ask(200, { method: 'GET', path: `/v1/renders/${id}`, headers: { authorization } }),
      ),
    firstByte: async (address) => {
      const { statusCode, body } = await pool.request({ method: 'GET', path: new URL(address).pathname });
      const { done } = await body[Symbol.asyncIterator]().next();
      if (statusCode !== 200 || done === true) throw new Error(`No video: ${statusCode}.`);
      body.destroy();
    },
  };
}

async function timeFirstByte(client: Client, customerId: string): Promise<{ ms: number; id: string }> {
  const began = performance.now();
  const id = await client.order(customerId);
  for (;;) {
    const { status, links } = await client.status(id);
    if (status.state === 'failed') throw new Error('The video failed.');
    if (links.video !== undefined) {
      await client.firstByte(links.video);
      return { ms: performance.now() - began, id };
    }
    await sleep(pollMs);
  }
}

/** Takes a video's own files away and leaves its clips, so that it is joined again. */
async function forgetVideo({ pipeline: { renders, store } }: OpenPipeline, id: string): Promise<void> {
  const { video, poster, teaser, captions } = renderFiles((await renders.find(id))?.key ?? '');
  await store.remove('videos', video);
  await store.remove('posters', poster);
  await store.remove('teasers', teaser);
  await store.remove('captions', captions);
}

/** Serves on loopback, with everybody's limits out of the way. */
export async function withServer<T>(
  folder: string,
  use: (open: OpenPipeline, client: Client) => Promise<T>,
): Promise<T> {
  const open = await openBenchPipeline(folder);
  const noted = () => undefined;
  const server = await createServer({
    pipeline: open.pipeline,
    health: () => open.health({ browser: false }),
    metrics: open.metrics.expose,
    publicUrl: 'http://127.0.0.1',
    linkDays: 365,
    webhookOrigins: [],
    uploadLimitBytes: 1_000_000,
    rateLimit: 1_000_000,
    log: { info: noted, error: noted },
  });
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  const pool = new Pool(origin, { connections: clients });
  try {
    const { text, key } = makeApiKey('bench', ['admin']);
    await open.pipeline.keys.add(key);
    return await use(open, makeClient(pool, origin, text));
  } finally {
    await pool.destroy();
    await server.close();
    await open.close();
  }
}

async function measureAcceptance(client: Client): Promise<number> {
  let sent = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (sent < acceptedRequests) await client.order(`accepted-${(sent += 1)}`);
    }),
  );
  return (acceptedRequests * 1000) / (performance.now() - began);
}

async function measureFirstBytes(open: OpenPipeline, client: Client): Promise<number[]> {
  const worker = await open.startWorker();
  try {
    // The first pays for the clips.
    await forgetVideo(open, (await timeFirstByte(client, 'warm')).id);
    const times: number[] = [];
    for (let time = 0; time < firstBytes; time += 1) {
      const { ms, id } = await timeFirstByte(client, 'warm');
      times.push(ms);
      await forgetVideo(open, id);
    }
    return times.sort((a, b) => a - b);
  } finally {
    await worker.stop('drain');
  }
}

/** Measures the API as a client of it: on the embedded engines, and what it accepts on shared ones. */
export async function measureServing(folder: string, say: (text: string) => void): Promise<ServingFigures> {
  const measure = async (open: OpenPipeline, client: Client) => ({
    firstByteMs: await measureFirstBytes(open, client),
    acceptedPerSecond: await measureAcceptance(client),
  });
  const embedded = await withServer(path.join(folder, 'serving'), measure);
  const shared = await withSharedEngines(folder, () =>
    withServer(path.join(folder, 'serving-shared'), measure),
  );
  const accepted = { embedded: embedded.acceptedPerSecond, shared: shared.acceptedPerSecond };
  say(`accepting: ${accepted.embedded.toFixed(0)} a second embedded, ${accepted.shared.toFixed(0)} shared`);
  return {
    acceptedPerSecond: accepted,
    acceptedRequests,
    firstByteMs: { embedded: embedded.firstByteMs, shared: shared.firstByteMs },
  };
}
