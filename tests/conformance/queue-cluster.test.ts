import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bullmqQueueDefaults } from '../../worker/adapters/queue/bullmq-engine.ts';
import { createBullmqQueue } from '../../worker/adapters/queue/bullmq-queue.ts';
import { connectRedis } from '../../worker/adapters/queue/redis.ts';
import type { Job } from '../../worker/core/ports.ts';
import { startTestRedisCluster, type TestRedisCluster } from '../services/redis-cluster.ts';
import { handlersWith, oneEach, silent } from './queue-bench.ts';

const eventually = { timeout: 30_000, interval: 50 };
const clip = (key: string): Job => ({ name: 'render-clip', clip: key });

describe('a Redis Cluster', () => {
  let cluster: TestRedisCluster;
  beforeAll(async () => {
    cluster = await startTestRedisCluster();
  });
  afterAll(() => cluster?.remove());

  it('keeps queues on several nodes, each whole on one, and continues after one of them was away', async () => {
    const engine = await connectRedis({ url: cluster.url, log: silent });
    expect(engine.nodes).toBe(3);
    const queue = await createBullmqQueue(engine, { ...bullmqQueueDefaults, log: silent, name: 'whole' });
    const jobs: readonly Job[] = [
      clip('a'),
      { name: 'assemble-video', render: 'a' },
      { name: 'take-pictures', render: 'a' },
      { name: 'plan-render', campaign: 'a' },
      { name: 'plan-campaign', campaign: 'a' },
      { name: 'deliver-webhook', delivery: 'a', attempt: 1 },
    ];
    await queue.add(jobs.map((job) => ({ job, priority: 1 })));
    await queue.probe();
    const keys = await Promise.all(cluster.operators.map((each) => each.keys('*whole*')));
    expect(keys.filter((each) => each.length > 0).length).toBeGreaterThan(1);

    const done: string[] = [];
    const note = (job: Job): Promise<void> => {
      done.push(job.name);
      return Promise.resolve();
    };
    const handlers = handlersWith({
      'render-clip': note,
      'assemble-video': note,
      'take-pictures': note,
      'plan-render': note,
      'plan-campaign': note,
      'deliver-webhook': note,
    });
    await queue.work(handlers, oneEach);
    await vi.waitFor(
      () => expect(done.toSorted()).toEqual(jobs.map(({ name }) => name).toSorted()),
      eventually,
    );

    for (const node of cluster.operators.keys()) await cluster.stopNode(node);
    const adding = queue.add([{ job: clip('b'), priority: 1 }]);
    for (const node of cluster.operators.keys()) await cluster.startNode(node);
    await adding;
    await vi.waitFor(() => expect(done).toHaveLength(jobs.length + 1), eventually);
    await queue.close();
  });

  it('that lost a node refuses writes by name, and heals', async () => {
    const engine = await connectRedis({ url: cluster.url, log: silent });
    const queue = await createBullmqQueue(engine, { ...bullmqQueueDefaults, log: silent, name: 'part' });
    await cluster.stopNode(2);
    await vi.waitFor(async () => {
      expect(String(await cluster.operators[0]?.cluster('INFO'))).toContain('cluster_state:fail');
    }, eventually);
    const refused = await queue.probe().catch((error: unknown) => error);
    await cluster.startNode(2);
    expect(refused).toMatchObject({ code: 'redis-refuses-writes', retryable: true });
    await vi.waitFor(() => queue.probe(), eventually);
    await queue.close();
  });

  it('of which one node may drop jobs is refused', async () => {
    await cluster.operators[1]?.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await expect(connectRedis({ url: cluster.url, log: silent })).rejects.toMatchObject({
      code: 'redis-evicts',
    });
    await cluster.operators[1]?.config('SET', 'maxmemory-policy', 'noeviction');
  });

  it('has no numbered databases', async () => {
    const refused = connectRedis({ url: `${cluster.url}/3`, log: silent });
    await expect(refused).rejects.toMatchObject({ code: 'redis-refused' });
    await expect(refused).rejects.toThrow('SELECT is not allowed in cluster mode');
  });

  it('whose nodes report addresses that lead nowhere is named', async () => {
    for (const each of cluster.operators) await each.config('SET', 'cluster-announce-ip', '127.255.255.254');
    const apart = connectRedis({ url: cluster.url, log: silent, startupMs: 2_000 });
    await expect(apart).rejects.toMatchObject({ code: 'redis-away' });
    await expect(apart).rejects.toThrow(/is part of a cluster, and its other nodes did not answer/);
    for (const each of cluster.operators) await each.config('SET', 'cluster-announce-ip', '');
  });
});
