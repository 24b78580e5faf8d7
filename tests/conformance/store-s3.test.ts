import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { makeS3Client, type S3Config } from '../../worker/adapters/store/s3-client.ts';
import type { Namespace, Store } from '../../worker/core/ports.ts';
import { openTestS3, s3Config, silent } from './store-kinds.ts';

const name = `${'ab'.repeat(32)}.mp4`;
const answer = { contentType: 'video/mp4', cacheControl: 'private, max-age=60', seconds: 60 };

let root: string;
let config: S3Config;
let store: Store;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'bespoke-s3-'));
  config = s3Config(inject('s3'));
  store = await openTestS3(config, join(root, 'one'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function publish(shelf: Namespace, file: string, content: string | Buffer): Promise<void> {
  const path = await store.scratch('part');
  await writeFile(path, content);
  await store.publish(shelf, file, path);
}

const cachedFiles = async (machine: string): Promise<readonly string[]> =>
  (await readdir(join(root, machine, 'cache', 'files'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const another = (changes: Partial<S3Config> = {}, times = {}): Promise<Store> =>
  openTestS3({ ...config, ...changes }, join(root, 'two'), times);

describe('an address for viewers', () => {
  const addressOf = async (seconds = 60): Promise<string> =>
    (await store.address('clips', name, { ...answer, seconds })) ?? '';

  beforeEach(() => publish('clips', name, '0123456789'));

  it('gives ranges with the type and caching that were asked for', async () => {
    const response = await fetch(await addressOf(), { headers: { range: 'bytes=2-4' } });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-type')).toBe('video/mp4');
    expect(response.headers.get('cache-control')).toBe('private, max-age=60');
    expect(response.headers.get('content-range')).toBe('bytes 2-4/10');
    expect(await response.text()).toBe('234');
  });

  it('works for this file only, and not for long', async () => {
    const address = await addressOf(1);
    expect((await fetch(address.replace('abab', 'cdcd'))).status).toBe(403);
    expect((await fetch(address.split('?')[0] ?? '')).status).toBe(403);
    await sleep(2_100);
    expect((await fetch(address)).status).toBe(403);
  });

  it('is of the name under which browsers reach the store', async () => {
    const outside = await another({ publicEndpoint: 'https://media.example' });
    const address = new URL((await outside.address('clips', name, answer)) ?? '');
    expect(address.origin).toBe('https://media.example');
    expect(address.pathname).toBe(`/${config.bucket}/${config.prefix}clips/ab/${name}`);
  });
});

it.each([
  ['videos', 'ab.mp4', 'video/mp4'],
  ['posters', 'ab.jpg', 'image/jpeg'],
  ['teasers', 'ab.gif', 'image/gif'],
  ['captions', 'ab.vtt', 'text/vtt; charset=utf-8'],
  ['mixes', 'ab.m4a', 'audio/mp4'],
] as const)('tells the store what lies on the shelf of %s', async (shelf, file, type) => {
  await publish(shelf, file, 'content');
  const client = makeS3Client(config, config.endpoint, { patienceMs: 0, silenceMs: 5_000 }, silent);
  const Key = `${config.prefix}${shelf}/ab/${file}`;
  const { ContentType } = await client.send(new HeadObjectCommand({ Bucket: config.bucket, Key }));
  expect(ContentType).toBe(type);
});

describe('a store that will not have us', () => {
  const refused = async (changes: Partial<S3Config>, message: RegExp): Promise<void> => {
    const other = await another(changes);
    const file = await other.scratch('mp4');
    await writeFile(file, 'frames');
    const expected = { code: 'store-refused', message: expect.stringMatching(message) as string };
    await expect(other.probe()).rejects.toMatchObject(expected);
    await expect(other.publish('clips', name, file)).rejects.toMatchObject(expected);
    expect(await readFile(file, 'utf8')).toBe('frames');
  };

  it('says so when the secret is wrong', () =>
    refused({ credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'wrong' } }, /denies access/));

  it('says so when the key is unknown', () =>
    refused({ credentials: { accessKeyId: 'nobody', secretAccessKey: 'S3RVER' } }, /denies access/));

  it('says so when there is no such bucket', () =>
    refused({ bucket: 'no-such-bucket' }, /no bucket "no-such-bucket"/));
});

it('says that a store is away where nobody listens, without waiting longer than told', async () => {
  const nobody = await another({ endpoint: 'http://127.0.0.1:9' }, { patienceMs: 700 });
  const begun = Date.now();
  await expect(nobody.fetch('clips', name)).rejects.toMatchObject({ code: 'store-away', retryable: true });
  await expect(nobody.probe()).rejects.toMatchObject({ code: 'store-away' });
  expect(Date.now() - begun).toBeLessThan(5_000);
});

describe('copies on this machine', () => {
  const old = new Date(Date.now() - 3600_000);

  it('stay within their limit, the least used going first, and never under who uses them', async () => {
    const names = ['a.mp4', 'b.mp4', 'c.mp4', 'd.mp4'];
    for (const each of names) await publish('clips', each, Buffer.alloc(1_000, each));
    const small = await another({ cacheBytes: 2_500 }, { inUseMs: 60_000 });
    for (const each of ['a.mp4', 'b.mp4', 'c.mp4']) await small.fetch('clips', each);
    expect(await cachedFiles('two')).toHaveLength(3);
    for (const file of await cachedFiles('two')) await utimes(file, old, new Date());
    const used = await small.fetch('clips', 'a.mp4');
    await small.fetch('clips', 'd.mp4');
    await expect
      .poll(async () => (await cachedFiles('two')).map((file) => file.slice(-5)).sort())
      .toEqual(['a.mp4', 'd.mp4']);
    expect((await readFile(used)).length).toBe(1_000);
    expect((await readFile(await small.fetch('clips', 'b.mp4'), 'utf8')).slice(0, 5)).toBe('b.mp4');
  });

  it('are used without asking, until they are too old to be trusted', async () => {
    const other = await another();
    await publish('clips', name, 'frames');
    const copy = await other.fetch('clips', name);
    await store.remove('clips', name);
    expect(await other.fetch('clips', name)).toBe(copy);
    await utimes(copy, new Date(), new Date(Date.now() - 25 * 3600_000));
    await expect(other.fetch('clips', name)).rejects.toMatchObject({ code: 'stored-file-missing' });
    expect(await cachedFiles('two')).toEqual([]);
  });

  it('are trusted anew when the store still holds the file', async () => {
    const other = await another();
    await publish('clips', name, 'frames');
    const copy = await other.fetch('clips', name);
    await utimes(copy, new Date(), new Date(Date.now() - 25 * 3600_000));
    expect(await other.fetch('clips', name)).toBe(copy);
    await store.remove('clips', name);
    expect(await other.fetch('clips', name)).toBe(copy);
  });

  it('that nobody asked for in a day are gone when a process starts', async () => {
    await publish('clips', name, 'frames');
    const [copy = ''] = await cachedFiles('one');
    const before = new Date(Date.now() - 25 * 3600_000);
    await utimes(copy, before, before);
    await openTestS3(config, join(root, 'one'));
    await expect.poll(() => cachedFiles('one')).toEqual([]);
  });

  it('are shared by processes that fetch the same at once', async () => {
    await publish('clips', name, Buffer.alloc(3_000_000, 'x'));
    const stores = await Promise.all(Array.from({ length: 4 }, () => another()));
    const files = await Promise.all(stores.map((each) => each.fetch('clips', name)));
    expect(new Set(files).size).toBe(1);
    expect((await readFile(files[0] ?? '')).length).toBe(3_000_000);
  });

  it('make room when the disk is full, and say so when that is not enough', async () => {
    const disk = join(root, 'two');
    await mkdir(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: ['ignore', 2, 'pipe'] });
    try {
      const other = await another();
      await publish('clips', 'a.mp4', Buffer.alloc(700_000, 'a'));
      await publish('clips', 'b.mp4', Buffer.alloc(700_000, 'b'));
      await publish('clips', 'c.mp4', Buffer.alloc(2_000_000, 'c'));
      await utimes(await other.fetch('clips', 'a.mp4'), old, new Date());
      expect((await readFile(await other.fetch('clips', 'b.mp4'))).length).toBe(700_000);
      await expect(other.fetch('clips', 'a.mp4')).rejects.toMatchObject({ code: 'disk-full' });
      await expect(other.fetch('clips', 'c.mp4')).rejects.toMatchObject({ code: 'disk-full' });
      expect((await cachedFiles('two')).map((file) => file.slice(-5))).toEqual(['b.mp4']);
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  });
});
