import { createClient, type Client } from '../../client/api-client.ts';
import { newApi, newSocketFolder, serveLocally } from '../../cli/local-api.ts';
import { createServer } from '../../server/app.ts';
import type { Pipeline } from '../../worker/core/pipeline.ts';

/** Hands over a client of the API of a pipeline, as a command has it that works for itself. */
export async function withLocalClient<T>(
  pipeline: Pipeline,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const server = await createServer({
    pipeline,
    health: () =>
      Promise.resolve({
        queue: { ok: true },
        database: { ok: true },
        store: { ok: true },
        browser: undefined,
        jobs: undefined,
      }),
    metrics: () => Promise.resolve(''),
    publicUrl: 'http://localhost',
    linkDays: 365,
    webhookOrigins: [],
    uploadLimitBytes: 10_000_000,
    rateLimit: 600,
    log: { info: () => undefined, error: () => undefined },
  });
  const { folder, remove } = await newSocketFolder();
  const local = await serveLocally(server, folder, newApi().socket);
  try {
    return await use(createClient({ baseUrl: 'http://localhost', fetch: local.fetch }));
  } finally {
    await local.close();
    await server.close();
    await remove();
  }
}
