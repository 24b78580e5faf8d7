import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { bullmqQueueDefaults } from '../../worker/adapters/queue/bullmq-engine.ts';
import { createBullmqQueue } from '../../worker/adapters/queue/bullmq-queue.ts';
import { connectPglite } from '../../worker/adapters/queue/pglite.ts';
import { connectRedis } from '../../worker/adapters/queue/redis.ts';
import type { Job, JobHandlers, JobQueue } from '../../worker/core/ports.ts';
import { freePort } from '../services/free-port.ts';
import { startTestRedis } from '../services/redis-server.ts';
import { programArguments } from '../services/run-program.ts';
import { copyEmptyDatabase } from '../services/shared-cache.ts';
import { handlersWith, oneEach as one, silent } from './queue-bench.ts';

const eventually = { timeout: 15_000, interval: 50 };
const clip = (key: string): Job => ({ name: 'render-clip', clip: key });
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function rendersInto(rendered: string[]): JobHandlers {
  return handlersWith({
    'render-clip': (job) => {
      rendered.push(job.clip);
      return Promise.resolve();
    },
  });
}

async function redisQueue(url: string, name: string, settings = {}): Promise<JobQueue> {
  const engine = await connectRedis({ url, log: silent });
  const queue = await createBullmqQueue(engine, { ...bullmqQueueDefaults, log: silent, name, ...settings });
  cleanups.push(() => queue.close());
  return queue;
}

/** Starts a worker that hangs on its first job. @returns it, once it has taken one. */
async function doomedWorker(...args: readonly string[]): Promise<{ child: ChildProcess; taken: string }> {
  const child = spawn(process.execPath, programArguments('doomed-worker', ...args), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanups.push(() => kill(child));
  const taken = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    child.once('close', () => reject(new Error('The worker ended before it took a job.')));
  });
  return { child, taken };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await ended;
}

describe('a worker killed with -9', { timeout: 60_000 }, () => {
  it('on Redis: others take its job over soon after its lock has run out, and not before', async () => {
    const name = `test-${randomBytes(8).toString('hex')}`;
    const lockMs = bullmqQueueDefaults.lockMs / 10;
    const queue = await redisQueue(inject('redisUrl'), name, { lockMs });
    await queue.add([{ job: clip('a'), priority: 1 }]);
    const { child } = await doomedWorker('redis', inject('redisUrl'), name, String(lockMs));
    const rendered: string[] = [];
    await queue.work(rendersInto(rendered), one);
    await sleep(lockMs * 1.2);
    expect(rendered).toEqual([]);
    await kill(child);
    const killed = Date.now();
    await vi.waitFor(() => expect(rendered).toEqual(['a']), eventually);
    // The lock, the pause between two looks, and what a busy machine takes.
    expect(Date.now() - killed).toBeLessThan(lockMs * (1 + 1 / 6) + 2_000);
  });

  it('on Redis: an attempt whose worker died counts', async () => {
    const name = `test-${randomBytes(8).toString('hex')}`;
    const queue = await redisQueue(inject('redisUrl'), name, { lockMs: 1_000 });
    await queue.add([{ job: clip('a'), priority: 1 }]);
    await kill((await doomedWorker('redis', inject('redisUrl'), name, '1000')).child);
    const second = await doomedWorker('redis', inject('redisUrl'), name, '1000');
    expect(second.taken).toBe('a');
    await kill(second.child);
    const attempts: number[] = [];
    await queue.work(
      handlersWith({
        'render-clip': (_job, { number }) => {
          attempts.push(number);
          return Promise.resolve();
        },
      }),
      one,
    );
    await vi.waitFor(() => expect(attempts).toEqual([3]), eventually);
  });

  it('on PGlite: the next owner forgets its jobs and queues them anew, at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bespoke-queue-'));
    cleanups.push(() => rm(folder, { recursive: true, force: true }));
    const place = join(folder, 'database');
    await copyEmptyDatabase(place);
    const { child, taken } = await doomedWorker('pglite', place, 'test', '120000');
    await kill(child);
    const database = await PGlite.create(place);
    cleanups.push(() => database.close());
    const queue = await createBullmqQueue(await connectPglite(database), {
      ...bullmqQueueDefaults,
      log: silent,
      name: 'test',
    });
    cleanups.push(() => queue.close());
    expect((await queue.depth())['render-clip']).toMatchObject({ waiting: 2, active: 1 });
    await queue.reset();
    const rendered: string[] = [];
    await queue.add(['a', 'b', 'c'].map((key) => ({ job: clip(key), priority: 1 })));
    await queue.work(rendersInto(rendered), one);
    await vi.waitFor(() => expect(rendered.toSorted()).toEqual(['a', 'b', 'c']), eventually);
    expect(taken).toBe('a');
  });
});

describe('Redis', () => {
  it('may stop and start again in the middle: no job is lost, and only one in work may run again', async () => {
    const redis = await startTestRedis();
    cleanups.push(() => redis.remove());
    const queue = await redisQueue(redis.url, 'test', { lockMs: 2_000 });
    const rendered: string[] = [];
    const keys = Array.from({ length: 60 }, (_, index) => `k${index}`);
    await queue.add(keys.map((key) => ({ job: clip(key), priority: 1 })));
    await queue.work(
      {
        ...rendersInto([]),
        'render-clip': async (job) => {
          await sleep(25);
          rendered.push(job.clip);
        },
      },
      { ...one, 'render-clip': 2 },
    );
    await vi.waitFor(() => expect(rendered.length).toBeGreaterThan(5), eventually);
    await redis.stop();
    const late = queue.add([{ job: clip('late'), priority: 0 }]);
    await sleep(1_500);
    expect(rendered.length).toBeLessThan(60);
    await redis.start();
    await late;
    await vi.waitFor(() => expect(rendered).toContain('late'), eventually);
    await vi.waitFor(
      async () => expect((await queue.depth())['render-clip']).toMatchObject({ waiting: 0, active: 0 }),
      eventually,
    );
    // What Redis did not hear the end of before it stopped is given out again when its lock runs out.
    expect(new Set(rendered)).toEqual(new Set([...keys, 'late']));
    expect(rendered.length).toBeLessThanOrEqual(keys.length + 1 + 2);
  });

  it('may stay away while idle workers are drained', async () => {
    const redis = await startTestRedis();
    cleanups.push(() => redis.remove());
    const queue = await redisQueue(redis.url, 'test', { patienceMs: 500 });
    const { stop } = await queue.work(rendersInto([]), one);
    await redis.stop('SIGKILL');
    const begun = Date.now();
    await stop('drain');
    expect(Date.now() - begun).toBeLessThan(15_000);
  });

  it('may stay away: operations say so after a while, stopping still ends', async () => {
    const redis = await startTestRedis();
    cleanups.push(() => redis.remove());
    const queue = await redisQueue(redis.url, 'test', { patienceMs: 500 });
    let started = false;
    const { stop } = await queue.work(
      {
        ...rendersInto([]),
        'render-clip': () => {
          started = true;
          return new Promise(() => undefined);
        },
      },
      one,
    );
    await queue.add([{ job: clip('a'), priority: 1 }]);
    await vi.waitFor(() => expect(started).toBe(true), eventually);
    await redis.stop('SIGKILL');
    await expect(queue.add([{ job: clip('b'), priority: 1 }])).rejects.toMatchObject({
      code: 'redis-away',
      retryable: true,
    });
    await expect(queue.depth()).rejects.toThrow('stopped answering while counting jobs');
    const begun = Date.now();
    await stop('abort');
    await queue.close();
    expect(Date.now() - begun).toBeLessThan(15_000);
  });

  it('that refuses writes is found by writing to it, and heals', async () => {
    const redis = await startTestRedis();
    cleanups.push(() => redis.remove());
    const queue = await redisQueue(redis.url, 'test');
    const operator = new Redis(redis.url);
    cleanups.push(() => operator.quit());
    const refused = { code: 'redis-refuses-writes', retryable: true };
    await queue.probe();

    await operator.config('SET', 'maxmemory', '1');
    await expect(queue.probe()).rejects.toMatchObject(refused);
    await expect(queue.add([{ job: clip('a'), priority: 1 }])).rejects.toMatchObject(refused);
    expect(await queue.depth()).toMatchObject({ 'render-clip': { waiting: 0 } });
    await operator.config('SET', 'maxmemory', '0');
    await queue.probe();

    await operator.replicaof('127.0.0.1', await freePort());
    await expect(queue.probe()).rejects.toMatchObject(refused);
    await operator.replicaof('NO', 'ONE');
    await vi.waitFor(() => queue.probe(), eventually);
  });

  it('is refused with an eviction policy', async () => {
    const redis = await startTestRedis({ policy: 'allkeys-lru' });
    cleanups.push(() => redis.remove());
    const refused = connectRedis({ url: redis.url, log: silent });
    await expect(refused).rejects.toMatchObject({ code: 'redis-evicts' });
    await expect(refused).rejects.toThrow('allkeys-lru');
  });

  it('is reached with a password, which no message repeats', async () => {
    const redis = await startTestRedis({ password: 'tellnobody' });
    cleanups.push(() => redis.remove());
    const engine = await connectRedis({ url: redis.url, log: silent });
    await engine.close();
    for (const url of [redis.url.replace('tellnobody', 'sesame'), redis.url.replace(':tellnobody@', '')]) {
      const refused = connectRedis({ url, log: silent });
      await expect(refused).rejects.toMatchObject({ code: 'redis-refused' });
      await expect(refused).rejects.not.toThrow(/tellnobody|sesame/);
    }
  });

  it('that is not there is told within the time allowed', async () => {
    const begun = Date.now();
    const port = await freePort();
    const missing = connectRedis({ url: `redis://:hush@127.0.0.1:${port}`, log: silent, startupMs: 700 });
    await expect(missing).rejects.toMatchObject({ code: 'redis-away' });
    await expect(missing).rejects.toThrow(`127.0.0.1:${port} did not answer within 1 s (ECONNREFUSED)`);
    expect(Date.now() - begun).toBeLessThan(3_000);
  });

  it('that accepts and says nothing is told too', async () => {
    const mute = createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const address = mute.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const missing = connectRedis({ url: `redis://127.0.0.1:${port}`, log: silent, startupMs: 500 });
    await expect(missing).rejects.toMatchObject({ code: 'redis-away' });
    mute.close();
  });

  it('that is spoken to with TLS by mistake is told within the time allowed', async () => {
    const url = inject('redisUrl').replace('redis://', 'rediss://');
    const refused = connectRedis({ url, log: silent, startupMs: 1_000 });
    const error: unknown = await refused.catch((reason: unknown) => reason);
    expect(error instanceof BespokeError && error.code).toMatch(/^redis-(?:refused|away)$/);
  });

  it('needs an address that is one', async () => {
    await expect(connectRedis({ url: 'localhost:6379', log: silent })).rejects.toMatchObject({
      code: 'redis-refused',
    });
  });
});
