import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { CampaignOptions } from '../../client/campaign-form.ts';
import { planCampaign } from '../../worker/campaigns/plan.ts';
import type { OpenPipeline, RunningWorker } from '../../worker/compose.ts';
import { ImageBudget } from '../../worker/core/image-resolver.ts';
import { runCli } from './cli-process.ts';
import { newDeployment, openDeployment, removeDeployment, type Deployment } from './deployment.ts';
import { withLocalClient } from './local-client.ts';
import { readTable, runCsv } from './run-csv.ts';
import { stubParts } from './stub-parts.ts';

const quick = stubParts({ draw: async () => undefined, assemble: async () => undefined });

/** A host of pictures, good and bad. `/slow` drips for ever. */
async function openHost() {
  const noise = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, at) => (at * 7919) % 256));
  const photo = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
    .png()
    .toBuffer();
  const white = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#ffffff' } })
    .png()
    .toBuffer();
  const files: Readonly<Record<string, Buffer>> = {
    '/white.png': white,
    '/page.png': Buffer.from('<html>Not found</html>'),
    '/heic.png': Buffer.from('0000001866747970686569630000000068656963', 'hex'),
    '/large.png': Buffer.alloc(10_000_001),
  };
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { url = '' } = request;
    asked.push(url);
    if (url.startsWith('/missing')) response.writeHead(404).end();
    else if (url.startsWith('/slow')) {
      response.writeHead(200, { 'content-type': 'image/png' });
      const drip = setInterval(() => response.write('x'), 100);
      response.once('close', () => clearInterval(drip));
    } else response.writeHead(200, { 'content-type': 'image/png' }).end(files[url] ?? photo);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { origin, asked, close };
}

describe('a forecast', () => {
  let host: Awaited<ReturnType<typeof openHost>>;
  let deployment: Deployment;
  let open: OpenPipeline;
  let worker: RunningWorker;
  let paths: readonly string[];

  beforeAll(async () => {
    host = await openHost();
    deployment = await newDeployment(
      'embedded',
      { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') },
      { imageOrigins: [host.origin] },
    );
    open = await openDeployment(deployment, { exchangeParts: quick });
    worker = await open.startWorker();
  });
  afterAll(async () => {
    await worker.stop('drain');
    await open.close();
    await removeDeployment(deployment);
    await host.close();
  });
  beforeEach(() => void host.asked.splice(0));

  const customers = (addresses: readonly string[]): string =>
    ['id,name,photo_url', ...addresses.map((address, row) => `p-${row},Anna ${row},${address}`), ''].join(
      '\n',
    );

  const forecast = (addresses: readonly string[], options: Partial<CampaignOptions> = {}) =>
    withLocalClient(open.pipeline, (client) =>
      client.planCampaign(
        { file: new Blob([customers(addresses)]), fileName: 'a.csv' },
        { template: 'portrait', quality: 'draft', ...options },
      ),
    );

  it('finds the pictures that cannot be had or hardly be seen, before anything is ordered', async () => {
    paths = ['photo.png', 'missing.png', 'page.png', 'heic.png', 'large.png', 'white.png', 'photo.png'];
    // The last one is allowed by no setting.
    const addresses = [...paths.map((name) => `${host.origin}/${name}`), 'https://127.0.0.1/x.png', ''];
    const plan = await forecast(addresses);
    expect(plan.pictures).toEqual({ distinct: 7, looked: 7 });
    expect(plan.rows).toEqual({ good: 9, bad: 0, erased: 0, heldOut: 0 });
    expect(plan.warnings).toMatchObject([
      { code: 'image-unavailable', rows: 5, examples: { length: 3 } },
      { code: 'faint-picture', rows: 1, examples: [{ row: 6 }] },
    ]);
    const messages = plan.warnings[0]?.examples.map(({ message }) => message);
    expect(messages?.[0]).toBe('Photo: the server answered 404; the fallback is shown instead.');
    expect(host.asked.toSorted()).toEqual([...new Set(paths)].map((name) => `/${name}`).toSorted());

    const strict = await forecast(addresses, { strict: true });
    expect(strict.rows).toEqual({ good: 3, bad: 6, erased: 0, heldOut: 0 });
    expect(strict.badRows).toMatchObject([
      { row: 2, code: 'row-suspect' },
      {},
      {},
      {},
      { row: 6 },
      { row: 8 },
    ]);
    const accepted = await forecast(addresses, { accept: ['image-unavailable', 'faint-picture'] });
    expect(accepted.warnings).toEqual([]);
    expect(host.asked).toHaveLength(6);
  });

  it('counts clips as the campaign makes them, which does not fetch its pictures again', async () => {
    const addresses = ['photo.png', 'white.png', 'late-1.png', 'late-2.png'].map(
      (name) => `${host.origin}/${name}`,
    );
    const unseen = await forecast(addresses, { pictures: false });
    expect(unseen.pictures).toEqual({ distinct: 4, looked: 2 });
    expect(host.asked).toEqual([]);
    const plan = await forecast(addresses);
    expect(plan.pictures).toEqual({ distinct: 4, looked: 4 });
    expect(host.asked.toSorted()).toEqual(['/late-1.png', '/late-2.png']);

    const run = {
      csv: 'a.csv',
      text: customers(addresses),
      folder: deployment.folder,
      template: 'portrait',
    } as const;
    const outcome = await runCsv(open.pipeline, run);
    expect(outcome).toMatchObject({ done: 4, failed: 0 });
    expect(outcome.campaign.clips.wanted).toBe(plan.clips.toRender);
    expect(host.asked).toHaveLength(2);
    const { rows } = await readTable(outcome.resultsFile);
    expect(rows.map((row) => row.bespoke_warnings)).toEqual([
      '',
      expect.stringContaining('one colour'),
      '',
      '',
    ]);
    // All of it is stored now.
    expect((await forecast(addresses)).clips).toEqual({ distinct: 4, stored: 4, toRender: 0 });
  });

  it('waits no longer for pictures that drip than its budget allows', async () => {
    const file = path.join(deployment.folder, 'slow.csv');
    const slow = Array.from({ length: 20 }, (_, index) => `${host.origin}/slow-${index}.png`);
    await writeFile(file, customers(slow));
    const budget = new ImageBudget({ pictures: 100, ms: 500 });
    const began = performance.now();
    const plan = await planCampaign(
      open.pipeline,
      { template: 'portrait', source: { kind: 'csv', file, hash: 'x', fileName: 'slow.csv' } },
      { budget, signal: new AbortController().signal },
    );
    expect(performance.now() - began).toBeLessThan(8_000);
    expect(plan).toMatchObject({ pictures: { distinct: 20, looked: 0 }, rows: { good: 20 }, warnings: [] });
    // What was given up is not asked for behind its back.
    await sleep(200);
    expect(host.asked.length).toBeLessThanOrEqual(6);
  });

  it('is shown by plan, with what was looked at', async () => {
    const cwd = deployment.folder;
    const names = ['photo.png', 'missing.png'];
    await writeFile(path.join(cwd, 'b.csv'), customers(names.map((name) => `${host.origin}/${name}`)));
    const env = { BESPOKE_WORKSPACE: path.join(cwd, 'own'), BESPOKE_IMAGE_ORIGINS: host.origin };
    const args = ['plan', 'b.csv', '-t', 'portrait'];
    const without = await runCli([...args, '--no-pictures'], { cwd, env });
    expect(without.stdout).toContain('looked at 0 of 2');
    expect(without.stdout).toContain('--all-pictures');
    expect(host.asked).toEqual([]);
    const plan = await runCli(args, { cwd, env });
    expect(plan.stdout).toContain('looked at 2 of 2');
    expect(plan.stdout.replaceAll(/\s+/g, ' ')).toContain('Photo: the server answered 404');
    expect(plan.stdout).toContain('--accept image-unavailable');
    expect(plan.code).toBe(0);
    expect(host.asked).toHaveLength(2);
  });
});
