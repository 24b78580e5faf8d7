import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { createServer } from '../../../server/app.ts';
import { renderSchema } from '../../../server/schemas/render.ts';
import { findBrowser } from '../../../worker/adapters/render/find-browser.ts';
import type { Pipeline } from '../../../worker/core/pipeline.ts';
import { makeApiKey } from '../../../worker/keys/make-api-key.ts';
import { newDeployment, openDeployment, removeDeployment, sharedCache } from '../../e2e/deployment.ts';
import { freePort } from '../../services/free-port.ts';
import { countClips, type CountedSize } from './counted-clips.ts';
import { recordFrames, type PaintedFrame } from './frame-recorder.ts';
import { watchingRegistry, writeWatchingSounds } from './watching.ts';

/** A film that was ordered. */
export interface OrderedFilm {
  readonly id: string;
  /** The address of its page. */
  readonly page: string;
}

/** A page that watches, and what went wrong in it. */
export interface Watcher {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly problems: readonly string[];
}

/** What kind of film is ordered. */
interface OrderTerms {
  readonly template?: 'watching' | 'watching-arabic';
  readonly format?: '16:9' | '9:16';
}

/** A real server with a worker that draws counted frames, and a real browser. */
export interface PlayerBench {
  readonly origin: string;
  readonly pipeline: Pipeline;
  readonly order: (name: string, terms?: OrderTerms) => Promise<OrderedFilm>;
  readonly withdraw: (film: OrderedFilm) => Promise<void>;
  /** An empty page whose frames are recorded. */
  readonly visit: (options?: BrowserContextOptions) => Promise<Watcher>;
  /** The page of a film that can begin. */
  readonly open: (url: string, options?: BrowserContextOptions) => Promise<Watcher>;
  /** What each clip that was painted shows. */
  readonly nameOf: (clip: number) => string;
  readonly close: () => Promise<void>;
}

const definedOnly = (variables: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

/** What the frames of a bench's film are. */
export interface BenchFilm extends CountedSize {
  readonly fps: number;
}

/** @param pass what happens before a clip is drawn, by its name. */
export async function openPlayerBench(
  pass: (name: string) => Promise<void> = () => Promise.resolve(),
  { fps, ...size }: BenchFilm = { width: 320, height: 180, fps: 10 },
): Promise<PlayerBench> {
  const deployment = await newDeployment('embedded', { redisUrl: '', postgresUrl: '' });
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
  const publicUrl = `http://127.0.0.1:${port}`;
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
  await pipeline.apiKeys.add(key);
  const headers = { authorization: `Bearer ${text}` };
  const { executable, environment } = await findBrowser({
    configured: process.env.BESPOKE_BROWSER,
    root: fileURLToPath(new URL('../../../', import.meta.url)),
    cacheDirectory: sharedCache,
  });
  const browser = await chromium.launch({
    executablePath: executable,
    env: { ...definedOnly(process.env), ...environment },
  });

  const visit = async (options: BrowserContextOptions = {}): Promise<Watcher> => {
    const context = await browser.newContext({ viewport: { width: 1000, height: 760 }, ...options });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    // The benchmark's loader gives functions their names by a helper that no page has.
    await page.addInitScript({ content: 'globalThis.__name = (made) => made;' });
    await page.addInitScript(recordFrames);
    return { context, page, problems };
  };

  return {
    origin: publicUrl,
    pipeline,
    order: async (name, terms = {}) => {
      const payload = { template: 'watching', ...terms, quality: 'draft', record: { name, plan: 'Plus' } };
      const placed = await server.inject({ method: 'POST', url: '/v1/renders', payload, headers });
      const { id, links } = renderSchema.parse(placed.json());
      await server.inject({ url: links.events.replace(publicUrl, ''), headers });
      const done = renderSchema.parse((await server.inject({ url: `/v1/renders/${id}`, headers })).json());
      if (done.links.page === undefined) throw new Error(`No page was made: ${JSON.stringify(done)}`);
      return { id, page: done.links.page };
    },
    withdraw: async ({ id }) => {
      const answer = await server.inject({ method: 'DELETE', url: `/v1/renders/${id}/links`, headers });
      if (answer.statusCode >= 300) throw new Error(answer.body);
    },
    visit,
    open: async (url, options) => {
      const watcher = await visit(options);
      await watcher.page.goto(url);
      await watcher.page.locator('.begin').waitFor();
      return watcher;
    },
    nameOf: (clip) => clips.names.get(clip) ?? `unknown clip ${clip}`,
    close: async () => {
      await browser.close();
      await worker.stop('abort');
      await server.close();
      await open.close();
      await removeDeployment(deployment);
    },
  };
}

/** The frames that a page has painted. */
export const paintedFrames = (page: Page): Promise<readonly PaintedFrame[]> =>
  page.evaluate(() => window.paintedFrames);
