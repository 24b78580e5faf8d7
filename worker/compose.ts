import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Registry } from '../video/story/registry.ts';
import { connectPgliteTables, openPglite } from './adapters/database/pglite.ts';
import { connectPostgresTables } from './adapters/database/postgres.ts';
import { createLedger } from './adapters/database/ledger.ts';
import { makeImageSource } from './adapters/images/fetch-image.ts';
import { makeMedia } from './adapters/media/media.ts';
import { bullmqQueueDefaults, type BullmqQueueOptions } from './adapters/queue/bullmq-options.ts';
import { createBullmqQueue } from './adapters/queue/bullmq-queue.ts';
import { connectPglite } from './adapters/queue/pglite.ts';
import { connectRedis } from './adapters/queue/redis.ts';
import { makeRemotionRenderer } from './adapters/render/remotion-renderer.ts';
import { openStore } from './adapters/store/open-store.ts';
import { ownWorkspace, type GuestDoor } from './adapters/workspace/owner.ts';
import { loadSecret } from './adapters/workspace/secret.ts';
import { openWorkspace, type Workspace } from './adapters/workspace/workspace.ts';
import type { Config } from './config.ts';
import { createJobHandlers } from './core/job-handlers.ts';
import { createKeyring } from './core/keyring.ts';
import type { Ledger } from './core/ledger.ts';
import type { Pipeline } from './core/pipeline.ts';
import type { JobQueue, Log } from './core/ports.ts';
import { reconcile } from './core/reconcile.ts';

/** What a pipeline is given besides its configuration. */
export interface Surroundings {
  readonly registry: Registry;
  readonly log: Log;
  /** Other than the project's own studio and templates, for tests and measurements. */
  readonly studio?: { readonly entryPoint: string; readonly templatesDirectory: string };
  /** For other processes that want this one, where it owns the workspace, to work for them. */
  readonly door?: GuestDoor;
  /** For tests that share a server or wait for retries and dead workers' jobs. */
  readonly queue?: Partial<Pick<BullmqQueueOptions, 'name' | 'lockMs' | 'backoffMs'>>;
  /** For tests that count what parts do or let them fail. */
  readonly exchangeParts?: (pipeline: Pipeline) => Pipeline;
}

/** Jobs being done in this process. */
export interface RunningWorker {
  /** `drain` lets running jobs end, `abort` gives them back. */
  readonly stop: (how: 'drain' | 'abort') => Promise<void>;
  /** Fires, with a BespokeError, when this machine cannot go on (disk full, no browser); jobs stay queued. */
  readonly halted: AbortSignal;
}

/** A pipeline that runs, and what is owed to it. */
export interface OpenPipeline {
  readonly pipeline: Pipeline;
  /** Takes jobs in this process, after queueing again what a crash may have left. */
  readonly startWorker: () => Promise<RunningWorker>;
  readonly close: () => Promise<void>;
}

interface Engines {
  readonly queue: JobQueue;
  readonly ledger: Ledger;
  readonly close: () => Promise<void>;
}

/** Closes what was opened, last first, even when some of it refuses. */
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
  { log, door, queue: queueOptions }: Surroundings,
  closers: Closers,
): Promise<Engines> {
  const embedded = async () => {
    const command = ['bespoke', ...process.argv.slice(2, 3)].join(' ');
    const owner = await ownWorkspace(workspace.root, workspace.owner, command, door);
    closers.add(owner.release);
    const database = await openPglite(workspace.database);
    closers.add(() => database.close());
    return database;
  };
  const database = redisUrl === undefined || databaseUrl === undefined ? await embedded() : undefined;
  // BullMQ's migrations want PGlite's session before anybody else has used it.
  const engine =
    redisUrl === undefined && database !== undefined
      ? await connectPglite(database)
      : await connectRedis({ url: redisUrl ?? '', log });
  const queue = await createBullmqQueue(engine, { ...bullmqQueueDefaults, ...queueOptions, log });
  closers.add(queue.close);
  const tables =
    database !== undefined && databaseUrl === undefined
      ? await connectPgliteTables(database)
      : await connectPostgresTables({ url: databaseUrl ?? '', log });
  const ledger = createLedger(tables);
  closers.add(ledger.close);
  return { queue, ledger, close: () => closers.close() };
}

/**
 * Builds everything from adapters; the only place that does.
 *
 * @throws BespokeError when an engine is away or refuses, the workspace is held or cannot be written
 * to, or the secret is not the one that the tables remember.
 */
export async function openPipeline(config: Config, surroundings: Surroundings): Promise<OpenPipeline> {
  const { registry, log, studio, exchangeParts = (parts: Pipeline): Pipeline => parts } = surroundings;
  const closers = new Closers();
  try {
    const workspace = await openWorkspace(config.workspace);
    const keyring = createKeyring(await loadSecret(workspace.secret, config.secret));
    const { queue, ledger } = await openEngines(config, workspace, surroundings, closers);
    await ledger.checkSecret(keyring('secret-fingerprint', ''));
    if (config.redisUrl === undefined) await queue.reset();
    const renderer = makeRemotionRenderer({
      cacheDirectory: workspace.cache,
      browser: config.browser,
      clipTimeLimitMs: config.clipTimeoutMs,
      licenceKey: config.remotionLicenseKey,
      log,
      ...studio,
    });
    closers.add(renderer.close);
    const pipeline = exchangeParts({
      registry,
      keyring,
      ledger,
      queue,
      store: await openStore(config.store, { cacheFolder: path.join(workspace.cache, 'store'), log }),
      renderer,
      media: makeMedia(),
      imageSource: makeImageSource({ allowedOrigins: config.imageOrigins }),
      parallelClips: config.concurrency ?? availableParallelism(),
      clock: { now: () => new Date() },
      log,
    });
    return {
      pipeline,
      startWorker: async () => {
        const halt = new AbortController();
        const worker = await queue.work(
          createJobHandlers(pipeline, (error) => halt.abort(error)),
          {
            'render-clip': pipeline.parallelClips,
            'assemble-video': 1,
          },
        );
        await reconcile(pipeline);
        return { stop: worker.stop, halted: halt.signal };
      },
      close: () => closers.close(),
    };
  } catch (error) {
    await closers.close().catch(() => undefined);
    throw error;
  }
}
