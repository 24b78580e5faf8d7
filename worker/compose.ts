import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { BespokeError } from '../errors/bespoke-error.ts';
import type { Registry } from '../video/story/registry.ts';
import { createCampaigns } from './adapters/database/campaigns.ts';
import { createClips } from './adapters/database/clips.ts';
import { createConversions } from './adapters/database/conversions.ts';
import { createCuts } from './adapters/database/cuts.ts';
import type { DatabaseAccess } from './adapters/database/database.ts';
import { createKeys } from './adapters/database/keys.ts';
import { createPeople } from './adapters/database/people.ts';
import { connectPgliteTables, maintainPglite, openPglite } from './adapters/database/pglite.ts';
import { connectPostgresTables } from './adapters/database/postgres.ts';
import { createRenders } from './adapters/database/renders.ts';
import { createViewerEvents } from './adapters/database/viewer-events.ts';
import { createViewers } from './adapters/database/viewers.ts';
import { createStills } from './adapters/database/stills.ts';
import { createWebhookEndpoints } from './adapters/database/webhook-endpoints.ts';
import { createWebhooks } from './adapters/database/webhooks.ts';
import { createDeployment, createWorkers } from './adapters/database/workers.ts';
import { makeAudioSource } from './adapters/images/fetch-audio.ts';
import { makeImageSource } from './adapters/images/fetch-image.ts';
import { makeMedia } from './adapters/media/media.ts';
import { createMetrics, type PrometheusMetrics } from './adapters/metrics/metrics.ts';
import { makeWebhookSender } from './adapters/outbound/webhook-sender.ts';
import { bullmqQueueDefaults, type BullmqQueueOptions } from './adapters/queue/bullmq-engine.ts';
import { createBullmqQueue } from './adapters/queue/bullmq-queue.ts';
import { connectPglite } from './adapters/queue/pglite.ts';
import { connectRedis } from './adapters/queue/redis.ts';
import {
  makeRemotionRenderer,
  type RemotionRenderer,
  type RendererOptions,
} from './adapters/render/remotion-renderer.ts';
import { openSpeech } from './adapters/speech/open-speech.ts';
import { openFolderStore } from './adapters/store/folder-store.ts';
import { openStore } from './adapters/store/open-store.ts';
import { foldersOf } from './adapters/templates/find-templates.ts';
import { type Holder, ownWorkspace } from './adapters/workspace/owner.ts';
import { loadSecret } from './adapters/workspace/secret.ts';
import { openWorkspace, type Workspace } from './adapters/workspace/workspace.ts';
import { webhookData } from './campaigns/report.ts';
import { createHealthCheck, type Health } from './check-health.ts';
import type { Config } from './config.ts';
import { hmacWith } from './core/hmac.ts';
import type { ImagePipeline } from './core/image-resolver.ts';
import { createJobHandlers } from './core/job-handlers.ts';
import { createWebhookHandler } from './core/jobs/deliver-webhook.ts';
import { createJobWatch, jobLimits, type JobWatch } from './core/jobs/guard.ts';
import { catchUp, keepGoing } from './core/jobs/keep-going.ts';
import type { Pipeline, Repositories } from './core/pipeline.ts';
import type { JobName, Log, Store } from './core/ports.ts';
import { createReplanWithdrawn } from './core/replan-withdrawn.ts';
import { joinWorkers } from './core/workers.ts';
import { viewerData } from './measurement/viewer-message.ts';
import { bringUpToDate } from './measurement/campaign-watching.ts';
import { readWatchedVideo } from './viewers/viewer-session.ts';

/** What a pipeline needs besides its configuration. */
export interface PipelineOptions {
  readonly registry: Registry;
  readonly log: Log;
  /** Instead of the registry's folders, and of the module that is generated for them, for tests and measurements. */
  readonly studio?: Partial<Pick<RendererOptions, 'entryPoint' | 'templates'>>;
  /** Where this process, if it owns the workspace, serves the API to other commands of its user. */
  readonly api?: Holder['api'];
  /** For tests that share a server or wait for retries and dead workers' jobs. */
  readonly queue?: Partial<Pick<BullmqQueueOptions, 'name' | 'lockMs' | 'backoffMs'>>;
  /** For tests that wait until a worker finds lost work: milliseconds between its checks. */
  readonly lookEveryMs?: number;
  /** For tests that count what parts do or let them fail. */
  readonly exchangeParts?: (pipeline: Pipeline) => Pipeline;
}

/** The jobs that run in this process. */
export interface RunningWorker {
  /** `drain` lets running jobs end, `abort` gives them back. */
  readonly stop: (how: 'drain' | 'abort') => Promise<void>;
  /** Fires, with a BespokeError, when this machine cannot continue (disk full, no browser, another engine); jobs stay queued. */
  readonly halted: AbortSignal;
}

/** A running pipeline. */
export interface OpenPipeline {
  readonly pipeline: Pipeline;
  /** The same pipeline for requests: its operations fail within seconds when the tables do not answer. */
  readonly requests: Pipeline;
  /** What this process has counted. */
  readonly metrics: PrometheusMetrics;
  /**
   * Starts to do jobs in this process. Before that, and regularly while it runs, it queues again what a crash has left.
   *
   * @throws BespokeError `browser-missing`, `engine-mismatch` when other workers run with another engine.
   */
  readonly startWorker: () => Promise<RunningWorker>;
  /** Checks whether the engines answer; takes about two seconds at most. */
  readonly health: (ask: { readonly browser: boolean }) => Promise<Health>;
  readonly close: () => Promise<void>;
}

interface Engines {
  readonly queue: Pipeline['queue'];
  readonly repositories: Repositories;
  /** The same, for requests. */
  readonly requestRepositories: Repositories;
}

/** @param alone whether no other process can use the database. */
export const createRepositories = (access: DatabaseAccess, alone: boolean): Repositories => ({
  deployment: createDeployment(access),
  campaigns: createCampaigns(access),
  renders: createRenders(access),
  clips: createClips(access),
  cuts: createCuts(access),
  viewers: createViewers(access),
  viewerEvents: createViewerEvents(access),
  people: createPeople(access),
  conversions: createConversions(access),
  keys: createKeys(access),
  stills: createStills(access),
  webhooks: createWebhooks(access),
  webhookEndpoints: createWebhookEndpoints(access),
  workers: createWorkers(access, { alone }),
});

/**
 * Jobs of each kind that a worker does at the same time. Joining copies bytes and waits for the disk; a teaser takes
 * half a second of a core; planning and webhooks wait for other machines.
 */
const concurrencyOf = (parallelClips: number): Readonly<Record<JobName, number>> => ({
  'render-clip': parallelClips,
  'assemble-video': Math.max(2, parallelClips),
  'take-pictures': 1,
  'draw-still': 1,
  'plan-render': 4,
  'plan-campaign': 1,
  'prove-cut': 1,
  'deliver-webhook': 20,
});

/**
 * An embedded queue has one owner, which discards all jobs when it starts, so no other process can take over a job.
 * A short lock would only expire while a long statement delays its renewal: PGlite runs one statement at a time.
 */
const embeddedLockMs = 120_000;

/** Closes what was opened, last first, even if some of it fails to close. */
class Closers {
  readonly #all: (() => Promise<void>)[] = [];

  add(close: () => Promise<void>): void {
    this.#all.push(close);
  }

  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#all.splice(0).reverse()) {
      await close().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
}

async function openEngines(
  { redisUrl, databaseUrl }: Config,
  workspace: Workspace,
  { log, api, queue: queueOptions }: PipelineOptions,
  closers: Closers,
): Promise<Engines> {
  const embedded = async () => {
    const command = ['bespoke', ...process.argv.slice(2, 3)].join(' ');
    const owner = await ownWorkspace(workspace.root, workspace.owner, command, api);
    closers.add(owner.release);
    const database = await openPglite(workspace.database);
    closers.add(() => database.close());
    return database;
  };
  const database = redisUrl === undefined || databaseUrl === undefined ? await embedded() : undefined;
  // BullMQ's migrations must be the first to use PGlite's session.
  const engine =
    redisUrl === undefined && database !== undefined
      ? await connectPglite(database)
      : await connectRedis({ url: redisUrl ?? '', log });
  const lock = redisUrl === undefined && { lockMs: embeddedLockMs };
  const queue = await createBullmqQueue(engine, { ...bullmqQueueDefaults, ...lock, ...queueOptions, log });
  closers.add(queue.close);
  const connection =
    database !== undefined && databaseUrl === undefined
      ? await connectPgliteTables(database)
      : await connectPostgresTables({ url: databaseUrl ?? '', log });
  closers.add(connection.close);
  // After the migrations, because it uses the database too.
  if (database !== undefined) closers.add(maintainPglite(database, log).stop);
  const alone = databaseUrl === undefined;
  return {
    queue,
    repositories: createRepositories(connection, alone),
    requestRepositories: createRepositories(connection.forRequests, alone),
  };
}

/**
 * Opens the store. A bucket that refuses access is reported at once, not by the first job. A store that does not
 * answer may be available later, as at any other time.
 */
async function openWorkingStore(config: Config, workspace: Workspace, log: Log): Promise<Store> {
  const store = await openStore(config.store, { cacheFolder: path.join(workspace.cache, 'store'), log });
  if (config.store.kind !== 's3') return store;
  try {
    await store.probe();
  } catch (error) {
    if (!(error instanceof BespokeError) || error.code !== 'store-away') throw error;
    log.warn('the store is unavailable; work waits', { code: error.code });
  }
  return store;
}

/** The ways to what records name by URL. */
function makeSources({ imageOrigins: allowedOrigins, proxy }: Config) {
  const options = { allowedOrigins, proxy };
  return { imageSource: makeImageSource(options), audioSource: makeAudioSource(options) };
}

function makeRenderer(
  config: Config,
  workspace: Workspace,
  { registry, log, studio }: Pick<PipelineOptions, 'registry' | 'log' | 'studio'>,
  metrics?: PrometheusMetrics,
): RemotionRenderer {
  return makeRemotionRenderer({
    cacheDirectory: workspace.cache,
    browser: config.browser,
    clipTimeLimitMs: config.clipTimeoutMs,
    licenceKey: config.remotionLicenseKey,
    log,
    templates: foldersOf(registry),
    ...(metrics !== undefined && { metrics }),
    ...studio,
  });
}

/** Does jobs, and queues lost ones again, until it is stopped. */
async function startWorker(
  pipeline: Pipeline,
  deliverWebhook: ReturnType<typeof createWebhookHandler>,
  watch: JobWatch,
  lookEveryMs: number | undefined,
): Promise<RunningWorker> {
  const readWatched = (session: string) => readWatchedVideo(pipeline, session);
  const replan = createReplanWithdrawn(pipeline, readWatched);
  const halt = new AbortController();
  const membership = await joinWorkers(pipeline, (error) => halt.abort(error));
  let worker: Awaited<ReturnType<Pipeline['queue']['work']>> | undefined;
  try {
    worker = await pipeline.queue.work(
      createJobHandlers(pipeline, deliverWebhook, (error) => halt.abort(error), watch, replan, readWatched),
      concurrencyOf(pipeline.parallelClips),
    );
    await catchUp(pipeline);
  } catch (error) {
    // Nothing else could stop it.
    await worker?.stop('abort').catch(() => undefined);
    await membership.leave();
    throw error;
  }
  const jobs = worker;
  const looking = keepGoing(pipeline, () => bringUpToDate(pipeline), replan, lookEveryMs);
  return {
    stop: async (how) => {
      await Promise.all([looking.stop(), jobs.stop(how)]);
      await membership.leave();
    },
    halted: halt.signal,
  };
}

/**
 * Builds everything from adapters; with `openDrawing` the only place that does.
 *
 * @throws BespokeError when an engine is unavailable or refuses access, a bucket refuses access, another process owns
 * the workspace, it cannot be written to, or the secret is not the one in the database.
 */
export async function openPipeline(config: Config, options: PipelineOptions): Promise<OpenPipeline> {
  const { registry, log, exchangeParts = (parts: Pipeline): Pipeline => parts } = options;
  const closers = new Closers();
  try {
    const workspace = await openWorkspace(config.workspace);
    const hmac = hmacWith(await loadSecret(workspace.secret, config.secret));
    const { queue, repositories, requestRepositories } = await openEngines(
      config,
      workspace,
      options,
      closers,
    );
    await repositories.deployment.checkSecret(hmac('secret-fingerprint', ''));
    if (config.redisUrl === undefined) await queue.reset();
    const metrics = createMetrics();
    metrics.watchQueue(queue);
    const renderer = makeRenderer(config, workspace, options, metrics);
    closers.add(renderer.close);
    const sender = makeWebhookSender({ allowedOrigins: config.webhookOrigins, proxy: config.proxy });
    closers.add(sender.close);
    const { speech, close: closeSpeech } = openSpeech(config);
    closers.add(closeSpeech);
    const pipeline = exchangeParts({
      registry,
      hmac,
      queue,
      ...repositories,
      store: await openWorkingStore(config, workspace, log),
      renderer,
      media: makeMedia(),
      ...makeSources(config),
      speech,
      linkOrigins: config.linkOrigins,
      parallelClips: config.concurrency ?? availableParallelism(),
      clock: { now: () => new Date() },
      log,
      metrics,
    });
    const watch = createJobWatch(jobLimits(config.clipTimeoutMs), pipeline);
    const deliverWebhook = createWebhookHandler(pipeline, {
      sender,
      describe: (campaign, { render, viewed }) =>
        viewed === undefined
          ? webhookData(pipeline, campaign, config, render)
          : viewerData(pipeline, campaign, viewed),
    });
    return {
      pipeline,
      requests: { ...pipeline, ...requestRepositories },
      metrics,
      startWorker: () => startWorker(pipeline, deliverWebhook, watch, options.lookEveryMs),
      health: createHealthCheck(pipeline, watch),
      close: () => closers.close(),
    };
  } catch (error) {
    await closers.close().catch(() => undefined);
    throw error;
  }
}

/** What draws scenes and keeps nothing. */
export interface Drawing extends ImagePipeline {
  readonly renderer: RemotionRenderer;
  readonly close: () => Promise<void>;
}

/**
 * Opens what draws scenes: no queue, no tables, and a store that is removed in the end. Of the workspace it uses the
 * bundles and browsers, so that it can run while another process owns the workspace.
 *
 * @throws BespokeError `directory-not-writable`, `disk-full`.
 */
export async function openDrawing(
  config: Config,
  options: Pick<PipelineOptions, 'registry' | 'log' | 'studio'>,
): Promise<Drawing> {
  const workspace = await openWorkspace(config.workspace);
  const closers = new Closers();
  const folder = await mkdtemp(path.join(tmpdir(), 'bespoke-drawing-'));
  closers.add(() => rm(folder, { recursive: true, force: true }));
  const store = await openFolderStore(folder).catch(async (error: unknown) => {
    await closers.close();
    throw error;
  });
  const renderer = makeRenderer(config, workspace, options);
  closers.add(renderer.close);
  return {
    renderer,
    store,
    ...makeSources(config),
    // Nothing is remembered, so its hashes are never compared with those of the deployment.
    hmac: hmacWith(randomBytes(32)),
    clips: {
      images: () => Promise.resolve([]),
      needImages: () => Promise.resolve([]),
      rememberImages: () => Promise.resolve(),
    },
    clock: { now: () => new Date() },
    close: () => closers.close(),
  };
}
