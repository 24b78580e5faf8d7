import type { Registry } from '../video/story/registry.ts';
import type { OpenPipeline, Surroundings } from '../worker/compose.ts';
import type { Config } from '../worker/config.ts';
import type { Log } from '../worker/core/ports.ts';
import { openPrivateLog } from './private-log.ts';
import type { Setting } from './setting.ts';

interface EngineOptions {
  /** Clips rendered at a time; unset: what the environment says, else by cores. */
  readonly concurrency?: number;
  /** Where this process serves the API to other commands, if it owns the workspace. */
  readonly api?: Surroundings['api'] & {};
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
  { concurrency, api, log, publicUrl }: EngineOptions,
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
    ...(api !== undefined && { api }),
  });
  try {
    return await use({ ...open, config });
  } finally {
    await open.close();
  }
}
