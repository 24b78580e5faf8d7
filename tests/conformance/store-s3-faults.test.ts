import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { S3Config } from '../../worker/adapters/store/s3-client.ts';
import type { Store } from '../../worker/core/ports.ts';
import { startTestS3, type TestS3 } from '../services/s3-server.ts';
import { openTestS3, s3Config } from './store-kinds.ts';

const name = `${'ab'.repeat(32)}.mp4`;
const megabytes = 20;
const content = Buffer.alloc(megabytes * 1_000_000, 'frames ');

let s3: TestS3;
let root: string;
let config: S3Config;

beforeAll(async () => {
  s3 = await startTestS3();
});
afterAll(() => s3.remove());
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'bespoke-s3-'));
  config = s3Config(s3.access);
});
afterEach(async () => {
  await s3.fault({ kind: 'none' });
  await rm(root, { recursive: true, force: true });
});

const open = (machine: string, times = {}): Promise<Store> => openTestS3(config, join(root, machine), times);

async function publish(store: Store, what: Buffer = content): Promise<void> {
  const file = await store.scratch('mp4');
  await writeFile(file, what);
  await store.publish('videos', name, file);
}

/** Parts that the server holds of uploads that were neither finished nor aborted. */
async function partsLeft(): Promise<readonly string[]> {
  const found = await readdir(s3.folder, { recursive: true });
  return found.filter((file) => file.includes('_S3rver_uploads/') || file.startsWith('part-'));
}

const objects = async (): Promise<readonly string[]> =>
  (await readdir(s3.folder, { recursive: true })).filter(
    (file) => file.includes(config.prefix) && file.endsWith('_S3rver_object'),
  );

async function expectWhole(): Promise<void> {
  const reader = await open(`reader-${Math.random()}`);
  expect((await readFile(await reader.fetch('videos', name))).equals(content)).toBe(true);
}

it('waits for a store that refuses for a while, and goes on', async () => {
  const writer = await open('writer');
  await s3.fault({ kind: 'refuse' });
  const published = publish(writer);
  await sleep(1_500);
  await s3.fault({ kind: 'none' });
  await published;
  await s3.fault({ kind: 'refuse', status: 500 });
  const whole = expectWhole();
  await sleep(1_000);
  await s3.fault({ kind: 'none' });
  await whole;
});

it('does not fail many at once while the store refuses for a while', async () => {
  const writer = await open('writer', { patienceMs: 20_000 });
  await s3.fault({ kind: 'refuse' });
  const asked = Promise.all(Array.from({ length: 300 }, (_, n) => writer.has('clips', `${n}.mp4`)));
  await sleep(2_500);
  await s3.fault({ kind: 'none' });
  expect(new Set(await asked)).toEqual(new Set([false]));
});

it('gives up after its patience with an error that lets the queue try again', async () => {
  const writer = await open('writer', { patienceMs: 800 });
  await s3.fault({ kind: 'refuse' });
  await expect(publish(writer)).rejects.toMatchObject({ code: 'store-away', retryable: true });
  await s3.fault({ kind: 'none' });
  expect(await objects()).toEqual([]);
  await publish(writer);
});

it('waits for a server that is stopped and started again', async () => {
  const writer = await open('writer', { patienceMs: 20_000 });
  await s3.stop('SIGKILL');
  const published = publish(writer);
  await sleep(1_500);
  await s3.start();
  await published;
  await expectWhole();
});

it('finishes an upload in whose middle the server died', async () => {
  const writer = await open('writer', { patienceMs: 20_000 });
  await s3.fault({ kind: 'cut-upload', bytes: 3_000_000, times: 3 });
  const published = publish(writer);
  await expect.poll(partsLeft).not.toEqual([]);
  await s3.stop('SIGKILL');
  expect(await objects()).toEqual([]);
  await s3.start();
  await published;
  await expectWhole();
});

it('leaves neither an object nor parts behind when an upload keeps breaking', async () => {
  const writer = await open('writer', { patienceMs: 1_000 });
  const before = await partsLeft();
  await s3.fault({ kind: 'cut-upload', bytes: 3_000_000 });
  await expect(publish(writer)).rejects.toMatchObject({ code: 'store-away' });
  await s3.fault({ kind: 'none' });
  expect(await objects()).toEqual([]);
  expect(await partsLeft()).toEqual(before);
});

it('begins a download again that broke off', async () => {
  await publish(await open('writer'));
  await s3.fault({ kind: 'cut-download', bytes: 5_000_000, times: 2 });
  await expectWhole();
});

it('keeps nothing of a download that keeps breaking off', async () => {
  await publish(await open('writer'));
  const reader = await open('reader', { patienceMs: 500 });
  await s3.fault({ kind: 'cut-download', bytes: 5_000_000 });
  await expect(reader.fetch('videos', name)).rejects.toMatchObject({ code: 'store-away' });
  const left = await readdir(join(root, 'reader'), { recursive: true, withFileTypes: true });
  expect(left.filter((entry) => entry.isFile())).toEqual([]);
  await s3.fault({ kind: 'none' });
  expect((await readFile(await reader.fetch('videos', name))).length).toBe(content.length);
});

it('does not wait for ever for a server that says nothing', async () => {
  const writer = await open('writer', { patienceMs: 500, silenceMs: 400 });
  await s3.fault({ kind: 'hang' });
  await expect(writer.has('videos', name)).rejects.toMatchObject({ code: 'store-away' });
});

it('tells a store that denies from one that is away', async () => {
  const writer = await open('writer');
  await s3.fault({ kind: 'deny' });
  await expect(writer.has('videos', name)).rejects.toMatchObject({ code: 'store-refused', retryable: false });
  await expect(publish(writer)).rejects.toMatchObject({ code: 'store-refused' });
});

it('finds out that it may not list', async () => {
  const writer = await open('writer');
  await writer.probe();
  await s3.fault({ kind: 'deny-absent' });
  await expect(writer.probe()).rejects.toThrow(/may not list the bucket "bespoke-test" \(s3:ListBucket\)/);
});

it('finds out that what it puts there does not stay', async () => {
  const writer = await open('writer');
  await s3.fault({ kind: 'lose' });
  await expect(writer.probe()).rejects.toMatchObject({ code: 'store-away', retryable: true });
});

it('is asked by many at once whether it is ready', async () => {
  const stores = await Promise.all(Array.from({ length: 8 }, (_, n) => open(`machine-${n}`)));
  for (let round = 0; round < 5; round += 1) await Promise.all(stores.map((store) => store.probe()));
});

it('works with stores that know no conditional writes', async () => {
  const writer = await open('writer');
  await s3.fault({ kind: 'unconditional' });
  await publish(writer);
  await expectWhole();
  await publish(await open('other'), Buffer.from('other'));
});

it('shows the object of one of two that upload at once, whole', async () => {
  const stores = await Promise.all([open('one'), open('two')]);
  await Promise.all(
    stores.map((store, index) => publish(store, Buffer.alloc(10_000_000 + index, `${index}`))),
  );
  const seen = await readFile(await (await open('three')).fetch('videos', name));
  expect(seen.length).toBe(10_000_000 + Number(String.fromCharCode(seen[0] ?? 0)));
  expect(seen.every((byte) => byte === seen[0])).toBe(true);
  expect((await readFile(await stores[0].fetch('videos', name))).equals(seen)).toBe(true);
});

it('shows no half object while publishers are killed in the middle of uploads', async () => {
  const script = `
    import { writeFile } from 'node:fs/promises';
    import { openTestS3 } from ${JSON.stringify(new URL('store-kinds.ts', import.meta.url).href)};
    const store = await openTestS3(${JSON.stringify(config)}, process.argv[1]);
    const file = await store.scratch('mp4');
    await writeFile(file, Buffer.alloc(${content.length}, 'frames '));
    process.stdout.write('ready');
    await store.publish('videos', ${JSON.stringify(name)}, file);`;
  const folder = join(root, 'killed');
  await s3.fault({ kind: 'slow-upload' });
  for (let round = 0; round < 3; round += 1) {
    const left = (await partsLeft()).length;
    const args = ['--import', 'tsx', '--input-type=module', '-e', script, folder];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'close');
    await once(child.stdout, 'data');
    await expect.poll(async () => (await partsLeft()).length, { timeout: 20_000 }).toBeGreaterThan(left);
    child.kill('SIGKILL');
    await ended;
    expect(await objects()).toEqual([]);
  }
  await s3.fault({ kind: 'none' });
  const writer = await open('killed');
  await publish(writer);
  await expectWhole();
  expect(await readdir(join(folder, 'cache', 'scratch'))).toHaveLength(1);
});
