import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, fetch as undiciFetch, type RequestInit as UndiciInit } from 'undici';
import type { BespokeError } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import { longestSocketName, type ServingOwner, shortPathTo } from '../../worker/adapters/workspace/owner.ts';
import { version } from '../context.ts';

/** A `fetch` over one socket. */
export interface SocketFetch {
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
export function fetchOverSocket(socketPath: string, lost: () => Error | undefined): SocketFetch {
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
): Promise<Pick<SocketFetch, 'fetch' | 'close'>> {
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
