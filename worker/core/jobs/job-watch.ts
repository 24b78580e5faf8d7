import type { BespokeError } from '../../../errors/bespoke-error.ts';
import { errors } from '../../../errors/messages.ts';
import type { Pipeline } from '../pipeline.ts';
import type { JobName } from '../ports.ts';
import { withTimeLimit } from '../within-time.ts';

const minuteMs = 60_000;

/** How long a job of each kind may take in milliseconds; of a long one, each of its pieces. */
export type JobLimits = Readonly<Record<JobName, number>>;

/**
 * Time limits of jobs. They are longer than the limits of everything within a job, so they only end a job that
 * would otherwise never end.
 *
 * @param clipTimeoutMs what drawing one clip may take.
 */
export function jobLimits(clipTimeoutMs: number): JobLimits {
  return {
    'render-clip': clipTimeoutMs + 5 * minuteMs,
    'assemble-video': 15 * minuteMs,
    'take-pictures': 15 * minuteMs,
    'plan-render': 5 * minuteMs,
    // For 500 rows: their pictures, eight at a time, may take ten seconds each.
    'plan-campaign': 30 * minuteMs,
    'deliver-webhook': 5 * minuteMs,
  };
}

/** A job's work. It calls `renew` when a piece of it is done and the next one begins. */
export type JobWork = (signal: AbortSignal, renew: () => void) => Promise<void>;

/** Keeps the jobs of one process within their time limits. */
export interface JobWatch {
  /**
   * Does a job. When its time is up its signal fires and the job ends with `job-timed-out`, so that its
   * place is free for others, even if the work continues.
   */
  readonly run: (name: JobName, signal: AbortSignal, work: JobWork) => Promise<void>;
  /** Kinds of jobs whose work continues although its time was up, and how many of each. */
  readonly overdue: () => ReadonlyMap<JobName, number>;
}

/** Makes what keeps the jobs of one process within their limits, and counts those that are not. */
export function createJobWatch(
  limits: JobLimits,
  { metrics, log }: Pick<Pipeline, 'metrics' | 'log'>,
): JobWatch {
  const overdue = new Map<JobName, number>();

  function count(name: JobName, change: 1 | -1): void {
    const jobs = (overdue.get(name) ?? 0) + change;
    if (jobs === 0) overdue.delete(name);
    else overdue.set(name, jobs);
    metrics.jobsOverdue(name, jobs);
  }

  return {
    run: (name, signal, work) => {
      const ms = limits[name];
      let expired = false;
      const late = (): BespokeError => {
        expired = true;
        count(name, 1);
        metrics.jobTimedOut(name);
        log.warn('job was not done in time', { kind: name, seconds: ms / 1000 });
        return errors.jobTimedOut({ seconds: ms / 1000 });
      };
      return withTimeLimit({ ms, signal, late }, async (limited, renew) => {
        try {
          await work(limited, renew);
        } finally {
          if (expired) count(name, -1);
        }
      });
    },
    overdue: () => overdue,
  };
}
