import { BespokeError } from '../errors/bespoke-error.ts';
import type { Registry } from '../video/story/registry.ts';
import type { Host } from '../worker/adapters/workspace/find-host.ts';
import type { Config } from '../worker/config.ts';
import type { Operations } from '../worker/guests/operations.ts';
import { watchInterrupts } from './interrupt.ts';
import type { Setting } from './setting.ts';
import { withPipeline, withWorker } from './with-pipeline.ts';

/** How a command wants its work done. */
interface Wish {
  /** Whether this process has to render where it does the work itself. */
  readonly renders: boolean;
  /** Clips rendered at a time; unset: what the environment says, else by cores. */
  readonly concurrency?: number;
  /** Writes a line for people. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** The one who does the work of others in this workspace, if there is one. */
async function lookForHost({ workspace, redisUrl, databaseUrl }: Config): Promise<Host | undefined> {
  // Engines that are shared need no owner.
  if (redisUrl !== undefined && databaseUrl !== undefined) return undefined;
  const [{ findHost }, { workspaceAt }] = await Promise.all([
    import('../worker/adapters/workspace/find-host.ts'),
    import('../worker/adapters/workspace/workspace.ts'),
  ]);
  return findHost(workspaceAt(workspace).owner);
}

async function useHost<T>(
  host: Host,
  { say, concurrency, signal }: Wish,
  use: (operations: Operations, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { visitHost } = await import('../worker/guests/visit-host.ts');
  try {
    const operations = visitHost(host);
    say(`Going through the server that holds this workspace (pid ${host.pid}).`);
    if (concurrency !== undefined) {
      say('--concurrency is not heeded: the server renders as many clips at a time as it was told to.');
    }
    return await use(operations, signal);
  } finally {
    host.connection.destroy();
  }
}

/**
 * Hands over operations on the pipeline that the environment names: this process's own or, where a
 * server holds the workspace, that server's. They can be used for one operation.
 *
 * @throws BespokeError `config-invalid`, `workspace-held`, `server-stopped`, and whatever engines refuse with.
 */
export async function withOperations<T>(
  setting: Setting,
  registry: Registry,
  wish: Wish,
  use: (operations: Operations, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { parseConfig } = await import('../worker/config.ts');
  const config = parseConfig(setting.environment);
  const host = await lookForHost(config);
  if (host !== undefined) return useHost(host, wish, use);

  const { createOperations } = await import('../worker/guests/run-operations.ts');
  let opened = false;
  const { renders, signal, concurrency } = wish;
  const engines = concurrency === undefined ? {} : { concurrency };
  try {
    return renders
      ? await withWorker(setting, registry, engines, signal, (pipeline, either) => {
          opened = true;
          return use(createOperations(pipeline), either);
        })
      : await withPipeline(setting, registry, engines, ({ pipeline }) => {
          opened = true;
          return use(createOperations(pipeline), signal);
        });
  } catch (error) {
    if (opened || !(error instanceof BespokeError && error.code === 'workspace-held')) throw error;
    // A server may have come in between.
    const late = await lookForHost(config);
    if (late === undefined) throw error;
    return useHost(late, wish, use);
  }
}

/**
 * Hands over operations that render nothing: what asks and tells, rather than works.
 *
 * @throws BespokeError as `withOperations` does.
 */
export async function askOperations<T>(
  setting: Setting,
  use: (operations: Operations, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { terminal, deployment } = setting;
  const registry = await deployment.loadRegistry();
  const interrupts = watchInterrupts(terminal, () => terminal.say('Stopping.'));
  try {
    const { signal } = interrupts;
    return await withOperations(setting, registry, { renders: false, say: terminal.say, signal }, use);
  } finally {
    interrupts.dispose();
  }
}
