import type { JobsOptions } from 'bullmq';
import type { Job, JobHandlers, JobName, JobQueue, Priority } from '../../core/ports.ts';
import { withinTime } from '../../core/within-time.ts';
import type { BullmqEngine, BullmqQueueOptions, EngineQueue } from './bullmq-engine.ts';
import { startWorkers } from './bullmq-workers.ts';
import { byJobName, jobId, jobNames, parseJob } from './job-id.ts';

const jobsPerCall = 500;
/** BullMQ's highest number; more urgent is lower. */
const leastUrgent = 2_097_151;

type Depth = Awaited<ReturnType<JobQueue['depth']>>[JobName];

interface Addition {
  readonly id: string;
  readonly job: Job;
  readonly priority: Priority;
  readonly delayMs: number;
  /** Whether it may be queued already with a lower priority. */
  readonly mayRise: boolean;
}

function clampPriority(priority: Priority): Priority {
  return Math.min(Math.max(Math.round(priority), 0), leastUrgent);
}

/** One addition per job: the most urgent, and no later than the earliest. */
function mostUrgent(jobs: Parameters<JobQueue['add']>[0]): readonly Addition[] {
  const additions = new Map<string, Addition>();
  for (const { job, priority, delayMs = 0, isNew = false } of jobs) {
    const id = jobId(job);
    const known = additions.get(id);
    additions.set(id, {
      id,
      job,
      priority: Math.min(clampPriority(priority), known?.priority ?? leastUrgent),
      delayMs: Math.min(Math.max(Math.round(delayMs), 0), known?.delayMs ?? Infinity),
      // Only clips are shared by several videos; all other jobs keep their priority.
      mayRise: job.name === 'render-clip' && !isNew,
    });
  }
  return [...additions.values()];
}

/** So many jobs that are being done are looked at. */
const mostDrawn = 500;

/** How long the next jobs, with and without a priority, have waited although they could start. */
async function oldestWaitMs(queue: EngineQueue): Promise<number | undefined> {
  const next = await queue.getJobs(['prioritized', 'waiting'], 0, 0, true);
  const due = next.map(({ timestamp, opts }) => timestamp + (opts.delay ?? 0));
  return due.length === 0 ? undefined : Math.max(0, Date.now() - Math.min(...due));
}

async function depthOf(queue: EngineQueue): Promise<Depth> {
  const [{ active = 0, ...idle }, oldestMs] = await Promise.all([
    queue.getJobCounts('waiting', 'prioritized', 'delayed', 'active'),
    oldestWaitMs(queue),
  ]);
  return { active, waiting: Object.values(idle).reduce((sum, count) => sum + count, 0), oldestMs };
}

/**
 * A job queue on BullMQ. Each kind of job is a BullMQ queue, so that no kind waits behind another. Finished and
 * failed jobs are removed at once, so that the same clip or order can be queued again.
 */
export async function createBullmqQueue(
  engine: BullmqEngine,
  options: BullmqQueueOptions,
): Promise<JobQueue> {
  const queues = byJobName((name) => {
    const queue = engine.openQueue(`${options.name}-${name}`);
    queue.on('error', (error) =>
      options.log.debug('Queue connection', { queue: name, error: error.message }),
    );
    return queue;
  });
  const patiently = async <T>(doing: string, operation: Promise<T>): Promise<T> => {
    try {
      return await withinTime(operation, options.patienceMs, () => engine.away(doing));
    } catch (error) {
      throw engine.explain(error);
    }
  };
  const running = new Map<string, AbortController>();
  const stops = new Set<(how: 'abort') => Promise<void>>();

  const jobOptions = ({ id, priority, delayMs }: Addition): JobsOptions => ({
    jobId: id,
    priority,
    ...(delayMs > 0 && { delay: delayMs }),
    attempts: options.attempts,
    backoff: { type: 'exponential', delay: options.backoffMs, jitter: 0.5 },
    removeOnComplete: true,
    removeOnFail: true,
    stackTraceLimit: 0,
  });

  /**
   * A job that is queued already keeps its place, unless it has become more urgent. A delayed job, or one that waits
   * for its next try, keeps its time and is more urgent after that.
   */
  async function raise(queue: EngineQueue, { id, priority }: Addition): Promise<void> {
    const present = await queue.getJob(id);
    if (present === undefined || present.priority <= priority) return;
    try {
      await present.changePriority({ priority });
    } catch (error) {
      if ((await queue.getJob(id)) !== undefined) throw error;
    }
  }

  async function addTo(queue: EngineQueue, additions: readonly Addition[]): Promise<void> {
    for (let start = 0; start < additions.length; start += jobsPerCall) {
      const page = additions.slice(start, start + jobsPerCall);
      await queue.addBulk(
        page.map((addition) => ({
          name: addition.job.name,
          data: addition.job,
          opts: jobOptions(addition),
        })),
      );
      await Promise.all(page.filter(({ mayRise }) => mayRise).map((addition) => raise(queue, addition)));
    }
  }

  await patiently(
    'opening the queue',
    Promise.all(jobNames.map(async (name) => queues[name].waitUntilReady())),
  );

  return {
    add: async (jobs) => {
      const additions = mostUrgent(jobs);
      for (const name of jobNames) {
        const own = additions.filter(({ job }) => job.name === name);
        if (own.length > 0) await patiently('adding jobs', addTo(queues[name], own));
      }
    },

    cancel: async (job) => {
      const id = jobId(job);
      running.get(id)?.abort('cancel');
      await patiently('cancelling a job', queues[job.name].remove(id));
    },

    drawn: async () => {
      const jobs = await patiently(
        'reading what is drawn',
        queues['render-clip'].getJobs(['active'], 0, mostDrawn - 1, true),
      );
      return jobs.flatMap(({ data, processedOn }) => {
        const job = parseJob(data);
        if (job.name !== 'render-clip' || processedOn === undefined) return [];
        return [{ clip: job.clip, since: new Date(processedOn) }];
      });
    },

    work: async (handlers: JobHandlers, concurrency) => {
      const workers = await startWorkers(engine, handlers, concurrency, running, options);
      const stop = async (how: 'drain' | 'abort'): Promise<void> => {
        await workers.stop(how);
        stops.delete(stop);
      };
      stops.add(stop);
      return { stop };
    },

    reset: async () => {
      for (const name of jobNames) {
        await patiently('emptying the queue', queues[name].obliterate({ force: true }));
      }
    },

    probe: () => patiently('writing to the queue', engine.probe(options.name)),

    depth: async () => {
      const asked = byJobName((name) => depthOf(queues[name]));
      await patiently('counting jobs', Promise.all(Object.values(asked)));
      return {
        'render-clip': await asked['render-clip'],
        'assemble-video': await asked['assemble-video'],
        'take-pictures': await asked['take-pictures'],
        'draw-still': await asked['draw-still'],
        'plan-render': await asked['plan-render'],
        'plan-campaign': await asked['plan-campaign'],
        'prove-cut': await asked['prove-cut'],
        'deliver-webhook': await asked['deliver-webhook'],
      };
    },

    close: async () => {
      await Promise.all([...stops].map((stop) => stop('abort')));
      const closing = Promise.all(jobNames.map(async (name) => queues[name].close()));
      await withinTime(closing, 2_000, () => engine.away('closing the queue')).catch(() => undefined);
      await engine.close();
    },
  };
}
