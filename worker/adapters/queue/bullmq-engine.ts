import type { Job, JobsOptions, Processor, WorkerOptions } from 'bullmq';
import type { BespokeError } from '../../../errors/bespoke-error.ts';
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

/** A job as BullMQ keeps it, without the backend in its type. */
export type EngineJob = Pick<
  Job,
  | 'attemptsMade'
  | 'changePriority'
  | 'data'
  | 'failedReason'
  | 'moveToWait'
  | 'opts'
  | 'priority'
  | 'processedOn'
  | 'stalledCounter'
  | 'timestamp'
>;

/** What we use of a BullMQ queue, with any backend. */
export interface EngineQueue {
  addBulk(
    jobs: { readonly name: string; readonly data: unknown; readonly opts: JobsOptions }[],
  ): Promise<unknown>;
  getJob(id: string): Promise<EngineJob | undefined>;
  getJobs(
    states: ('waiting' | 'prioritized' | 'active')[],
    start: number,
    end: number,
    ascending: boolean,
  ): Promise<EngineJob[]>;
  getJobCounts(...states: ('waiting' | 'prioritized' | 'delayed' | 'active')[]): Promise<{
    [state: string]: number;
  }>;
  remove(id: string): Promise<number>;
  obliterate(options: { readonly force: boolean }): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

/** What we use of a BullMQ worker, with any backend. */
export interface EngineWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'stalled', listener: (id: string) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

/** Nobody reads BullMQ's event stream here. */
export const fewEvents = { events: { maxLen: 100 } };

export type EngineWorkerOptions = Omit<WorkerOptions, 'connection' | 'prefix'>;

/** BullMQ bound to one backend and one connection to it. */
export interface BullmqEngine {
  /** How many primary nodes the Redis Cluster has that keeps the queue; `undefined` anywhere else. */
  readonly nodes?: number | undefined;
  readonly openQueue: (name: string) => EngineQueue;
  readonly openWorker: (name: string, process: Processor, options: EngineWorkerOptions) => EngineWorker;
  /** The error when the server did not answer in time while `doing`. */
  readonly away: (doing: string) => BespokeError;
  /** Writes something small. */
  readonly probe: (name: string) => Promise<void>;
  /** The error for a failure that is understood; other errors are returned as they are. */
  readonly explain: (error: unknown) => unknown;
  /** Ends the connection; pending requests are rejected. */
  readonly close: () => Promise<void>;
}
