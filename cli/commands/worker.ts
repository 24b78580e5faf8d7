import { availableParallelism } from 'node:os';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { parseConfig } from '../../worker/config.ts';
import { exitCodes } from '../exit-codes.ts';
import { findInterrupted, watchInterrupts } from '../interrupt.ts';
import type { WorkerResult } from '../json-results.ts';
import type { Setting } from '../setting.ts';
import { countOf } from '../terminal/quantities.ts';
import { withPipeline } from '../with-pipeline.ts';

/** The flags of `bespoke worker`, parsed. */
export interface WorkerOptions {
  readonly concurrency?: number;
}

/** Resolves when the signal is aborted. */
const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/**
 * Takes jobs from the engines that several machines share, until it is asked to stop; what runs then
 * is finished first.
 *
 * @returns 0 after it was asked to stop.
 * @throws BespokeError `worker-alone` when the engines are this process's own.
 */
export async function runWorkerCommand(setting: Setting, options: WorkerOptions): Promise<number> {
  const { deployment, terminal, environment } = setting;
  const { redisUrl, databaseUrl, concurrency: configured } = parseConfig(environment);
  if (redisUrl === undefined || databaseUrl === undefined) {
    throw new BespokeError(
      'worker-alone',
      'A worker takes jobs from engines that it shares with others, but REDIS_URL and DATABASE_URL are not both set. With the embedded engines, `bespoke batch` renders by itself.',
    );
  }
  const concurrency = options.concurrency ?? configured ?? availableParallelism();
  const interrupts = watchInterrupts(terminal, () =>
    terminal.say('Stopping when the running clips are finished. Press Ctrl-C again to stop at once.'),
  );
  const began = performance.now();
  try {
    const registry = await deployment.loadRegistry();
    await withPipeline(setting, registry, options, async ({ startWorker }) => {
      const worker = await startWorker();
      terminal.say(`Ready, ${countOf(concurrency, 'clip')} at a time. Ctrl-C stops.`);
      await aborted(AbortSignal.any([interrupts.signal, worker.halted]));
      await worker.stop(worker.halted.aborted ? 'abort' : 'drain');
      worker.halted.throwIfAborted();
    });
    terminal.say('Stopped; nothing is lost.');
    terminal.json({
      concurrency,
      seconds: Math.round(performance.now() - began) / 1000,
      stoppedBy: findInterrupted(undefined, interrupts.signal)?.by ?? 'SIGTERM',
    } satisfies WorkerResult);
    return exitCodes.ok;
  } finally {
    interrupts.dispose();
  }
}
