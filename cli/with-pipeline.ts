import type { Registry } from '../video/story/registry.ts';
import type { Pipeline } from '../worker/core/pipeline.ts';
import type { Config } from '../worker/config.ts';
import { openPrivateLog } from './private-log.ts';
import type { Setting } from './setting.ts';

/** What a command needs besides the pipeline itself. */
export interface OpenPipeline {
  readonly pipeline: Pipeline;
  readonly config: Config;
  readonly startWorker: () => Promise<{ readonly stop: (how: 'drain' | 'abort') => Promise<void> }>;
}

/**
 * Opens the engines that the environment names, hands them over, and closes them whatever happens.
 *
 * @throws BespokeError `config-invalid`, and whatever the engines refuse with.
 */
export async function withPipeline<T>(
  { environment }: Setting,
  registry: Registry,
  { concurrency }: { readonly concurrency?: number },
  use: (open: OpenPipeline) => Promise<T>,
): Promise<T> {
  const [{ parseConfig }, { openPipeline }] = await Promise.all([
    import('../worker/config.ts'),
    import('../worker/compose.ts'),
  ]);
  const parsed = parseConfig(environment);
  const config = { ...parsed, concurrency: concurrency ?? parsed.concurrency };
  const log = openPrivateLog(config.workspace, () => new Date());
  const { pipeline, startWorker, close } = await openPipeline(config, { registry, log });
  try {
    return await use({ pipeline, config, startWorker });
  } finally {
    await close();
  }
}
