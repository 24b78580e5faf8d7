import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { newDeployment, openDeployment, removeDeployment, type Deployment } from '../e2e/deployment.ts';
import { runCsv, statusesOf } from '../e2e/run-csv.ts';
import { watchParts, type PartEvent } from '../e2e/watched-parts.ts';
import { shelvedClips, watchForBrokenFiles } from './shelves.ts';

const mount = (...args: readonly string[]) =>
  execFileSync('mount', args, { stdio: ['ignore', 'pipe', 'pipe'] });

let deployment: Deployment;
let store: string;

beforeEach(async () => {
  if (process.getuid?.() !== 0) {
    throw new Error('This test mounts a small file system, which only root may: run the tests as root.');
  }
  const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };
  deployment = await newDeployment('embedded', servers, { concurrency: 2 });
  store = path.join(deployment.folder, 'store');
  await mkdir(store);
  mount('-t', 'tmpfs', '-o', 'size=96k', 'tmpfs', store);
});
afterEach(async () => {
  execFileSync('umount', ['-l', store]);
  await removeDeployment(deployment);
});

it('a full disk stops the run and says so; after making room the same command continues', async () => {
  const events: PartEvent[] = [];
  const { folder } = deployment;
  const brokenFiles = watchForBrokenFiles(deployment);
  const names = Array.from({ length: 8 }, (_, index) => 'N'.repeat(index + 1));
  const text = ['id,name', ...names.map((name, index) => `d-${index},${name}`), ''].join('\n');

  const run = async () => {
    const open = await openDeployment(deployment, {
      exchangeParts: watchParts((event) => events.push(event)),
    });
    const worker = await open.startWorker();
    try {
      const { halted: signal } = worker;
      return await runCsv(open.pipeline, { csv: 'a.csv', text, folder, signal });
    } finally {
      await worker.stop('abort');
      await open.close();
    }
  };

  await expect(run()).rejects.toMatchObject({ code: 'disk-full' });
  expect(await brokenFiles()).toEqual([]);
  const looking = await openDeployment(deployment);
  try {
    expect((await looking.health({ browser: false })).store).toEqual({
      ok: false,
      message: `There is no space left to write ${store}.`,
    });
  } finally {
    await looking.close();
  }
  const stored = await shelvedClips(deployment);
  expect(stored.size).toBeGreaterThan(0);

  mount('-o', 'remount,size=32m', store);
  events.length = 0;
  const report = await run();
  expect(await statusesOf(report)).toEqual(names.map(() => 'done'));
  expect(await brokenFiles()).toEqual([]);
  const rendered = events.flatMap((event) => (event.type === 'render' ? [event.clip] : []));
  expect(rendered.filter((clip) => stored.has(clip))).toEqual([]);
  expect(rendered).toHaveLength(names.length + 1 - stored.size);
});
