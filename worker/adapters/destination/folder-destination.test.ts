import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openFolderStore } from '../store/folder-store.ts';
import { openWorkspace } from '../workspace/workspace.ts';
import { openFolderDestination } from './folder-destination.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bespoke-destination-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('sweeps what a crash left half handed over, and nothing else', async () => {
  const out = path.join(folder, 'out');
  await mkdir(path.join(out, 'videos'), { recursive: true });
  const left = ['videos/a.mp4.0d9f.part', '.results.csv.12ab.partial'];
  const kept = ['videos/a.mp4', 'results.csv'];
  for (const name of [...left, ...kept]) await writeFile(path.join(out, name), '');
  const store = await openFolderStore(path.join(folder, 'store'));

  await openFolderDestination(out, store);
  expect(await readdir(out)).toContain('.results.csv.12ab.partial');

  await openFolderDestination(out, store, Date.now() + 2 * 60 * 60 * 1000);
  expect(await readdir(path.join(out, 'videos'))).toEqual(['a.mp4']);
  expect(await readdir(out)).not.toContain('.results.csv.12ab.partial');
  expect(await readdir(out)).toContain('results.csv');
});

/** Modes by path of what lies in a folder. */
async function modesIn(root: string): Promise<Readonly<Record<string, string>>> {
  const entries = (await readdir(root, { recursive: true })).map(async (name) => {
    const { mode } = await stat(path.join(root, name));
    return [name, (mode & 0o777).toString(8)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Does something with a umask that belongs to this process, as a shell sets it. */
async function withUmask<T>(mask: number, run: () => Promise<T>): Promise<T> {
  const before = process.umask(mask);
  try {
    return await run();
  } finally {
    process.umask(before);
  }
}

it.each(['000', '022', '077'])('keeps what is ours private, whatever the umask says: %s', async (mask) => {
  await withUmask(Number.parseInt(mask, 8), async () => {
    const workspace = await openWorkspace(path.join(folder, 'work', 'space'));
    const store = await openFolderStore(workspace.store);
    const file = await store.scratch('mp4');
    await writeFile(file, 'film');
    await store.publish('videos', `${'a'.repeat(64)}.mp4`, file);
    const modes = await modesIn(workspace.root);
    expect(Object.keys(modes)).toContain(`store/videos/aa/${'a'.repeat(64)}.mp4`);
    for (const [name, mode] of Object.entries(modes)) {
      const isFile = /\.\w+$/.test(path.basename(name)) && !name.startsWith('store/scratch/');
      expect([name, mode]).toEqual([name, isFile ? '600' : '700']);
    }
    expect((await stat(workspace.root)).mode & 0o777).toBe(0o700);
  });
});

it('exports files as the umask says, and leaves earlier exports as they are', async () => {
  const store = await openFolderStore(path.join(folder, 'store'));
  const publish = async (shelf: 'videos' | 'posters' | 'teasers' | 'captions', extension: string) => {
    const file = await store.scratch(extension);
    await writeFile(file, 'film');
    const name = `${'a'.repeat(64)}.${extension}`;
    await store.publish(shelf, name, file);
    return name;
  };
  const files = {
    video: await publish('videos', 'mp4'),
    poster: await publish('posters', 'jpg'),
    teaser: await publish('teasers', 'gif'),
    captions: await publish('captions', 'vtt'),
  };
  const exportAs = (mask: number, out: string) =>
    withUmask(mask, async () => {
      const destination = await openFolderDestination(path.join(folder, out), store);
      await destination.deliver('anna', files, []);
    });
  await exportAs(0o022, 'open');
  await exportAs(0o077, 'closed');
  await exportAs(0o022, 'open-too');
  const { videos, 'videos/anna.mp4': film } = await modesIn(path.join(folder, 'open'));
  expect({ videos, film }).toEqual({ videos: '755', film: '444' });
  const closed = await modesIn(path.join(folder, 'closed'));
  expect(closed).toMatchObject({ videos: '700', 'videos/anna.mp4': '400', 'posters/anna.jpg': '400' });
  expect(await modesIn(path.join(folder, 'open-too'))).toMatchObject({ 'videos/anna.mp4': '444' });
});
