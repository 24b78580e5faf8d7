import type { Client } from '../../client/api-client.ts';
import { newApi } from '../../cli/client/own-api.ts';
import { openOwnApi } from '../../cli/client/own-api.ts';
import { parseConfig } from '../../worker/config.ts';
import type { Pipeline } from '../../worker/core/pipeline.ts';

const ok = { ok: true } as const;

/** Hands over a client of the API of a pipeline, as a command has it that works for itself. */
export async function withLocalClient<T>(
  pipeline: Pipeline,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const api = await openOwnApi(
    {
      pipeline,
      health: () =>
        Promise.resolve({ queue: ok, database: ok, store: ok, browser: undefined, jobs: undefined }),
      metrics: () => Promise.resolve(''),
      log: { info: () => undefined, error: () => undefined },
    },
    parseConfig({}),
    newApi(false).socket,
  );
  try {
    return await use(api.client);
  } finally {
    await api.close();
  }
}
