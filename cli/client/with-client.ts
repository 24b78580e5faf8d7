import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient } from '../../client/api-client.ts';
import { BespokeError, hasCode } from '../../errors/bespoke-error.ts';
import { findOwner, type ServingOwner } from '../../worker/adapters/workspace/owner.ts';
import { workspaceAt } from '../../worker/adapters/workspace/workspace.ts';
import type { RunningWorker } from '../../worker/compose.ts';
import { type Config, isOwned, parseConfig } from '../../worker/config.ts';
import type { CommandContext } from '../context.ts';
import { openPrivateLog, withPipeline } from '../engines.ts';
import { aborted, watchInterrupts } from '../interrupt.ts';
import { toErrorReport } from '../report-error.ts';
import { parseRemote, type Remote } from './remote.ts';

/** What a command requires of the API. */
interface Need {
  /** Whether this process must render where it does the work itself. */
  readonly renders: boolean;
  /** Clips rendered at a time; unset: BESPOKE_CONCURRENCY, else the number of cores. */
  readonly concurrency?: number;
  /** Writes a line for people. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** The API, and where it is. */
export interface Reached {
  readonly client: Client;
  /** `remote`: where BESPOKE_URL points. `here`: in this process, or in the owner of the same workspace. */
  readonly place: 'remote' | 'here';
  /** Where viewers reach the server whose API this is; unset where only this command does. */
  readonly publicUrl?: string | undefined;
  /** Identifies the deployment, so that a run continues only where it was started. */
  readonly deployment: string;
}

/** Whether work has started, so that starting elsewhere would do it twice. */
interface Work {
  started: boolean;
}

type Use<T> = (reached: Reached, signal: AbortSignal) => Promise<T>;

const deploymentOf = ({ databaseUrl, workspace }: Config): string =>
  databaseUrl === undefined ? workspace : new URL(databaseUrl).host + new URL(databaseUrl).pathname;

const ownerPollMs = 200;

/**
 * The process that serves the API of this workspace, if there is one. A command that needs videos waits
 * for an owner that does not render to end, which takes seconds.
 */
async function lookForOwner(
  config: Config,
  { renders, say, signal }: Pick<Need, 'renders' | 'say' | 'signal'>,
): Promise<ServingOwner | undefined> {
  if (!isOwned(config)) return undefined;
  for (let waits = 0; ; waits += 1) {
    const owner = await findOwner(workspaceAt(config.workspace).owner);
    if (owner === undefined || owner.api.renders || !renders) return owner;
    if (waits === 0) say(`Waiting for ${owner.command} (pid ${owner.pid}), which uses this workspace.`);
    await sleep(ownerPollMs, undefined, { signal });
  }
}

const haltPollMs = 2_000;

/** Ends the command when the server's worker cannot render. */
async function unlessHalted<T>(
  client: Client,
  signal: AbortSignal,
  use: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const halt = new AbortController();
  const look = async (): Promise<void> => {
    const { halted } = await client.getHealth({ signal });
    if (halted !== undefined) halt.abort(new BespokeError(halted.code, halted.message));
  };
  // A server that does not answer is noticed by the work itself.
  const timer = setInterval(() => void look().catch(() => undefined), haltPollMs);
  try {
    return await use(AbortSignal.any([signal, halt.signal]));
  } catch (error) {
    throw halt.signal.aborted && !signal.aborted ? halt.signal.reason : error;
  } finally {
    clearInterval(timer);
  }
}

async function useOwner<T>(
  config: Config,
  owner: ServingOwner,
  need: Need,
  use: Use<T>,
  work: Work,
): Promise<T> {
  const { say, concurrency, renders, signal } = need;
  const { reachOwner } = await import('./reach-owner.ts');
  const { fetch, close } = await reachOwner(workspaceAt(config.workspace).owner, owner);
  try {
    say(`Using the server that runs in this workspace (pid ${owner.pid}).`);
    if (concurrency !== undefined) {
      say('--concurrency has no effect: the server decides how many clips it renders at a time.');
    }
    const client = createClient({
      baseUrl: 'http://localhost',
      fetch: async (...request) => {
        const response = await fetch(...request);
        work.started = true;
        return response;
      },
    });
    const { publicUrl } = await client.getHealth({ signal });
    // Nothing was ordered yet.
    work.started = false;
    const reached: Reached = { client, place: 'here', publicUrl, deployment: deploymentOf(config) };
    if (!renders) return await use(reached, signal);
    return await unlessHalted(client, signal, (either) => use(reached, either));
  } finally {
    await close();
  }
}

const firstPatienceMs = 5_000;
const patienceMs = 60_000;

async function useRemote<T>(remote: Remote, need: Need, use: Use<T>): Promise<T> {
  const { say, concurrency, signal } = need;
  if (concurrency !== undefined) {
    say('--concurrency has no effect: BESPOKE_URL is set, so other machines render.');
  }
  // Later, work waits longer for a server that restarts. At first, a wrong address is more likely.
  await createClient({ baseUrl: remote.url, patienceMs: firstPatienceMs }).getHealth({ signal });
  let saidAt = Number.NEGATIVE_INFINITY;
  const client = createClient({
    baseUrl: remote.url,
    key: remote.apiKey,
    patienceMs,
    onWait: (error) => {
      // Several requests wait at the same time.
      if (performance.now() - saidAt < patienceMs / 2) return;
      saidAt = performance.now();
      say(`${toErrorReport(error).message} Trying again for up to a minute.`);
    },
  });
  return use({ client, place: 'remote', deployment: remote.url }, signal);
}

/** Becomes the owner until the work is done, and serves other commands meanwhile. */
async function useOwn<T>(
  context: CommandContext,
  config: Config,
  need: Need,
  use: Use<T>,
  work: Work,
): Promise<T> {
  const { renders, concurrency, say, signal } = need;
  const { newApi, openOwnApi } = await import('./own-api.ts');
  const registry = await context.deployment.loadRegistry();
  const api = newApi(renders);
  const log = openPrivateLog(config.workspace, () => new Date());
  const engines = { api, log, ...(concurrency !== undefined && { concurrency }) };
  return withPipeline(context, registry, engines, async (open) => {
    const own = await openOwnApi(
      {
        pipeline: open.requests,
        health: () => open.health({ browser: renders }),
        metrics: open.metrics.expose,
        log: { info: () => undefined, error: log.server.error },
      },
      config,
      api.socket,
      isOwned(config) ? workspaceAt(config.workspace).owner : undefined,
    );
    let worker: RunningWorker | undefined;
    let either = signal;
    try {
      worker = renders ? await open.startWorker() : undefined;
      if (worker !== undefined) either = AbortSignal.any([signal, worker.halted]);
      const reached: Reached = { client: own.client, place: 'here', deployment: deploymentOf(config) };
      work.started = true;
      const result = await use(reached, either);
      if (own.isShared()) say('Done. Other commands use this process, so it ends when they have ended.');
      await Promise.race([own.alone(), aborted(either)]);
      return result;
    } catch (error) {
      throw either.aborted ? either.reason : error;
    } finally {
      await own.close();
      await worker?.stop(either.aborted ? 'abort' : 'drain');
    }
  });
}

/**
 * Reaches the API: the one at BESPOKE_URL, or that of the process that owns this workspace. Without an owner,
 * this process becomes the owner until the work is done.
 *
 * @throws BespokeError `config-invalid`, `workspace-held`, `server-stopped`, and the errors of the engines.
 */
export async function withClient<T>(context: CommandContext, need: Need, use: Use<T>): Promise<T> {
  const remote = parseRemote(context.environment);
  if (remote !== undefined) return useRemote(remote, need, use);
  const config = parseConfig(context.environment);
  for (;;) {
    const owner = await lookForOwner(config, need);
    const work: Work = { started: false };
    try {
      return owner === undefined
        ? await useOwn(context, config, need, use, work)
        : await useOwner(config, owner, need, use, work);
    } catch (error) {
      if (work.started) throw error;
      // Another command became the owner in between, or the owner ended before it answered anything.
      const hasChanged =
        owner === undefined
          ? hasCode(error, 'workspace-held') && (await lookForOwner(config, need)) !== undefined
          : hasCode(error, 'server-stopped');
      if (!hasChanged) throw error;
    }
  }
}

/**
 * Reaches the API for a command that renders nothing.
 *
 * @throws BespokeError as `withClient` does.
 */
export async function askClient<T>(
  context: CommandContext,
  use: (reached: Reached, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { terminal } = context;
  const interrupts = watchInterrupts(terminal, () => terminal.say('Stopping.'));
  try {
    return await withClient(context, { renders: false, say: terminal.say, signal: interrupts.signal }, use);
  } finally {
    interrupts.dispose();
  }
}
