import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkspace } from './workspace.ts';

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
});
