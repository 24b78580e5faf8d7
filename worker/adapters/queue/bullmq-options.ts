import type { Log } from '../../core/ports.ts';

/** Name, retries and time limits of a queue. Times in milliseconds. */
export interface BullmqQueueOptions {
  /** Part of the names of the BullMQ queues; different for deployments that share a server. */
  readonly name: string;
  readonly log: Log;
  /** How often a job is tried when its errors are retryable. */
  readonly attempts: number;
  /** Pause before the second try; it doubles with each further one, and half of it is random. */
  readonly backoffMs: number;
  /** How long a job's lock lasts. The worker renews it three times in that time; when it expires, another worker gets the job. */
  readonly lockMs: number;
  /** How long an operation waits for a server that does not answer. */
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
