import type { JobsOptions } from 'bullmq';
import type { Job, JobHandlers, JobName, JobQueue, Priority } from '../../core/ports.ts';
import type { BullmqEngine, EngineQueue } from './bullmq-engine.ts';
import type { BullmqQueueOptions } from './bullmq-options.ts';
import { jobId, jobNames } from './job-id.ts';
import { startWorkers } from './bullmq-workers.ts';
import { withinTime } from './within-time.ts';

const jobsPerCall = 500;
/** BullMQ's highest number; more urgent is lower. */
const leastUrgent = 2_097_151;

interface Addition {
  readonly id: string;
  readonly job: Job;
  readonly priority: Priority;
}

function clampPriority(priority: Priority): Priority {
  return Math.min(Math.max(Math.round(priority), 0), leastUrgent);
}

/** One addition per job, the most urgent. */
function mostUrgent(
  jobs: readonly { readonly job: Job; readonly priority: Priority }[],
): readonly Addition[] {
  const additions = new Map<string, Addition>();
  for (const { job, priority } of jobs) {
    const addition = { id: jobId(job), job, priority: clampPriority(priority) };
    const known = additions.get(addition.id);
    if (known === undefined || addition.priority < known.priority) additions.set(addition.id, addition);
  }
  return [...additions.values()];
}

/**
 * A job queue on BullMQ. Clips and videos are two BullMQ queues, so that assembling never starves
 * behind rendering. Finished and failed jobs leave at once, so that the same clip may be queued again.
 */
export async function createBullmqQueue(
  engine: BullmqEngine,
  options: BullmqQueueOptions,
): Promise<JobQueue> {
  const open = (name: JobName): EngineQueue => {
    const queue = engine.openQueue(`${options.name}-${name}`);
    queue.on('error', (error) =>
      options.log.debug('Queue connection', { queue: name, error: error.message }),
    );
    return queue;
  };
  const queues: Readonly<Record<JobName, EngineQueue>> = {
    'render-clip': open('render-clip'),
    'assemble-video': open('assemble-video'),
  };
  const patiently = <T>(doing: string, operation: Promise<T>): Promise<T> =>
    withinTime(operation, options.patienceMs, () => engine.away(doing));
  const running = new Map<string, AbortController>();
  const stops = new Set<(how: 'abort') => Promise<void>>();

  const jobOptions = ({ id, priority }: Addition): JobsOptions => ({
    jobId: id,
    priority,
    attempts: options.attempts,
    backoff: { type: 'exponential', delay: options.backoffMs, jitter: 0.5 },
    removeOnComplete: true,
    removeOnFail: true,
    stackTraceLimit: 0,
  });

  /** A job that was there already keeps its place, unless somebody more urgent wants it now. */
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
      await Promise.all(page.map((addition) => raise(queue, addition)));
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

    depth: async () => {
      const depthOf = async (name: JobName): Promise<{ waiting: number; active: number }> => {
        const counts = await queues[name].getJobCounts('waiting', 'prioritized', 'delayed', 'active');
        const { active = 0, ...idle } = counts;
        return { active, waiting: Object.values(idle).reduce((sum, count) => sum + count, 0) };
      };
      const [clips, videos] = await patiently(
        'counting jobs',
        Promise.all([depthOf('render-clip'), depthOf('assemble-video')]),
      );
      return { 'render-clip': clips, 'assemble-video': videos };
    },

    close: async () => {
      await Promise.all([...stops].map((stop) => stop('abort')));
      const closing = Promise.all(jobNames.map(async (name) => queues[name].close()));
      await withinTime(closing, 2_000, () => engine.away('closing the queue')).catch(() => undefined);
      await engine.close();
    },
  };
}
