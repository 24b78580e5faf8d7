import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFolderStore } from '../../worker/adapters/store/folder-store.ts';
import type { Store } from '../../worker/core/ports.ts';
import { storeKinds } from './store-kinds.ts';

const name = `${'ab'.repeat(32)}.mp4`;

describe.each(storeKinds)('a store in %s', (_kind, { open }) => {
  let root: string;
  let store: Store;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'bespoke-store-'));
    store = await open(root);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function scratchFile(content: string | Buffer): Promise<string> {
    const file = await store.scratch('mp4');
    await writeFile(file, content);
    return file;
  }

  it('shows a file once it is published, on its shelf only', async () => {
    const file = await scratchFile('frames');
    expect(await store.has('clips', name)).toBe(false);
    await store.publish('clips', name, file);
    expect(await store.has('clips', name)).toBe(true);
    expect(await store.has('videos', name)).toBe(false);
    expect(await readFile(await store.fetch('clips', name), 'utf8')).toBe('frames');
    expect(existsSync(file)).toBe(false);
  });

  it('gives another machine what one has published', async () => {
    await store.publish('inputs', 'ab.csv', await scratchFile('id;name'));
    const other = await open(root, 'two');
    expect(await other.has('inputs', 'ab.csv')).toBe(true);
    expect(await readFile(await other.fetch('inputs', 'ab.csv'), 'utf8')).toBe('id;name');
  });

  it('changes nothing when a file is published again', async () => {
    await store.publish('clips', name, await scratchFile('frames'));
    const again = await scratchFile('other frames');
    await store.publish('clips', name, again);
    const other = await open(root, 'two');
    await other.publish('clips', name, await scratchFile('yet other frames'));
    for (const each of [store, other]) {
      expect(await readFile(await each.fetch('clips', name), 'utf8')).toBe('frames');
    }
    expect(existsSync(again)).toBe(false);
  });

  it('survives that two publish the same at once', async () => {
    const files = await Promise.all(Array.from({ length: 8 }, () => scratchFile('frames')));
    await Promise.all(files.map((file) => store.publish('mixes', name, file)));
    expect(await readFile(await store.fetch('mixes', name), 'utf8')).toBe('frames');
  });

  it('copies a file to another namespace, where it outlives the first one', async () => {
    const [from, to] = [
      { namespace: 'stills', name },
      { namespace: 'posters', name },
    ] as const;
    await expect(store.copy(from, to)).rejects.toMatchObject({ code: 'stored-file-missing' });
    await store.publish('stills', name, await scratchFile('picture'));
    await store.copy(from, to);
    await store.copy(from, to);
    await store.remove('stills', name);
    const other = await open(root, 'two');
    expect(await readFile(await other.fetch('posters', name), 'utf8')).toBe('picture');
  });

  it('gives a large file back byte for byte', async () => {
    const content = randomBytes(21_000_003);
    await store.publish('videos', name, await scratchFile(content));
    const other = await open(root, 'two');
    expect((await readFile(await other.fetch('videos', name))).equals(content)).toBe(true);
  });

  it('gives many who ask for the same file at once the whole of it', async () => {
    await store.publish('clips', name, await scratchFile('frames'));
    const other = await open(root, 'two');
    const files = await Promise.all(Array.from({ length: 20 }, () => other.fetch('clips', name)));
    for (const file of files) expect(await readFile(file, 'utf8')).toBe('frames');
  });

  it('forgets what is removed, and says that it is gone', async () => {
    await store.publish('clips', name, await scratchFile('frames'));
    await store.fetch('clips', name);
    await store.remove('clips', name);
    await store.remove('clips', name);
    expect(await store.has('clips', name)).toBe(false);
    await expect(store.fetch('clips', name)).rejects.toMatchObject({ code: 'stored-file-missing' });
  });

  it('takes a file again that was removed', async () => {
    await store.publish('clips', name, await scratchFile('frames'));
    await store.remove('clips', name);
    await store.publish('clips', name, await scratchFile('new frames'));
    expect(await readFile(await store.fetch('clips', name), 'utf8')).toBe('new frames');
  });

  it('can be tried out without a trace', async () => {
    await store.probe();
    expect(await readdir(dirname(await store.scratch('mp4')))).toEqual([]);
  });

  it.each(['../../etc/passwd', 'a/b.mp4', '.mp4', 'A.mp4', 'a.mp4/', 'a..mp4', '', 'a\u0000.mp4'])(
    'builds no path from the name %j',
    async (bad) => {
      const answer = { contentType: 'video/mp4', cacheControl: 'private', seconds: 60 };
      await expect(store.has('clips', bad)).rejects.toThrow(RangeError);
      await expect(store.fetch('clips', bad)).rejects.toThrow(RangeError);
      await expect(store.remove('clips', bad)).rejects.toThrow(RangeError);
      await expect(store.address('clips', bad, answer)).rejects.toThrow(RangeError);
      await expect(store.publish('clips', bad, await scratchFile('x'))).rejects.toThrow(RangeError);
    },
  );

  it('builds no path from an extension', async () => {
    await expect(store.scratch('../x')).rejects.toThrow(RangeError);
  });
});

describe('the folder store on its disk', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'bespoke-store-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('sweeps the scratch of dead processes and keeps that of living ones', async () => {
    const living = await openFolderStore(root);
    const mine = await living.scratch('mp4');
    await writeFile(mine, 'half');
    const [host, , start, chance] = basename(dirname(mine)).split('.');
    const dead = join(root, 'scratch', [host, 4_000_000, start, chance].join('.'));
    const foreign = join(root, 'scratch', 'elsewhere.1.1.ab');
    const abandoned = join(root, 'scratch', 'elsewhere.2.1.cd');
    for (const folder of [dead, foreign, abandoned]) {
      await mkdir(folder);
      await writeFile(join(folder, 'half.mp4'), 'half');
    }
    await utimes(abandoned, new Date(0), new Date(0));
    await openFolderStore(root);
    expect(existsSync(mine)).toBe(true);
    expect(existsSync(dead)).toBe(false);
    expect(existsSync(foreign)).toBe(true);
    expect(existsSync(abandoned)).toBe(false);
  });

  it('takes a file that a power cut has emptied for one that is not there', async () => {
    const store = await openFolderStore(root);
    const publish = async (): Promise<void> => {
      const file = await store.scratch('jpg');
      await writeFile(file, 'picture');
      await store.publish('posters', 'ab.jpg', file, { derived: true });
    };
    await publish();
    await truncate(await store.fetch('posters', 'ab.jpg'));
    expect(await store.has('posters', 'ab.jpg')).toBe(false);
    await expect(store.fetch('posters', 'ab.jpg')).rejects.toMatchObject({ code: 'stored-file-missing' });
    await publish();
    expect(await readFile(await store.fetch('posters', 'ab.jpg'), 'utf8')).toBe('picture');
    const [from, to] = [
      { namespace: 'posters', name: 'ab.jpg' },
      { namespace: 'stills', name: 'cd.jpg' },
    ] as const;
    await store.copy(from, to);
    await rm(await store.fetch('stills', 'cd.jpg'));
    await writeFile(await store.fetch('stills', 'cd.jpg', { unchecked: true }), '');
    await store.copy(from, to);
    expect(await readFile(await store.fetch('stills', 'cd.jpg'), 'utf8')).toBe('picture');
  });

  it('says that a folder cannot be used when a file is there', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(openFolderStore(join(root, 'file'))).rejects.toMatchObject({
      code: 'directory-not-writable',
    });
  });

  it('shows no half file while a publisher is killed again and again', async () => {
    const script = `
      import { writeFile } from 'node:fs/promises';
      import { openFolderStore } from ${JSON.stringify(new URL('../../worker/adapters/store/folder-store.ts', import.meta.url).href)};
      const store = await openFolderStore(process.argv[1]);
      const content = 'x'.repeat(3_000_000);
      process.stdout.write('ready');
      for (let n = 0; ; n += 1) {
        const file = await store.scratch('mp4');
        await writeFile(file, content);
        await store.publish('clips', 'k' + n + '.mp4', file);
      }`;
    for (let round = 0; round < 3; round += 1) {
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, root], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = new Promise((resolve) => child.once('close', resolve));
      await new Promise((resolve) => child.stdout.once('data', resolve));
      await sleep(60 + round * 37);
      child.kill('SIGKILL');
      await ended;
    }
    const published = (await readdir(join(root, 'clips'), { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile(),
    );
    expect(published.length).toBeGreaterThan(0);
    for (const entry of published) {
      expect((await readFile(join(entry.parentPath, entry.name))).length).toBe(3_000_000);
    }
    await openFolderStore(root);
    expect(await readdir(join(root, 'scratch'))).toHaveLength(1);
  });
});
