import { createServer } from 'node:http';
import { readParts, type Health } from '../../worker/check-health.ts';
import type { OpenPipeline } from '../../worker/compose.ts';
import { listen } from './listen.ts';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Metrics and health of a process without an API. */
export interface MetricsServer {
  readonly close: () => Promise<void>;
}

/**
 * Answers `/metrics` (Prometheus), `/healthz` (the process lives) and `/readyz` (503 while a part does
 * not work), as the API does.
 *
 * @param health checks every part that this process requires.
 *
 * @throws BespokeError `address-in-use`, `usage-invalid`.
 */
export async function openMetricsServer(
  metrics: Pick<OpenPipeline['metrics'], 'expose'>,
  health: () => Promise<Health>,
  host: string,
  port: number,
): Promise<MetricsServer> {
  const json = (status: number, body: object): Answer => ({
    status,
    type: 'application/json',
    body: JSON.stringify(body),
  });

  async function answer(path: string): Promise<Answer> {
    switch (path) {
      case '/metrics':
        return {
          status: 200,
          type: 'text/plain; version=0.0.4; charset=utf-8',
          body: await metrics.expose(),
        };
      case '/healthz':
        return json(200, { status: 'ok' });
      case '/readyz': {
        const { parts } = readParts(await health());
        const ready = !Object.values(parts).includes('away');
        return json(ready ? 200 : 503, { status: ready ? 'ready' : 'not-ready', parts });
      }
      default:
        return json(404, { status: 'unknown' });
    }
  }

  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    answer(pathname)
      .catch(() => json(500, { status: 'failing' }))
      .then(({ status, type, body }) => {
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
      })
      .catch(() => response.destroy());
  });
  await listen(
    {
      listen: (where) =>
        new Promise<void>((resolve, reject) => {
          server.once('error', reject).listen(where, () => {
            server.off('error', reject);
            resolve();
          });
        }),
    },
    host,
    port,
    { host: '--metrics-host', port: '--metrics-port' },
  );
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
