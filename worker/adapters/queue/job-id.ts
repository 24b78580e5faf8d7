import { type Job, type JobName, jobSchema } from '../../core/ports.ts';

export const jobNames: readonly JobName[] = jobSchema.options.map(({ shape }) => shape.name.value);

/** A value for each job name. */
export function byJobName<T>(valueOf: (name: JobName) => T): Readonly<Record<JobName, T>> {
  return Object.fromEntries(jobNames.map((name) => [name, valueOf(name)])) as Record<JobName, T>;
}

/** Reads a job as it leaves the queue. */
export function parseJob(data: unknown): Job {
  return jobSchema.parse(data);
}

function keyOf(job: Job): string {
  switch (job.name) {
    case 'render-clip':
      return job.clip;
    case 'assemble-video':
    case 'take-pictures':
      return job.render;
    case 'draw-still':
      return job.still;
    case 'plan-render':
    case 'plan-campaign':
      return job.campaign;
    case 'prove-cut':
      return job.proof;
    case 'deliver-webhook':
      // The next attempt is queued while this one still runs.
      return `${job.delivery}-${job.attempt}`;
    default:
      return job satisfies never;
  }
}

/** One id per clip, video, order or attempt: BullMQ refuses `:` and ids of digits only. */
export function jobId(job: Job): string {
  return `${job.name}-${keyOf(job).replaceAll(':', '_')}`;
}
