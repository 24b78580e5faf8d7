import { z } from 'zod';
import type { Job, JobName } from '../../core/ports.ts';

const jobSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('render-clip'), clip: z.string().min(1) }),
  z.object({ name: z.literal('assemble-video'), video: z.string().min(1) }),
]);

export const jobNames = ['render-clip', 'assemble-video'] as const satisfies readonly JobName[];

/** Reads a job as it leaves the queue. */
export function parseJob(data: unknown): Job {
  return jobSchema.parse(data);
}

/** One id per clip or video: BullMQ refuses `:` and ids of digits only. */
export function jobId(job: Job): string {
  const key = job.name === 'render-clip' ? job.clip : job.video;
  return `${job.name}-${key.replaceAll(':', '_')}`;
}
