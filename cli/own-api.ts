import { createClient, type Client } from '../client/api-client.ts';
import { createServer } from '../server/app.ts';
import type { ServerDependencies } from '../server/dependencies.ts';
import type { Config } from '../worker/config.ts';
import { newSocketFolder, serveLocally, type LocalApi } from './local-api.ts';
import { addressOf } from './serve/listen.ts';

/** The API of this process, for itself and for other commands of its user. */
export interface OwnApi extends Omit<LocalApi, 'fetch'> {
  readonly client: Client;
}

/** Links of an API that no address was given to: those of `bespoke serve`, when it runs. */
const usualAddress = addressOf('127.0.0.1', 8787);

/**
 * Serves the API on a socket and hands over a client of it.
 *
 * @param name of the socket.
 * @param folder of the socket; unset: one of its own, which is removed in the end.
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
