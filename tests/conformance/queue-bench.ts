import { randomBytes } from 'node:crypto';
import { type BullmqEngine, bullmqQueueDefaults } from '../../worker/adapters/queue/bullmq-engine.ts';
import { createBullmqQueue } from '../../worker/adapters/queue/bullmq-queue.ts';
import { byJobName } from '../../worker/adapters/queue/job-id.ts';
import { connectPglite } from '../../worker/adapters/queue/pglite.ts';
import { connectRedis } from '../../worker/adapters/queue/redis.ts';
import type { JobHandlers, JobQueue, Log } from '../../worker/core/ports.ts';
import { openEmptyDatabase } from '../services/shared-cache.ts';

export const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** One job of each kind at a time. */
export const oneEach = byJobName(() => 1);

/** Handlers that do nothing but what is given. */
export function handlersWith(handlers: Partial<JobHandlers>): JobHandlers {
  return { ...byJobName(() => () => Promise.resolve()), ...handlers };
}

export interface QueueSettings {
  readonly lockMs?: number;
  readonly attempts?: number;
  readonly patienceMs?: number;
  readonly log?: Log;
}

/** One queue that no other test uses; `open` gives a further party that takes part in it. */
export interface QueueBench {
  readonly open: (settings?: QueueSettings) => Promise<JobQueue>;
  readonly close: () => Promise<void>;
}

/** A backend that the tests of one file share. */
export interface QueueBackend {
  readonly newBench: () => QueueBench;
  readonly close: () => Promise<void>;
}

function benchOn(engineFor: () => Promise<BullmqEngine>): QueueBench {
  const name = `test-${randomBytes(8).toString('hex')}`;
  const opened: JobQueue[] = [];
  return {
    open: async (settings = {}) => {
      const options = { ...bullmqQueueDefaults, backoffMs: 40, log: silent, name, ...settings };
      const queue = await createBullmqQueue(await engineFor(), options);
      opened.push(queue);
      return queue;
    },
    close: async () => {
      await Promise.all(opened.map((queue) => queue.close()));
    },
  };
}

export function redisBackend(url: string): Promise<QueueBackend> {
  return Promise.resolve({
    newBench: () => benchOn(() => connectRedis({ url, log: silent })),
    close: () => Promise.resolve(),
  });
}

export async function pgliteBackend(): Promise<QueueBackend> {
  const database = await openEmptyDatabase();
  const engine = await connectPglite(database);
  return { newBench: () => benchOn(() => Promise.resolve(engine)), close: () => database.close() };
}
