import { availableParallelism } from 'node:os';
import { errors } from '../../errors/messages.ts';
import { parseConfig } from '../../worker/config.ts';
import { defaultGrace, endWork } from '../end-work.ts';
import { exitCodes } from '../exit-codes.ts';
import { findInterrupted, watchInterrupts } from '../interrupt.ts';
import type { WorkerResult } from '../json-results.ts';
import { addressOf } from '../serve/listen.ts';
import { openMetricsServer } from '../serve/metrics-server.ts';
import { openServiceLog } from '../serve/service-log.ts';
import type { Setting } from '../setting.ts';
import { countOf } from '../terminal/quantities.ts';
import { aborted } from '../until-aborted.ts';
import { withPipeline } from '../with-pipeline.ts';

/** The flags of `bespoke worker`, parsed. */
export interface WorkerOptions {
  readonly concurrency?: number;
  readonly grace?: number;
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
export async function runWorkerCommand(setting: Setting, options: WorkerOptions): Promise<number> {
  const { deployment, terminal, environment } = setting;
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
    await withPipeline(setting, registry, { ...options, log }, async (open) => {
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
        if (metricsPort !== undefined) {
          terminal.say(
            `Metrics at ${addressOf(metricsHost, metricsPort)}/metrics, health at /healthz and /readyz.`,
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
