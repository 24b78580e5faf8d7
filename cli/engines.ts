import path from 'node:path';
import type { Registry } from '../video/story/registry.ts';
import { openDailyFile } from '../worker/adapters/log/daily-file.ts';
import { openLog, type StructuredLog } from '../worker/adapters/log/open-log.ts';
import type { Drawing, OpenPipeline, PipelineOptions } from '../worker/compose.ts';
import type { Config } from '../worker/config.ts';
import type { Log } from '../worker/core/ports.ts';
import type { CommandContext } from './context.ts';

interface EngineOptions {
  /** Clips rendered at a time; unset: BESPOKE_CONCURRENCY, else the number of cores. */
  readonly concurrency?: number;
  /** Where this process serves the API to other commands, if it owns the workspace. */
  readonly api?: PipelineOptions['api'] & {};
  /** Unset: the workspace's log. */
  readonly log?: Log;
  /** Where viewers reach this process, unless BESPOKE_PUBLIC_URL is set. */
  readonly publicUrl?: string;
}

/**
 * Opens the engines of the environment, passes them to `use`, and always closes them.
 *
 * @throws BespokeError `config-invalid`, and the errors of the engines.
 */
export async function withPipeline<T>(
  { environment }: CommandContext,
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
  const open = await openPipeline(config, {
    registry,
    log: log ?? openPrivateLog(config.workspace, () => new Date()),
    ...(api !== undefined && { api }),
  });
  try {
    return await use({ ...open, config });
  } finally {
    await open.close();
  }
}

/**
 * Opens what draws scenes, passes it to `use`, and always closes it. It reads and writes none of the deployment's data,
 * so it works beside `bespoke serve` and before it.
 *
 * @throws BespokeError `config-invalid`, `directory-not-writable`, `disk-full`.
 */
export async function withDrawing<T>(
  { environment, deployment }: CommandContext,
  use: (drawing: Drawing) => Promise<T>,
): Promise<T> {
  const [{ parseConfig }, { openDrawing }] = await Promise.all([
    import('../worker/config.ts'),
    import('../worker/compose.ts'),
  ]);
  const config = parseConfig(environment);
  const log = openPrivateLog(config.workspace, () => new Date());
  const registry = await deployment.loadRegistry();
  const drawing = await openDrawing(config, { registry, log });
  try {
    return await use(drawing);
  } finally {
    await drawing.close();
  }
}

/** The log of one process in a workspace. */
export interface PrivateLog extends Log, Pick<StructuredLog, 'server'> {
  /** Notes an unexpected error. @returns the log's path, or `undefined` where it cannot be written. */
  readonly failure: (error: unknown) => string | undefined;
}

/**
 * Writes lines of JSON to `<workspace>/logs/bespoke-<day>.log`, which only its owner may read. Quoted
 * values in messages are left out, because they can be personal.
 */
export function openPrivateLog(workspace: string, now: () => Date): PrivateLog {
  const destination = openDailyFile(path.join(workspace, 'logs'), now);
  const { debug, info, warn, failure, server } = openLog({ destination, level: 'debug', now });
  return {
    debug,
    info,
    warn,
    server,
    failure: (error) => {
      failure(error);
      return destination.file();
    },
  };
}
