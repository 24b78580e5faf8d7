import type { Registry } from '../video/story/registry.ts';
import type { OpenPipeline, Surroundings } from '../worker/compose.ts';
import type { Config } from '../worker/config.ts';
import type { Pipeline } from '../worker/core/pipeline.ts';
import type { Log } from '../worker/core/ports.ts';
import { openPrivateLog } from './private-log.ts';
import type { Setting } from './setting.ts';

interface EngineOptions {
  /** Clips rendered at a time; unset: what the environment says, else by cores. */
  readonly concurrency?: number;
  /** Lets others in, where this process owns the workspace. */
  readonly door?: Surroundings['door'] & {};
  /** Unset: the workspace's log. */
  readonly log?: Log;
  /** Where viewers reach this process, unless the environment names another address. */
  readonly publicUrl?: string;
}

/**
 * Opens the engines that the environment names, hands them over, and closes them whatever happens.
 *
 * @throws BespokeError `config-invalid`, and whatever the engines refuse with.
 */
export async function withPipeline<T>(
  { environment, deployment }: Setting,
  registry: Registry,
  { concurrency, door, log, publicUrl }: EngineOptions,
  use: (open: OpenPipeline & { readonly config: Config }) => Promise<T>,
): Promise<T> {
  const [{ parseConfig }, { openPipeline }] = await Promise.all([
    import('../worker/config.ts'),
    import('../worker/compose.ts'),
  ]);
  const parsed = parseConfig(environment);
  const config = {
    ...parsed,
    concurrency: concurrency ?? parsed.concurrency,
    publicUrl: parsed.publicUrl ?? publicUrl,
  };
  const { studio } = deployment;
  const open = await openPipeline(config, {
    registry,
    log: log ?? openPrivateLog(config.workspace, () => new Date()),
    ...(studio !== undefined && { studio }),
    ...(door !== undefined && { door }),
  });
  try {
    return await use({ ...open, config });
  } finally {
    await open.close();
  }
}

/**
 * Runs work on the pipeline while this process renders. What the machine itself cannot go on from
 * (disk full, no browser) ends the work, as `signal` does; jobs stay queued in both cases.
 *
 * @throws the reason of `signal`, or the machine's failure, or what `use` throws.
 */
export async function withWorker<T>(
  setting: Setting,
  registry: Registry,
  options: EngineOptions,
  signal: AbortSignal,
  use: (pipeline: Pipeline, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return withPipeline(setting, registry, options, async ({ pipeline, startWorker }) => {
    const worker = await startWorker();
    const either = AbortSignal.any([signal, worker.halted]);
    try {
      return await use(pipeline, either);
    } catch (error) {
      throw either.aborted ? either.reason : error;
    } finally {
      await worker.stop(either.aborted ? 'abort' : 'drain');
    }
  });
}
