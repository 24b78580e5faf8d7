import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { createServer as createListener, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient } from '../../client/api-client.ts';
import { createServer } from '../../server/app.ts';
import type { ServerDependencies } from '../../server/dependencies.ts';
import { acceptLocalConnection } from '../../server/local-callers.ts';
import type { Server } from '../../server/server.ts';
import { type Holder, longestSocketName, shortPathTo } from '../../worker/adapters/workspace/owner.ts';
import type { Config } from '../../worker/config.ts';
import { version } from '../context.ts';
import { addressOf } from '../services.ts';
import { fetchOverSocket, type SocketFetch } from './reach-owner.ts';

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
async function newSocketFolder(): Promise<{
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
  let own: SocketFetch | undefined;
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

/** The API of this process, for itself and for other commands of its user. */
export interface OwnApi extends Omit<LocalApi, 'fetch'> {
  readonly client: Client;
}

/** The address in links without BESPOKE_PUBLIC_URL: that of `bespoke serve`. */
const usualAddress = addressOf('127.0.0.1', 8787);

/**
 * Serves the API on a socket and returns a client of it.
 *
 * @param name of the socket.
 * @param folder of the socket; unset: a new one, which is removed at the end.
 */
export async function openOwnApi(
  parts: Pick<ServerDependencies, 'pipeline' | 'health' | 'metrics' | 'log'>,
  config: Pick<Config, 'publicUrl' | 'linkDays' | 'webhookOrigins' | 'uploadLimitBytes' | 'rateLimit'>,
  name: string,
  folder?: string,
): Promise<OwnApi> {
  const { publicUrl = usualAddress, linkDays, webhookOrigins, uploadLimitBytes, rateLimit } = config;
  const server = await createServer({
    ...parts,
    publicUrl,
    linkDays,
    webhookOrigins,
    uploadLimitBytes,
    rateLimit,
  });
  const own = folder === undefined ? await newSocketFolder() : undefined;
  const { fetch, isShared, alone, close } = await serveLocally(server, folder ?? own?.folder ?? '', name);
  return {
    client: createClient({ baseUrl: 'http://localhost', fetch }),
    isShared,
    alone,
    close: async () => {
      await close();
      await server.close();
      await own?.remove();
    },
  };
}
