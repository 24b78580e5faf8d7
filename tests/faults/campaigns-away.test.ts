import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startTestPostgres } from '../services/postgres-server.ts';
import { startTestRedis } from '../services/redis-server.ts';
import { clipsOf, type Child } from './child.ts';
import { expectExact } from './exact-accounts.ts';
import {
  pollUntil,
  startOrderDeployment,
  type AcceptedOrder,
  type OrderAnswer,
} from './campaign-deployment.ts';

// Process after process is started, on machines that have other work to do.
vi.setConfig({ testTimeout: 400_000 });

const awayMs = 12_000;
const names = (prefix: string): readonly string[] =>
  Array.from({ length: 6 }, (_, index) => `${prefix} ${'N'.repeat(index + 1)}`);

/** Two workers and an API that share engines of their own, busy with a campaign. */
async function startBusy() {
  const [redis, postgres] = await Promise.all([startTestRedis(), startTestPostgres()]);
  onTestFinished(async () => {
    await Promise.all([redis.remove(), postgres.remove()]);
  });
  const bench = await startOrderDeployment({
    servers: { redisUrl: redis.url, postgresUrl: postgres.url },
    store: 'folder',
    // Longer than an engine is away: what is being drawn stays its worker's.
    lockMs: awayMs + 10_000,
  });
  const { address } = await bench.startApi();
  const workers = [await bench.startWorker(), await bench.startWorker()];
  const before = await bench.order(address, [bench.campaign(names('Anna')), bench.render('Bo')]);
  await Promise.race(workers.map((worker) => worker.until(() => clipsOf(worker, 'stored').length > 0)));
  return { redis, postgres, bench, address, before, workers };
}

const ordersOf = (answers: readonly OrderAnswer[]): readonly AcceptedOrder[] =>
  answers.flatMap((answer) => (answer.kind === 'accepted' ? [answer.order] : []));

async function expectClean(workers: readonly Child[]): Promise<void> {
  for (const worker of workers) worker.kill('SIGTERM');
  await Promise.all(workers.map((worker) => worker.ended));
  for (const worker of workers) expect(await worker.survivors(5_000)).toEqual([]);
}

it('Redis away for 12 s under load: campaigns are taken meanwhile, and all is made once', async () => {
  const { redis, bench, address, before, workers } = await startBusy();
  await redis.stop();
  const wishes = [bench.render('Cleo'), bench.campaign(['Dan', 'Eva'])];
  const meanwhile = await Promise.all(wishes.map((wish) => bench.send(address, wish)));
  expect(meanwhile).toMatchObject([{ kind: 'accepted' }, { kind: 'accepted' }]);
  await sleep(awayMs);
  await redis.start();
  await expectExact(bench, [...before, ...ordersOf(meanwhile)]);
  await expectClean(workers);
});

it('PostgreSQL away for 12 s under load: clients are told to come again, and all is made once', async () => {
  const { postgres, bench, address, before, workers } = await startBusy();
  await postgres.stop();
  const wish = bench.render('Cleo');
  expect(await bench.send(address, wish)).toMatchObject({
    kind: 'refused',
    status: 503,
    type: expect.stringContaining('application/problem+json') as unknown,
    retryAfter: expect.stringMatching(/^\d+$/) as unknown,
  });
  await sleep(awayMs);
  await postgres.start();
  const later = await pollUntil(
    () => bench.send(address, wish),
    ({ kind }) => kind === 'accepted',
  );
  await expectExact(bench, [...before, ...ordersOf([later])]);
  await expectClean(workers);
});
