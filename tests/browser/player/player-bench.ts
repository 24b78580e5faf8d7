import type { BrowserContextOptions } from 'playwright-core';
import { createServer } from '../../../server/app.ts';
import { renderSchema } from '../../../worker/campaigns/report-schema.ts';
import { makeApiKey } from '../../../worker/core/keys.ts';
import type { Pipeline } from '../../../worker/core/pipeline.ts';
import { newDeployment, openDeployment, removeDeployment } from '../../e2e/deployment.ts';
import { freePort } from '../../services/free-port.ts';
import { countClips, type CountedSize } from './counted-clips.ts';
import { shopOrigin } from './offering.ts';
import { openBrowser, type Watcher } from './watching-browser.ts';
import { watchingRegistry, writeWatchingSounds } from './watching.ts';

/** A film that was ordered. */
export interface OrderedFilm {
  readonly id: string;
  /** The address of its page. */
  readonly page: string;
}

/** What kind of film is ordered. */
interface OrderTerms {
  readonly template?: 'watching' | 'watching-arabic' | 'offering';
  readonly format?: '16:9' | '9:16';
  /** Values of the record besides the name. */
  readonly record?: object;
  /** The order's call to action. */
  readonly link?: object;
}

/** A real server with a worker that draws counted frames, and a real browser. */
export interface PlayerBench {
  /** Where the server is, without a slash at its end. */
  readonly publicUrl: string;
  readonly pipeline: Pipeline;
  readonly order: (name: string, terms?: OrderTerms) => Promise<OrderedFilm>;
  /** Shows another name behind the link of a film. */
  readonly rename: (film: OrderedFilm, name: string) => Promise<void>;
  readonly withdraw: (film: OrderedFilm) => Promise<void>;
  /** An empty page whose frames are recorded. */
  readonly visit: (options?: BrowserContextOptions) => Promise<Watcher>;
  /** The page of a film that can begin. */
  readonly open: (url: string, options?: BrowserContextOptions) => Promise<Watcher>;
  /** What each clip that was painted shows. */
  readonly nameOf: (clip: number) => string;
  readonly close: () => Promise<void>;
}

/** What the frames of a bench's film are. */
export interface BenchFilm extends CountedSize {
  readonly fps: number;
}

/** Something in front of the server, through which everybody reaches it. */
export interface BenchFront {
  readonly publicUrl: string;
  readonly remove: () => Promise<void>;
}

/**
 * @param pass what happens before a clip is drawn, by its name.
 * @param openFront opens what is in front of the server's port; unset: nothing.
 */
export async function openPlayerBench(
  pass: (name: string) => Promise<void> = () => Promise.resolve(),
  { fps, ...size }: BenchFilm = { width: 320, height: 180, fps: 10 },
  openFront?: (port: number) => Promise<BenchFront>,
): Promise<PlayerBench> {
  const deployment = await newDeployment(
    'embedded',
    { redisUrl: '', postgresUrl: '' },
    { linkOrigins: [shopOrigin] },
  );
  const clips = countClips(pass, size);
  await writeWatchingSounds(deployment.folder);
  const open = await openDeployment(deployment, {
    // A browser that decodes leaves little of two cores: no lock may expire meanwhile.
    queue: { ...deployment.queue, lockMs: 60_000 },
    registry: watchingRegistry(fps, deployment.folder),
    exchangeParts: clips.exchange,
  });
  const { pipeline } = open;
  const port = await freePort();
  const front = await openFront?.(port);
  const publicUrl = front?.publicUrl ?? `http://127.0.0.1:${port}`;
  const server = await createServer({
    pipeline,
    health: () => open.health({ browser: false }),
    metrics: () => open.metrics.expose(),
    publicUrl,
    linkDays: 365,
    webhookOrigins: [],
    uploadLimitBytes: 10_000_000,
    rateLimit: 10_000,
    log: { info: () => undefined, error: () => undefined },
  });
  await server.listen({ port, host: '127.0.0.1' });
  const worker = await open.startWorker();
  const { text, key } = makeApiKey('test', ['render', 'read']);
  await pipeline.keys.add(key);
  const headers = { authorization: `Bearer ${text}` };
  const browser = await openBrowser();

  return {
    publicUrl,
    pipeline,
    order: async (name, { record = { plan: 'Plus' }, ...terms } = {}) => {
      const payload = { template: 'watching', ...terms, quality: 'draft', record: { name, ...record } };
      const placed = await server.inject({ method: 'POST', url: '/v1/renders', payload, headers });
      const { id, links } = renderSchema.parse(placed.json());
      await server.inject({ url: links.events.replace(publicUrl, ''), headers });
      const done = renderSchema.parse((await server.inject({ url: `/v1/renders/${id}`, headers })).json());
      if (done.links.page === undefined) throw new Error(`No page was made: ${JSON.stringify(done)}`);
      return { id, page: done.links.page };
    },
    rename: async ({ id }, name) => {
      const payload = { record: { name } };
      const placed = await server.inject({ method: 'PATCH', url: `/v1/renders/${id}`, payload, headers });
      const { links } = renderSchema.parse(placed.json());
      await server.inject({ url: links.events.replace(publicUrl, ''), headers });
    },
    withdraw: async ({ id }) => {
      const answer = await server.inject({ method: 'DELETE', url: `/v1/renders/${id}/links`, headers });
      if (answer.statusCode >= 300) throw new Error(answer.body);
    },
    visit: browser.visit,
    open: browser.open,
    nameOf: (clip) => clips.names.get(clip) ?? `unknown clip ${clip}`,
    close: async () => {
      await browser.close();
      await worker.stop('abort');
      await server.close();
      await open.close();
      await front?.remove();
      await removeDeployment(deployment);
    },
  };
}
