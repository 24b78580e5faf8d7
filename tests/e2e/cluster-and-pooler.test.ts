import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { OpenPipeline, RunningWorker } from '../../worker/compose.ts';
import { startTestPooler, type TestPooler } from '../services/pgbouncer-server.ts';
import { startTestRedisCluster, type TestRedisCluster } from '../services/redis-cluster.ts';
import { runCli } from './cli-process.ts';
import { newDeployment, openDeployment, removeDeployment, type Deployment } from './deployment.ts';
import { runCsv, statusesOf } from './run-csv.ts';

describe('a deployment on a Redis Cluster, with PostgreSQL behind PgBouncer', () => {
  let cluster: TestRedisCluster;
  let pooler: TestPooler;
  let deployment: Deployment;
  let opened: readonly OpenPipeline[] = [];
  let workers: readonly RunningWorker[] = [];

  beforeAll(async () => {
    [cluster, pooler] = await Promise.all([startTestRedisCluster(), startTestPooler(inject('postgresUrl'))]);
    const servers = { redisUrl: cluster.url, postgresUrl: inject('postgresUrl') };
    const direct = await newDeployment('redis and postgres', servers);
    const databaseUrl = pooler.urlOf(direct.config.databaseUrl ?? '');
    deployment = { ...direct, config: { ...direct.config, databaseUrl } };
    // Two processes that start at once.
    opened = await Promise.all([openDeployment(deployment), openDeployment(deployment)]);
    workers = await Promise.all(opened.map((open) => open.startWorker()));
  });

  afterAll(async () => {
    for (const worker of workers) await worker.stop('abort');
    for (const open of opened) await open.close();
    await Promise.all([cluster?.remove(), pooler?.remove()]);
    if (deployment !== undefined) await removeDeployment(deployment);
  });

  it('renders every row of a campaign once', async () => {
    const [open] = opened;
    if (open === undefined) throw new Error('Nothing was opened.');
    const text = `id,name\n${['Anna', 'Bo', 'Cleo', '', 'Anna'].map((name, row) => `c-${row},${name}`).join('\n')}\n`;
    const { folder } = deployment;
    const outcome = await runCsv(open.pipeline, { csv: 'a.csv', text, folder });
    expect(await statusesOf(outcome)).toEqual(['done', 'done', 'done', 'failed', 'done']);
  });

  it('is described by doctor, with what the operator has to set', async () => {
    const { folder, config } = deployment;
    const { stdout, code } = await runCli(['doctor'], {
      cwd: folder,
      env: {
        REDIS_URL: config.redisUrl ?? '',
        DATABASE_URL: config.databaseUrl ?? '',
        BESPOKE_SECRET: config.secret ?? '',
        BESPOKE_STORE: config.store.kind === 'folder' ? config.store.folder : '',
        BESPOKE_WORKSPACE: config.workspace,
      },
    });
    const said = stdout.replace(/\s+/g, ' ');
    expect(said).toMatch(/ok Queue Redis Cluster at 127\.0\.0\.1:\d+, 3 primary nodes, noeviction/);
    expect(said).toMatch(
      /warn Database PostgreSQL behind a connection pooler at .* set statement_timeout = '60s'/,
    );
    expect(code).toBe(0);
  });
});
