import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { newDeployment, openDeployment, removeDeployment, type Deployment } from '../e2e/deployment.ts';
import { runCsv, statusesOf } from '../e2e/run-csv.ts';
import { clipsOf, startChild } from './child.ts';
import { shelvedClips } from './shelves.ts';

const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };

describe('several processes on Redis and PostgreSQL', () => {
  let deployment: Deployment;
  beforeEach(async () => {
    const made = await newDeployment('redis and postgres', servers, { concurrency: 1 });
    // Long enough for a busy machine: nobody dies here.
    deployment = { ...made, queue: { ...made.queue, lockMs: 30_000 } };
  });
  afterEach(() => removeDeployment(deployment));

  it('two workers share a batch, and every clip is rendered once', async () => {
    const workers = [startChild(deployment), startChild(deployment)];
    await Promise.all(
      workers.map((worker) => worker.until((events) => events.some(({ type }) => type === 'working'))),
    );
    const open = await openDeployment(deployment);
    const { folder } = deployment;
    const rows = Array.from({ length: 10 }, (_, index) => `w-${index},${'N'.repeat(index + 1)}`);
    const text = ['id,name', ...rows, 'w-x,N', ''].join('\n');
    try {
      const report = await runCsv(open.pipeline, { csv: 'a.csv', text, folder });
      expect(report).toMatchObject({ rows: 11, done: 11 });
      const again = await runCsv(open.pipeline, { csv: 'a.csv', folder });
      expect(await statusesOf(again)).toEqual(Array.from({ length: 11 }, () => 'skipped'));
    } finally {
      await open.close();
      for (const worker of workers) worker.kill('SIGTERM');
      await Promise.all(workers.map((worker) => worker.ended));
    }
    const rendered = workers.map((worker) => clipsOf(worker, 'render'));
    expect(rendered.map((clips) => clips.length > 0)).toEqual([true, true]);
    const all = rendered.flat();
    expect(all).toHaveLength(11);
    expect(new Set(all)).toEqual(new Set((await shelvedClips(deployment)).keys()));
    for (const worker of workers) expect(await worker.survivors(5_000)).toEqual([]);
  });

  it('a worker with another secret refuses to start', async () => {
    const first = await openDeployment(deployment);
    await first.close();
    const { config } = deployment;
    const stranger = { ...deployment, config: { ...config, secret: 'x'.repeat(32) } };
    await expect(openDeployment(stranger)).rejects.toMatchObject({ code: 'secret-mismatch' });
    await (await openDeployment(deployment)).close();
  });
});

it('an embedded workspace whose secret was exchanged refuses to open', async () => {
  const deployment = await newDeployment('embedded', servers);
  try {
    await (await openDeployment(deployment)).close();
    const stranger = { ...deployment, config: { ...deployment.config, secret: 'x'.repeat(32) } };
    await expect(openDeployment(stranger)).rejects.toMatchObject({ code: 'secret-mismatch' });
  } finally {
    await removeDeployment(deployment);
  }
});
