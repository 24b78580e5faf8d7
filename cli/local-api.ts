import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { createServer as createListener, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, fetch as undiciFetch, type RequestInit as UndiciInit } from 'undici';
import type { BespokeError } from '../errors/bespoke-error.ts';
import { errors } from '../errors/messages.ts';
import { acceptLocalConnection } from '../server/local-callers.ts';
import type { Server } from '../server/server.ts';
import { longestSocketName, type ServingOwner } from '../worker/adapters/workspace/find-owner.ts';
import { shortPathTo } from '../worker/adapters/workspace/short-path.ts';
import type { Holder } from '../worker/adapters/workspace/knock.ts';
import { version } from './version.ts';

const extension = '.api';

/** A socket for this process's API, announced before the API answers. */
export const newApi = (renders: boolean): NonNullable<Holder['api']> => ({
  socket: `${randomBytes(8).toString('hex')}${extension}`,
  version,
  renders,
});

/** The API on a socket that only this user can open. */
export interface LocalApi {
  /** Resolves when no other process is connected any more. */
  readonly alone: () => Promise<void>;
  /** Whether another process is connected. */
  readonly isShared: () => boolean;
  /** Sends requests of this process to its own API. */
  readonly fetch: typeof fetch;
  /** Ends all connections. */
  readonly close: () => Promise<void>;
}

/** A folder that only this user can enter, for engines without a workspace. */
export async function newSocketFolder(): Promise<{
  readonly folder: string;
  readonly remove: () => Promise<void>;
}> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bespoke-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/**
 * Serves the API on a socket of mode 0600.
 *
 * @param folder used only by this process; sockets of killed processes in it are removed.
 */
export async function serveLocally(server: Server, folder: string, name: string): Promise<LocalApi> {
  for (const left of await readdir(folder)) {
    if (left.includes(extension)) await rm(path.join(folder, left), { force: true });
  }
  const short = await shortPathTo(folder, longestSocketName);
  const socketPath = path.join(short.folder, name);
  const open = new Set<Socket>();
  let own: OwnerFetch | undefined;
  const listener = createListener({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket)).on('error', () => undefined);
    acceptLocalConnection(server, socket);
  });
  const draft = `${socketPath}.new`;
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(draft, resolve);
  });
  listener.unref();
  await chmod(draft, 0o600);
  await rename(draft, socketPath);
  return {
    fetch: (input, init) => {
      own ??= fetchOverSocket(socketPath, () => undefined);
      return own.fetch(input, init);
    },
    isShared: () => open.size > (own?.connections() ?? 0),
    alone: async () => {
      await own?.close();
      own = undefined;
      while (open.size > 0) await sleep(100);
    },
    close: async () => {
      await own?.close();
      await rm(path.join(folder, name), { force: true });
      const closed = new Promise((resolve) => listener.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
      await short.drop();
    },
  };
}

interface OwnerFetch {
  readonly fetch: typeof fetch;
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

const isJsonProblem = (type: string | null): boolean => type?.includes('problem+json') === true;

/**
 * A `fetch` that reaches an API over its socket.
 *
 * @param lost the error for a lost connection; `undefined` keeps the original one.
 */
function fetchOverSocket(socketPath: string, lost: () => Error | undefined): OwnerFetch {
  // An event stream is silent for as long as nothing happens.
  const agent = new Agent({
    connect: { socketPath },
    headersTimeout: 0,
    bodyTimeout: 0,
    // The owner waits for the end of commands that are connected.
    keepAliveTimeout: 60_000,
  });
  const send = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
    const form = init.body instanceof FormData ? new Response(init.body) : undefined;
    const headers = new Headers(init.headers);
    if (form !== undefined) headers.set('content-type', form.headers.get('content-type') ?? '');
    const options = {
      ...init,
      headers: [...headers],
      ...(form !== undefined && { body: form.body, duplex: 'half' }),
      redirect: 'manual',
      dispatcher: agent,
    } as unknown as UndiciInit;
    let response: Response;
    try {
      response = (await undiciFetch(String(input), options)) as unknown as Response;
    } catch (error) {
      init.signal?.throwIfAborted();
      throw lost() ?? error;
    }
    // Fastify itself answers like this while it closes.
    if (response.status === 503 && !isJsonProblem(response.headers.get('content-type'))) {
      throw lost() ?? new Error('The server is closing.');
    }
    // A file can be in a bucket, which is not behind this socket.
    const elsewhere = response.headers.get('location');
    const isRedirect = response.status >= 300 && response.status < 400 && response.status !== 304;
    return isRedirect && elsewhere !== null
      ? fetch(elsewhere, { ...(init.signal && { signal: init.signal }) })
      : response;
  };
  return {
    fetch: send,
    connections: () => Object.values(agent.stats).reduce((sum, { connected }) => sum + Number(connected), 0),
    close: () => agent.destroy(),
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const startMs = 60_000;

/**
 * Reaches the API of the process that owns a workspace. While that process starts, this one waits.
 *
 * @param folder private to workspace sockets.
 * @throws BespokeError `workspace-held` when the owner has another version.
 */
export async function reachOwner(
  folder: string,
  { pid, command, api }: ServingOwner,
): Promise<Pick<OwnerFetch, 'fetch' | 'close'>> {
  if (api.version !== version) {
    throw errors.ownerOfOtherVersion({ pid, command, theirs: api.version, ours: version });
  }
  const stopped = (): BespokeError => errors.ownerStopped({ pid });
  const short = await shortPathTo(folder, longestSocketName);
  const over = fetchOverSocket(path.join(short.folder, api.socket), stopped);
  for (const until = performance.now() + startMs; !(await readdir(folder)).includes(api.socket);) {
    if (!isAlive(pid) || performance.now() > until) {
      await short.drop();
      throw stopped();
    }
    await sleep(100);
  }
  return {
    fetch: over.fetch,
    close: async () => {
      await over.close();
      await short.drop();
    },
  };
}
