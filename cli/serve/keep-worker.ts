import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, type BespokeError } from '../../errors/bespoke-error.ts';
import { toErrorReport } from '../report-error.ts';
import type { OpenPipeline, RunningWorker } from '../../worker/compose.ts';

const tryAgainMs = 30_000;

/** A worker that comes back. */
export interface KeptWorker extends Pick<RunningWorker, 'stop'> {
  /** Why nothing is rendered at the moment, if so. */
  readonly halted: () => Pick<BespokeError, 'code' | 'message'> | undefined;
}

/**
 * Runs a worker beside the API. Where the machine keeps it from going on (disk full, no browser), jobs
 * go back to the queue, and every half minute it is tried anew: videos that are finished can be had
 * meanwhile, and nobody needs to restart anything after making room.
 *
 * @param note is told when rendering halts and when it goes on.
 */
export async function keepWorker(
  startWorker: OpenPipeline['startWorker'],
  note: (why: Pick<BespokeError, 'code' | 'message'> | undefined) => void,
  pauseMs = tryAgainMs,
): Promise<KeptWorker> {
  const ending = new AbortController();
  let why: Pick<BespokeError, 'code' | 'message'> | undefined;
  let running: RunningWorker | undefined;
  let comingBack: Promise<void> = Promise.resolve();

  function halt(error: unknown): void {
    why = toErrorReport(error);
    note(why);
  }

  async function startAgain(): Promise<void> {
    while (!ending.signal.aborted) {
      await sleep(pauseMs, undefined, { signal: ending.signal }).catch(() => undefined);
      if (ending.signal.aborted) return;
      try {
        watch(await startWorker());
        why = undefined;
        note(undefined);
        return;
      } catch (error) {
        halt(error);
      }
    }
  }

  function watch(worker: RunningWorker): void {
    running = worker;
    worker.halted.addEventListener(
      'abort',
      () => {
        running = undefined;
        halt(worker.halted.reason);
        comingBack = worker
          .stop('abort')
          .catch(() => undefined)
          .then(startAgain);
      },
      { once: true },
    );
  }

  try {
    watch(await startWorker());
  } catch (error) {
    if (!hasCode(error, 'browser-missing')) throw error;
    halt(error);
    comingBack = startAgain();
  }
  return {
    halted: () => why,
    stop: async (how) => {
      ending.abort();
      await comingBack;
      await running?.stop(how);
    },
  };
}
