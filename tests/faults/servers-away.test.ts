import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { query } from '../../worker/adapters/database/database.ts';
import type { LinkKind } from '../../worker/campaigns/links.ts';
import { connectPostgresTables } from '../../worker/adapters/database/postgres.ts';
import { silent } from '../conformance/queue-bench.ts';
import { newDeployment, openDeployment, removeDeployment, type Deployment } from '../e2e/deployment.ts';
import { serveAgain, type ServedDeployment } from '../e2e/server/server-bench.ts';
import { runCsv } from '../e2e/run-csv.ts';
import { watchParts } from '../e2e/watched-parts.ts';
import { startTestPostgres, type TestPostgres } from '../services/postgres-server.ts';
import { startTestProxy, type TestProxy } from '../services/tcp-proxy.ts';
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

describe('PostgreSQL behind a network that fails', () => {
  let proxy: TestProxy;
  let served: ServedDeployment;
  let headers: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const servers = { redisUrl: redis.url, postgresUrl: postgres.url };
    const made = await newDeployment('redis and postgres', servers);
    const database = new URL(made.config.databaseUrl ?? '');
    proxy = await startTestProxy(Number(database.port));
    database.port = String(proxy.port);
    served = await serveAgain({ ...made, config: { ...made.config, databaseUrl: database.href } });
    headers = await served.keyed('admin');
  });
  afterAll(async () => {
    await proxy.open();
    await served.close();
    await proxy.close();
  });

  /** A link that might have been given out, so that only the tables know that it was not. */
  const tokenOf = (kind: LinkKind): string => {
    const link = 'a'.repeat(22);
    const signature = Buffer.from(served.open.pipeline.hmac('link', { link, kind }), 'hex');
    return `${link}${signature.subarray(0, 16).toString('base64url')}`;
  };
  const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

  /** Answers of viewers' and programs' addresses, and how long the slowest took. */
  async function askAll() {
    const begun = performance.now();
    const ask = (url: string, with_: Readonly<Record<string, string>> = {}) =>
      served.server.inject({ url, headers: { ...with_ } });
    const [page, video] = [tokenOf('page'), tokenOf('video')];
    const answers = await Promise.all([
      ask(`/v/${page}`, html),
      ask(`/f/${video}`, html),
      ask(`/f/${video}`),
      ask('/v1/campaigns', headers),
      // More than there are connections.
      ...Array.from({ length: 12 }, () => ask(`/v/${page}`, html)),
    ]);
    return { answers, ms: performance.now() - begun };
  }

  it.each([
    ['is silent', () => proxy.silence()],
    ['refuses connections', () => proxy.refuse()],
  ])('that %s: requests are answered with 503 within five seconds, people by a page', async (_how, fail) => {
    expect((await askAll()).answers.slice(0, 4).map(({ statusCode }) => statusCode)).toEqual([
      ...[404, 404, 404, 200],
    ]);
    await fail();
    const { answers, ms } = await askAll();
    expect(ms).toBeLessThan(5_000);
    for (const answer of answers) {
      expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
      expect(answer.body).not.toMatch(/postgres|127\.0\.0\.1/i);
    }
    for (const page of answers.slice(0, 2)) {
      expect(page.headers['content-type']).toContain('text/html');
      expect(page.body).toContain('This film is not available at the moment');
      const [, style = ''] = /<style>(.*)<\/style>/s.exec(page.body) ?? [];
      const hash = createHash('sha256').update(style).digest('base64');
      expect(page.headers['content-security-policy']).toContain(`style-src 'sha256-${hash}'`);
    }
    for (const answer of answers.slice(2, 4)) {
      expect(answer.json()).toMatchObject({ code: 'service-unavailable', retryable: true });
    }
    await proxy.open();
    await expect
      .poll(async () => (await served.server.inject({ url: '/v1/campaigns', headers })).statusCode, {
        timeout: 5_000,
      })
      .toBe(200);
  });

  it('that was silent costs no connections', async () => {
    const address = new URL(postgres.url);
    address.port = String(proxy.port);
    const connections = 3;
    const { forRequests, close } = await connectPostgresTables({
      url: address.href,
      log: silent,
      connections,
    });
    const { persist, transaction } = forRequests;
    const sleepAll = () =>
      Promise.all(
        Array.from({ length: connections }, () =>
          persist(() => transaction((tx) => tx.execute(sql`select pg_sleep(0.1)`))),
        ),
      );
    await sleepAll();
    await proxy.silence();
    // One is in use, the others are idle.
    await expect(persist(() => transaction((tx) => tx.execute(sql`select 1`)))).rejects.toMatchObject({
      code: 'postgres-away',
    });
    await proxy.open();
    await sleepAll();
    await close();
  });

  it('a statement that is merely slow is waited for, and one that takes too long is named so', async () => {
    const { forRequests, close } = await connectPostgresTables({ url: postgres.url, log: silent });
    const { persist, database, transaction } = forRequests;
    const slow = persist(() => database.execute(sql`select pg_sleep(4.5)`));
    const endless = persist(() =>
      transaction(async (tx) => {
        await tx.execute(sql`set local statement_timeout = 50`);
        await tx.execute(sql`select pg_sleep(60) from bespoke.deployment right join (select 1) one on true`);
      }),
    );
    await expect(endless).rejects.toMatchObject({
      code: 'postgres-slow',
      message: expect.stringContaining('(select deployment)') as string,
    });
    await slow;
    const [limit] = await query(
      database,
      z.object({ statement_timeout: z.string() }),
      sql`show statement_timeout`,
    );
    expect(limit?.statement_timeout).toBe('1min');
    await close();
  });
});
