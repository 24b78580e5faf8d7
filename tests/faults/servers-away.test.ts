import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { connectPostgresTables } from '../../worker/adapters/database/postgres.ts';
import { silent } from '../conformance/queue-bench.ts';
import { newDeployment, openDeployment, removeDeployment, type Deployment } from '../e2e/deployment.ts';
import { runCsv } from '../e2e/run-csv.ts';
import { watchParts } from '../e2e/watched-parts.ts';
import { startTestPostgres, type TestPostgres } from '../services/postgres-server.ts';
import { startTestRedis, type TestRedis } from '../services/redis-server.ts';

let redis: TestRedis;
let postgres: TestPostgres;

beforeAll(async () => {
  [redis, postgres] = await Promise.all([startTestRedis(), startTestPostgres()]);
});
afterAll(async () => {
  await Promise.all([redis.remove(), postgres.remove()]);
});

const rows = 6;

/** Runs a batch and lets something happen once a clip is on its shelf. */
async function runWhile(lockMs: number, happening: () => Promise<void>): Promise<void> {
  const servers = { redisUrl: redis.url, postgresUrl: postgres.url };
  const made = await newDeployment('redis and postgres', servers, { concurrency: 2 });
  onTestFinished(() => removeDeployment(made));
  const deployment: Deployment = { ...made, queue: { ...made.queue, lockMs } };
  const rendered: string[] = [];
  let happened: Promise<void> | undefined;
  const exchangeParts = watchParts((event) => {
    if (event.type === 'render') rendered.push(event.clip);
    else happened ??= happening();
  });
  const open = await openDeployment(deployment, { exchangeParts });
  try {
    const worker = await open.startWorker();
    const { folder } = deployment;
    const lines = Array.from({ length: rows }, (_, index) => `s-${index},${'N'.repeat(index + 1)}`);
    const text = ['id,name', ...lines, ''].join('\n');
    const report = await runCsv(open.pipeline, { csv: 'a.csv', text, folder });
    await worker.stop('drain');
    expect(happened).toBeDefined();
    await happened;
    expect(report).toMatchObject({ rows, done: rows, failed: 0, skipped: 0, cancelled: 0 });
    expect(rendered).toHaveLength(rows + 1);
    expect(new Set(rendered).size).toBe(rows + 1);
  } finally {
    await open.close();
  }
}

it('Redis away for five seconds in the middle of a batch: work waits and goes on', () =>
  // Longer than Redis is away: what is being drawn stays its worker's.
  runWhile(20_000, async () => {
    await redis.stop();
    await sleep(5_000);
    await redis.start();
  }));

it('Redis killed and back with what its append-only file holds', () =>
  // A job whose delivery was lost comes back when its lock expires.
  runWhile(4_000, async () => {
    await redis.stop('SIGKILL');
    await sleep(300);
    await redis.start();
  }));

it('PostgreSQL restarted in the middle of a batch', () =>
  runWhile(20_000, async () => {
    await postgres.stop();
    await sleep(2_000);
    await postgres.start();
  }));

it('PostgreSQL that dies between two queries of a transaction does not end the process', async () => {
  const { transaction, close } = await connectPostgresTables({ url: postgres.url, log: silent });
  const torn = transaction(async (tx) => {
    await tx.execute(sql`select 1`);
    await postgres.stop('SIGKILL');
    await sleep(100);
    await tx.execute(sql`select 2`);
  });
  await expect(torn).rejects.toThrow();
  await postgres.start();
  await close();
});

it('PostgreSQL that goes away while transactions begin costs no connections', async () => {
  const connections = 3;
  const tables = await connectPostgresTables({ url: postgres.url, log: silent, connections });
  const select = () => tables.transaction((tx) => tx.execute(sql`select 1`));
  for (let restart = 0; restart < 3; restart += 1) {
    let busy = true;
    const loops = Array.from({ length: 2 * connections }, async () => {
      while (busy) await select().catch(() => sleep(5));
    });
    await sleep(100);
    await postgres.stop();
    busy = false;
    await postgres.start();
    await Promise.all(loops);
  }
  await tables.persist(() => Promise.all(Array.from({ length: connections }, select)));
  await tables.close();
});
