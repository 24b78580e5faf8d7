import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { errors } from '../../errors/messages.ts';
import { readParts, type Health } from '../../worker/check-health.ts';
import type { OpenPipeline } from '../../worker/compose.ts';
import { parseConfig } from '../../worker/config.ts';
import { sayLocal } from '../client/remote.ts';
import { exitCodes, type CommandContext } from '../context.ts';
import { withPipeline } from '../engines.ts';
import { aborted, findInterrupted, watchInterrupts } from '../interrupt.ts';
import type { WorkerResult } from '../json-results.ts';
import { countOf } from '../layout.ts';
import { addressOf, defaultGrace, endWork, listen, openServiceLog } from '../services.ts';

/** The flags of `bespoke worker`, parsed. */
export interface WorkerOptions {
  readonly concurrency?: number;
  readonly grace?: number;
  /** 0 is any free one. */
  readonly metricsPort?: number;
  readonly metricsHost: string;
}

/**
 * Takes jobs from the engines that several machines share, until it is asked to stop. Running clips then
 * have `--grace` seconds to end; after that they return to the queue.
 *
 * @returns 0 after it was asked to stop.
 * @throws BespokeError `worker-alone` when the engines are embedded.
 */
export async function runWorkerCommand(context: CommandContext, options: WorkerOptions): Promise<number> {
  const { deployment, terminal, environment } = context;
  sayLocal(context, 'A worker takes its jobs from REDIS_URL and DATABASE_URL.');
  const { redisUrl, databaseUrl, workspace, concurrency: configured } = parseConfig(environment);
  if (redisUrl === undefined || databaseUrl === undefined) {
    throw errors.workerNeedsEngines();
  }
  const concurrency = options.concurrency ?? configured ?? availableParallelism();
  const { grace = defaultGrace, metricsPort, metricsHost } = options;
  const interrupts = watchInterrupts(terminal, () =>
    terminal.say(`Stopping: running clips have ${grace} s to end. Press Ctrl-C again to stop at once.`),
  );
  const began = performance.now();
  let gaveBack = false;
  try {
    const registry = await deployment.loadRegistry();
    const log = openServiceLog(terminal, workspace, () => new Date());
    await withPipeline(context, registry, { ...options, log }, async (open) => {
      const metricsServer =
        metricsPort === undefined
          ? undefined
          : await openMetricsServer(
              open.metrics,
              () => open.health({ browser: true }),
              metricsHost,
              metricsPort,
            );
      try {
        const worker = await open.startWorker();
        terminal.say(`Ready, ${countOf(concurrency, 'clip')} at a time. Ctrl-C stops.`);
        if (metricsServer !== undefined) {
          terminal.say(
            `Metrics at ${addressOf(metricsHost, metricsServer.port)}/metrics, health at /healthz and /readyz.`,
          );
        }
        await aborted(AbortSignal.any([interrupts.signal, worker.halted]));
        if (worker.halted.aborted) await worker.stop('abort');
        else gaveBack = await endWork(worker, grace);
        worker.halted.throwIfAborted();
      } finally {
        await metricsServer?.close();
      }
    });
    terminal.say(gaveBack ? 'Stopped. Running work was returned to the queue.' : 'Stopped. Nothing is lost.');
    terminal.json({
      concurrency,
      seconds: Math.round(performance.now() - began) / 1000,
      stoppedBy: findInterrupted(undefined, interrupts.signal)?.by ?? 'SIGTERM',
      gaveBack,
    } satisfies WorkerResult);
    return exitCodes.ok;
  } finally {
    interrupts.dispose();
  }
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Metrics and health of a process without an API. */
export interface MetricsServer {
  /** Where it listens. */
  readonly port: number;
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
    const [path = ''] = (request.url ?? '').split('?');
    answer(path)
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
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
