import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path, { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFolderStore } from '../store/folder-store.ts';
import { openWorkspace } from './workspace.ts';

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

describe('openWorkspace', () => {
  let parent: string;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'bespoke-workspace-'));
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  it('makes a folder that is private and that git ignores', async () => {
    const workspace = await openWorkspace(join(parent, 'deep', '.bespoke'));
    expect((await stat(workspace.root)).mode & 0o777).toBe(0o700);
    expect(await readFile(join(workspace.root, '.gitignore'), 'utf8')).toBe('*\n');
    expect((await readdir(workspace.root)).toSorted()).toEqual(['.gitignore', 'cache', 'owner']);
    expect(await openWorkspace(workspace.root)).toEqual(workspace);
  });

  it('says so when a file is in the way', async () => {
    await writeFile(join(parent, 'file'), '');
    await expect(openWorkspace(join(parent, 'file'))).rejects.toMatchObject({
      code: 'directory-not-writable',
    });
    await expect(openWorkspace(join(parent, 'file', 'in'))).rejects.toMatchObject({
      code: 'directory-not-writable',
    });
  });

  it.each(['000', '022', '077'])('keeps what is ours private, whatever the umask says: %s', async (mask) => {
    await withUmask(Number.parseInt(mask, 8), async () => {
      const workspace = await openWorkspace(path.join(parent, 'work', 'space'));
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
});
