import type { Log } from '../../core/ports.ts';

/** How a queue names itself, tries again and waits. Times in milliseconds. */
export interface BullmqQueueOptions {
  /** Part of the names of the BullMQ queues; deployments that share a server differ in it. */
  readonly name: string;
  readonly log: Log;
  /** How often a job is tried when its errors are retryable. */
  readonly attempts: number;
  /** Before the second try; doubles with each further one, half of it random. */
  readonly backoffMs: number;
  /** How long a job's lock lasts. The worker renews it three times in that time; when it expires, others get the job. */
  readonly lockMs: number;
  /** How long an operation waits for a server that is away. */
  readonly patienceMs: number;
}

/** What production uses; tests shorten the times. */
export const bullmqQueueDefaults = {
  name: 'bespoke',
  attempts: 4,
  backoffMs: 2_000,
  lockMs: 30_000,
  patienceMs: 60_000,
} as const;
