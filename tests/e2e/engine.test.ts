import path from 'node:path';
import { expect, inject, it, onTestFinished, vi } from 'vitest';
import { newDeployment, openDeployment, removeDeployment } from './deployment.ts';
import { serveAgain } from './server/server-bench.ts';

vi.setConfig({ testTimeout: 120_000 });

it('an API without a browser serves orders that a worker finishes; a worker with another engine refuses', async () => {
  const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };
  const deployment = await newDeployment('redis and postgres', servers);
  onTestFinished(() => removeDeployment(deployment));
  const browser = path.join(deployment.folder, 'no-browser');
  const { server, keyed, leave, open } = await serveAgain({
    ...deployment,
    config: { ...deployment.config, browser },
  });
  onTestFinished(leave);
  const headers = await keyed('render', 'read');
  const send = async (url: string, payload: object) => {
    const { statusCode, body } = await server.inject({ method: 'POST', url, headers, payload });
    return { status: statusCode, answer: JSON.parse(body) as Record<string, unknown> };
  };
  const rows = { template: 'frame-counter', quality: 'draft', rows: [{ name: 'Bo' }] };
  const campaign = { template: 'frame-counter', quality: 'draft', record: { name: 'Anna' } };

  const early = await send('/v1/campaigns', { ...rows, dryRun: true });
  expect(early).toMatchObject({ status: 503, answer: { code: 'service-unavailable' } });
  expect(early.answer['detail']).toContain('No worker has started');
  const { status, answer } = await send('/v1/renders', campaign);
  expect(status).toBe(202);

  const other = await openDeployment(deployment);
  onTestFinished(other.close);
  const worker = await other.startWorker();
  onTestFinished(() => worker.stop('abort'));
  await vi.waitFor(
    async () => {
      const { body } = await server.inject({ url: `/v1/renders/${String(answer['id'])}`, headers });
      expect(JSON.parse(body)).toMatchObject({ status: { state: 'done' } });
    },
    { timeout: 100_000, interval: 100 },
  );
  expect(await send('/v1/campaigns', { ...rows, dryRun: true })).toMatchObject({ status: 200 });

  const differing = await openDeployment(deployment, {
    exchangeParts: (parts) => ({
      ...parts,
      renderer: { ...parts.renderer, engineVersion: async () => 'chromium 1.2.3' },
    }),
  });
  onTestFinished(differing.close);
  await expect(differing.startWorker()).rejects.toMatchObject({ code: 'engine-mismatch' });
  await expect(open.startWorker()).rejects.toMatchObject({ code: 'browser-missing' });
  await worker.stop('drain');
  const replaced = await differing.startWorker();
  await replaced.stop('drain');
});
