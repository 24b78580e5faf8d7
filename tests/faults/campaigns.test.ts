import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { settleCampaigns } from '../../worker/core/settle.ts';
import type { OpenPipeline } from '../../worker/compose.ts';
import type { Pipeline } from '../../worker/core/pipeline.ts';
import {
  engineColumns,
  newDeployment,
  openDeployment,
  removeDeployment,
  type Deployment,
  type EngineColumn,
  type Servers,
} from '../e2e/deployment.ts';
import { placeCampaign, queuePlanning, recordCampaign, statesOf, untilEnded } from '../e2e/campaign-bench.ts';
import { newGate, stubParts } from '../e2e/stub-parts.ts';
import { startTestRedis } from '../services/redis-server.ts';
import { startChild } from './child.ts';

const shared: Servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };
const webhookUrl = 'https://hooks.example.com/bespoke';
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function deploy(column: EngineColumn, servers = shared): Promise<Deployment> {
  const deployment = await newDeployment(column, servers, { concurrency: 2 });
  cleanups.push(() => removeDeployment(deployment));
  return deployment;
}

/** Opens a deployment with parts that take no time. @returns what also begins to work on it. */
async function openStubbed(
  deployment: Deployment,
  draw: (name: unknown) => Promise<void>,
  exchangeParts = (parts: Pipeline): Pipeline => parts,
): Promise<Pick<OpenPipeline, 'pipeline' | 'health'> & { readonly work: () => Promise<void> }> {
  const stubs = stubParts({ draw, assemble: () => Promise.resolve() });
  const open = await openDeployment(deployment, {
    exchangeParts: (parts) => exchangeParts(stubs(parts)),
    lookEveryMs: 500,
  });
  cleanups.push(open.close);
  return {
    pipeline: open.pipeline,
    health: open.health,
    work: async () => {
      const worker = await open.startWorker();
      cleanups.push(() => worker.stop('abort'));
    },
  };
}

/** Works on a deployment with parts that take no time. */
async function workOn(...of: Parameters<typeof openStubbed>): Promise<Pipeline> {
  const { pipeline, work } = await openStubbed(...of);
  await work();
  return pipeline;
}

const rowsOf = (count: number): string =>
  ['id,name', ...Array.from({ length: count }, (_, index) => `r${index},Row ${index}`), ''].join('\n');

describe.each(engineColumns)('on %s', (column) => {
  it('a worker killed in the middle of planning: every row is recorded once, under its id', async () => {
    const count = 700;
    const deployment = await deploy(column);
    const placing = await openDeployment(deployment);
    const campaign = await placeCampaign(placing.pipeline, { csv: rowsOf(count), webhookUrl });
    await placing.close();

    const child = startChild(deployment, undefined, { chunks: 2 });
    await child.until((events) => events.some(({ type }) => type === 'hanging'));
    child.kill('SIGKILL');
    await child.ended;
    expect(await child.survivors(5_000)).toEqual([]);

    const drawing = newGate();
    drawing.close();
    const { pipeline, work } = await openStubbed(deployment, drawing.pass);
    const left = await pipeline.renders.list(campaign.id, 0, count);
    expect(left).toHaveLength(520);
    await work();
    const planned = await pollUntil(
      () => pipeline.campaigns.find(campaign.id),
      (found) => found?.status.state === 'rendering',
    );
    expect(planned?.rows).toBe(count);
    const rows = await pipeline.renders.list(campaign.id, 0, count + 1);
    expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    expect(new Set(rows.map(({ id }) => id)).size).toBe(count);
    expect(rows.slice(0, left.length).map(({ id, link }) => [id, link])).toEqual(
      left.map(({ id, link }) => [id, link]),
    );

    await pipeline.campaigns.cancel(campaign.id);
    await settleCampaigns(pipeline, [campaign.id]);
    drawing.open();
    const ended = await untilEnded(pipeline, campaign, 'cancelled');
    expect(new Set(statesOf(ended))).toEqual(new Set(['cancelled']));
    const { deliveries } = await pipeline.webhooks.list({ order: campaign.id }, undefined, 10);
    expect(deliveries.map(({ event }) => event)).toEqual(['campaign.finished']);
  });

  it('a store that is away for longer than jobs are tried: nothing fails', async () => {
    let away = true;
    const deployment = await deploy(column);
    const refuseWhileAway = (): void => {
      if (away) throw new BespokeError('store-away', 'The store does not answer.');
    };
    const drawn: unknown[] = [];
    const pipeline = await workOn(
      deployment,
      (name) => Promise.resolve(void drawn.push(name)),
      (parts) => ({
        ...parts,
        store: {
          ...parts.store,
          has: async (...of) => {
            refuseWhileAway();
            return parts.store.has(...of);
          },
          publish: async (...of) => {
            refuseWhileAway();
            return parts.store.publish(...of);
          },
        },
      }),
    );
    const campaign = await placeCampaign(pipeline, { record: { name: 'Anna' } });
    await sleep(4_000);
    const row = await pipeline.renders.find(campaign.id);
    expect(row?.status.state).toBe('waiting');
    away = false;
    expect(statesOf(await untilEnded(pipeline, campaign))).toEqual(['done']);
    expect(new Set(drawn)).toEqual(new Set([undefined, 'Anna']));
  });
});

describe('Redis', () => {
  async function withRedis() {
    const redis = await startTestRedis();
    cleanups.push(redis.remove);
    const deployment = await deploy('redis and postgres', { ...shared, redisUrl: redis.url });
    return { redis, deployment };
  }

  it('away while campaigns are placed: they are made when it is back', async () => {
    const { redis, deployment } = await withRedis();
    const { pipeline, health, work } = await openStubbed(deployment, () => Promise.resolve());
    await work();
    await redis.stop('SIGKILL');
    const asked = Date.now();
    expect(await health({ browser: false })).toEqual({
      queue: { ok: false, message: 'The queue did not answer within 2 s.' },
      database: { ok: true },
      store: { ok: true },
      browser: undefined,
    });
    expect(Date.now() - asked).toBeLessThan(10_000);
    const one = await recordCampaign(pipeline, { record: { name: 'Anna' } });
    const many = await recordCampaign(pipeline, { csv: rowsOf(5) });
    await sleep(2_000);
    expect((await pipeline.campaigns.find(one.id))?.status.state).toBe('planning');
    await redis.start();
    expect(statesOf(await untilEnded(pipeline, one))).toEqual(['done']);
    expect(await health({ browser: false })).toMatchObject({ queue: { ok: true } });
    expect(statesOf(await untilEnded(pipeline, many))).toEqual(Array.from({ length: 5 }, () => 'done'));
  });

  it('that accepts no writes: this shows, campaigns are taken, and they are made when it does again', async () => {
    const { redis, deployment } = await withRedis();
    const { pipeline, health, work } = await openStubbed(deployment, () => Promise.resolve());
    await work();
    const operator = new Redis(redis.url);
    cleanups.push(() => operator.quit());
    const before = await placeCampaign(pipeline, { record: { name: 'Ada' } });
    await operator.config('SET', 'maxmemory', '1');
    const { queue } = await health({ browser: false });
    expect(queue.ok ? '' : queue.message).toContain('accepts no writes (OOM)');
    const campaign = await recordCampaign(pipeline, { csv: rowsOf(5) });
    await expect(queuePlanning(pipeline, campaign)).rejects.toMatchObject({ code: 'redis-refuses-writes' });
    await operator.config('SET', 'maxmemory', '0');
    expect(statesOf(await untilEnded(pipeline, before))).toEqual(['done']);
    expect(statesOf(await untilEnded(pipeline, campaign))).toEqual(Array.from({ length: 5 }, () => 'done'));
    expect(await health({ browser: false })).toMatchObject({ queue: { ok: true } });
  });

  it('that forgets everything in the middle: nothing is lost, and nothing made twice', async () => {
    const { redis, deployment } = await withRedis();
    const drawing = newGate();
    drawing.close();
    const drawn: unknown[] = [];
    const pipeline = await workOn(deployment, (name) => {
      drawn.push(name);
      return drawing.pass();
    });
    const campaign = await placeCampaign(pipeline, { csv: rowsOf(30), webhookUrl });
    await pollUntil(
      () => pipeline.campaigns.find(campaign.id),
      (found) => found?.status.state === 'rendering' && drawn.length === 2,
    );
    const client = new Redis(redis.url);
    await client.flushall();
    await client.quit();
    drawing.open();
    expect(statesOf(await untilEnded(pipeline, campaign))).toEqual(Array.from({ length: 30 }, () => 'done'));
    expect(new Set(drawn).size).toBe(31);
    const { deliveries } = await pipeline.webhooks.list({ order: campaign.id }, undefined, 10);
    expect(deliveries).toHaveLength(1);
  });
});

/** Asks until the answer is right. @returns it. */
async function pollUntil<T>(ask: () => Promise<T>, isRight: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`Still ${JSON.stringify(answer)}.`);
    await sleep(50);
  }
}
