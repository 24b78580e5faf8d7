import { expect, it } from 'vitest';
import {
  type BullmqEngine,
  bullmqQueueDefaults,
  type EngineQueue,
  type EngineWorkerOptions,
} from './bullmq-engine.ts';
import { createBullmqQueue } from './bullmq-queue.ts';
import { byJobName, jobNames } from './job-id.ts';

const nothing = (): undefined => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing };
const answering = { on: nothing, waitUntilReady: async () => undefined, close: async () => undefined };

it('a worker renews its locks in time for one late renewal, and its jobs are taken over within 35 s of its end', async () => {
  const opened: EngineWorkerOptions[] = [];
  const engine: BullmqEngine = {
    openQueue: () => answering as unknown as EngineQueue,
    openWorker: (_name, _process, options) => {
      opened.push(options);
      return answering;
    },
    away: () => {
      throw new Error('unexpected');
    },
    probe: async () => undefined,
    explain: (error) => error,
    close: async () => undefined,
  };
  const queue = await createBullmqQueue(engine, { ...bullmqQueueDefaults, log: silent });
  await queue.work(
    byJobName(() => async () => undefined),
    byJobName(() => 1),
  );
  expect(opened).toHaveLength(jobNames.length);
  for (const { lockDuration = 0, lockRenewTime = Infinity, stalledInterval = Infinity } of opened) {
    expect(lockDuration + stalledInterval).toBeLessThanOrEqual(35_000);
    expect(lockRenewTime * 2).toBeLessThan(lockDuration);
  }
  await queue.close();
});
