import { z } from 'zod';
import type { Job, JobName } from '../../core/ports.ts';

const id = z.string().min(1);

const jobSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('render-clip'), clip: id }),
  z.object({ name: z.literal('assemble-video'), render: id }),
  z.object({ name: z.literal('take-pictures'), render: id }),
  z.object({ name: z.literal('plan-render'), campaign: id }),
  z.object({ name: z.literal('plan-campaign'), campaign: id }),
  z.object({ name: z.literal('deliver-webhook'), delivery: id, attempt: z.number().int().min(1) }),
]);

export const jobNames = [
  'render-clip',
  'assemble-video',
  'take-pictures',
  'plan-render',
  'plan-campaign',
  'deliver-webhook',
] as const satisfies readonly JobName[];

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
    case 'plan-render':
    case 'plan-campaign':
      return job.campaign;
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
