import { type Processor, UnrecoverableError, WaitingError } from 'bullmq';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import { isTriedAgain } from '../../core/jobs/guard.ts';
import type { Job, JobAttempt, JobHandlers, JobName } from '../../core/ports.ts';
import { untilAborted, withinTime } from '../../core/within-time.ts';
import type { BullmqEngine, BullmqQueueOptions, EngineJob } from './bullmq-engine.ts';
import { jobId, jobNames, parseJob } from './job-id.ts';

/** How long an aborted handler may take to clean up, and how long the queue's server has to answer. */
const abortGraceMs = 3_000;
/** The job of a worker that vanished is attempted again; its handler decides how often. */
const maxStalledCount = 1_000_000;

function handle(handlers: JobHandlers, job: Job, attempt: JobAttempt): Promise<void> {
  switch (job.name) {
    case 'render-clip':
      return handlers['render-clip'](job, attempt);
    case 'assemble-video':
      return handlers['assemble-video'](job, attempt);
    case 'take-pictures':
      return handlers['take-pictures'](job, attempt);
    case 'draw-still':
      return handlers['draw-still'](job, attempt);
    case 'plan-render':
      return handlers['plan-render'](job, attempt);
    case 'plan-campaign':
      return handlers['plan-campaign'](job, attempt);
    case 'prove-cut':
      return handlers['prove-cut'](job, attempt);
    case 'deliver-webhook':
      return handlers['deliver-webhook'](job, attempt);
    default:
      return job satisfies never;
  }
}

/** The error stored in the queue: only a code, because messages of unknown errors may quote personal data. */
function codeOf(error: unknown): string {
  if (error instanceof BespokeError) return error.code;
  return error instanceof Error ? error.name : 'unknown';
}

/**
 * Starts one BullMQ worker per job name.
 *
 * @param running receives an abort controller for each job that runs here; aborting it with `cancel` ends the job,
 * with `stop` gives it back.
 */
export async function startWorkers(
  engine: BullmqEngine,
  handlers: JobHandlers,
  concurrency: Readonly<Record<JobName, number>>,
  running: Map<string, AbortController>,
  options: BullmqQueueOptions,
): Promise<{ readonly stop: (how: 'drain' | 'abort') => Promise<void> }> {
  const { log } = options;
  const busy = new Set<Promise<void>>();
  let aborting = false;

  async function giveBack(bullmqJob: EngineJob, token: string | undefined): Promise<never> {
    await bullmqJob.moveToWait(token);
    throw new WaitingError();
  }

  const process: Processor = async (bullmqJob, token) => {
    if (aborting) return giveBack(bullmqJob, token);
    const job = parseJob(bullmqJob.data);
    const id = jobId(job);
    const number = bullmqJob.attemptsMade + bullmqJob.stalledCounter + 1;
    const last = number >= (bullmqJob.opts.attempts ?? 1);
    const controller = new AbortController();
    running.set(id, controller);
    const attempt: JobAttempt = {
      number,
      last,
      previousCode: bullmqJob.failedReason,
      signal: controller.signal,
    };
    const work = (async () => handle(handlers, job, attempt))();
    const settled = work.catch(() => undefined);
    busy.add(settled);
    void settled.then(() => busy.delete(settled));
    try {
      // A handler that ignores its signal must not delay the others.
      await untilAborted(controller.signal, work);
      return undefined;
    } catch (error) {
      if (controller.signal.aborted) {
        if (controller.signal.reason === 'stop') return await giveBack(bullmqJob, token);
        throw new UnrecoverableError('cancelled');
      }
      const code = codeOf(error);
      const again = isTriedAgain(error, attempt);
      log.warn(again ? 'Job failed, will be tried again' : 'Job failed', { job: id, attempt: number, code });
      throw again ? new Error(code) : new UnrecoverableError(code);
    } finally {
      if (running.get(id) === controller) running.delete(id);
    }
  };

  const workers = jobNames.map((name) => {
    const worker = engine.openWorker(`${options.name}-${name}`, process, {
      concurrency: concurrency[name],
      lockDuration: options.lockMs,
      lockRenewTime: Math.ceil(options.lockMs / 3),
      // Each worker checks for all, so another one gets the job within a sixth of the lock time after the lock has expired.
      stalledInterval: Math.ceil(options.lockMs / 6),
      maxStalledCount,
      drainDelay: 5,
      runRetryDelay: 1_000,
    });
    let lastProblem = '';
    worker.on('error', ({ message }) => {
      // A server that is unavailable repeats the same error.
      const say = message === lastProblem ? log.debug : log.warn;
      lastProblem = message;
      say('Worker connection', { queue: name, error: message });
    });
    worker.on('stalled', (id) => log.warn('Job taken over from a worker that vanished', { job: id }));
    return worker;
  });
  await withinTime(
    Promise.all(workers.map(async (worker) => worker.waitUntilReady())),
    options.patienceMs,
    () => engine.away('starting workers'),
  );

  const closeAll = (): Promise<unknown> => Promise.all(workers.map(async (worker) => worker.close()));

  async function abort(): Promise<void> {
    aborting = true;
    // Close first: this worker must not take a job again that it gives back.
    const closing = closeAll();
    for (const controller of running.values()) controller.abort('stop');
    try {
      await withinTime(closing, abortGraceMs, () => engine.away('giving jobs back'));
    } catch (error) {
      log.warn('Jobs could not be given back; others will take them over', { code: codeOf(error) });
    }
    await withinTime(Promise.all(busy), abortGraceMs, () => new Error('busy')).catch(() => undefined);
  }

  /** Waits for jobs that started before the workers closed, without a time limit, but not for a server that does not answer. */
  async function drain(): Promise<void> {
    const closing = closeAll();
    // It may fail while jobs still run.
    closing.catch(() => undefined);
    let ended = false;
    while (!ended) {
      await Promise.all(busy);
      try {
        await withinTime(closing, abortGraceMs, () => engine.away('ending workers'));
        ended = true;
      } catch (error) {
        ended = busy.size === 0;
        if (ended) log.warn('The queue did not answer while workers ended', { code: codeOf(error) });
      }
    }
  }

  return { stop: (how) => (how === 'abort' ? abort() : drain()) };
}
