import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type Client } from '../client/api-client.ts';
import { BespokeError, hasCode } from '../errors/bespoke-error.ts';
import { errorCatalogue } from '../errors/catalogue.ts';
import { findOwner, type ServingOwner } from '../worker/adapters/workspace/find-owner.ts';
import { workspaceAt } from '../worker/adapters/workspace/workspace.ts';
import type { RunningWorker } from '../worker/compose.ts';
import { isOwned, parseConfig, type Config } from '../worker/config.ts';
import { parseRemote, type Remote } from './remote.ts';
import { watchInterrupts } from './interrupt.ts';
import { newApi, reachOwner } from './local-api.ts';
import { openPrivateLog } from './private-log.ts';
import type { Setting } from './setting.ts';
import { aborted } from './until-aborted.ts';
import { withPipeline } from './with-pipeline.ts';

/** What a command needs of the API. */
interface Need {
  /** Whether this process must render where it does the work itself. */
  readonly renders: boolean;
  /** Clips rendered at a time; unset: what the environment says, else by cores. */
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
  /** Names the deployment, so that what was begun there is continued there only. */
  readonly deployment: string;
}

type Use<T> = (reached: Reached, signal: AbortSignal) => Promise<T>;

const deploymentOf = ({ databaseUrl, workspace }: Config): string =>
  databaseUrl === undefined ? workspace : new URL(databaseUrl).host + new URL(databaseUrl).pathname;

const ownerPollMs = 200;

/**
 * The process that serves the API of this workspace, if there is one. One that does not render is no help to a
 * command that needs videos; such commands are short, so this waits for its end.
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

/** Ends the work when the worker of the server that does it cannot render. */
async function unlessHalted<T>(
  client: Client,
  signal: AbortSignal,
  use: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const halt = new AbortController();
  const look = async (): Promise<void> => {
    const { halted } = await client.getReadiness({ signal });
    if (halted === undefined) return;
    halt.abort(new BespokeError(halted.code, halted.message ?? `${errorCatalogue[halted.code].title}.`));
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

async function useOwner<T>(config: Config, owner: ServingOwner, need: Need, use: Use<T>): Promise<T> {
  const { say, concurrency, renders, signal } = need;
  const { fetch, close } = await reachOwner(workspaceAt(config.workspace).owner, owner);
  try {
    say(`Going through the server that holds this workspace (pid ${owner.pid}).`);
    if (concurrency !== undefined) {
      say('--concurrency is not heeded: the server renders as many clips at a time as it was told to.');
    }
    const client = createClient({ baseUrl: 'http://localhost', fetch });
    const reached: Reached = { client, place: 'here', deployment: deploymentOf(config) };
    if (!renders) return await use(reached, signal);
    return await unlessHalted(client, signal, (either) => use(reached, either));
  } finally {
    await close();
  }
}

async function useRemote<T>(remote: Remote, need: Need, use: Use<T>): Promise<T> {
  const { say, concurrency, signal } = need;
  if (concurrency !== undefined) {
    say('--concurrency has no effect: BESPOKE_URL is set, so workers elsewhere render.');
  }
  const client = createClient({ baseUrl: remote.url, key: remote.apiKey });
  return use({ client, place: 'remote', deployment: remote.url }, signal);
}

/** Becomes the owner for as long as the work takes, and serves other commands meanwhile. */
async function useOwn<T>(setting: Setting, config: Config, need: Need, use: Use<T>): Promise<T> {
  const { renders, concurrency, say, signal } = need;
  const { openOwnApi } = await import('./own-api.ts');
  const registry = await setting.deployment.loadRegistry();
  const api = newApi(renders);
  const log = openPrivateLog(config.workspace, () => new Date());
  const engines = { api, log, ...(concurrency !== undefined && { concurrency }) };
  return withPipeline(setting, registry, engines, async (open) => {
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
      const made = await use(reached, either);
      if (own.isShared()) say('Done. Other commands go through this one, so it ends when they have ended.');
      await Promise.race([own.alone(), aborted(either)]);
      return made;
    } catch (error) {
      throw either.aborted ? either.reason : error;
    } finally {
      await own.close();
      await worker?.stop(either.aborted ? 'abort' : 'drain');
    }
  });
}

/**
 * Hands over the API: the one that BESPOKE_URL names, or that of the process which owns this workspace. Where
 * nobody owns it, this process does for as long as the work takes.
 *
 * @throws BespokeError `config-invalid`, `workspace-held`, `server-stopped`, and what the engines refuse with.
 */
export async function withClient<T>(setting: Setting, need: Need, use: Use<T>): Promise<T> {
  const remote = parseRemote(setting.environment);
  if (remote !== undefined) return useRemote(remote, need, use);
  const config = parseConfig(setting.environment);
  const owner = await lookForOwner(config, need);
  if (owner !== undefined) return useOwner(config, owner, need, use);
  let begun = false;
  try {
    return await useOwn(setting, config, need, (reached, signal) => {
      begun = true;
      return use(reached, signal);
    });
  } catch (error) {
    if (begun || !hasCode(error, 'workspace-held')) throw error;
    // Another command may have become the owner in between.
    const late = await lookForOwner(config, need);
    if (late === undefined) throw error;
    return useOwner(config, late, need, use);
  }
}

/**
 * Hands over the API for a command that renders nothing.
 *
 * @throws BespokeError as `withClient` does.
 */
export async function askClient<T>(
  setting: Setting,
  use: (reached: Reached, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { terminal } = setting;
  const interrupts = watchInterrupts(terminal, () => terminal.say('Stopping.'));
  try {
    return await withClient(setting, { renders: false, say: terminal.say, signal: interrupts.signal }, use);
  } finally {
    interrupts.dispose();
  }
}
