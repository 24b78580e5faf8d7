import { link, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownWorkspace, type WorkspaceOwner } from './owner.ts';

describe('ownWorkspace', () => {
  let root: string;
  const owners: WorkspaceOwner[] = [];

  async function own(folder: string, command = 'bespoke batch'): Promise<WorkspaceOwner> {
    const owner = await ownWorkspace(root, folder, command);
    owners.push(owner);
    return owner;
  }

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'bespoke-owner-'));
  });
  afterEach(async () => {
    await Promise.all(owners.splice(0).map((owner) => owner.release()));
    await rm(root, { recursive: true, force: true });
  });

  it('tells a second process who holds the workspace', async () => {
    await own(root, 'bespoke batch a.csv');
    await expect(own(root)).rejects.toMatchObject({ code: 'workspace-held' });
    await expect(own(root)).rejects.toThrow(`Process ${process.pid} (bespoke batch a.csv, since 20`);
  });

  it('lets the next one in after release, and leaves nothing behind', async () => {
    const first = await own(root);
    await first.release();
    expect(await readdir(root)).toEqual([]);
    const second = await own(root);
    await second.release();
  });

  it('holds its socket for this user only', async () => {
    await own(root);
    const [name] = await readdir(root);
    expect((await stat(join(root, name ?? ''))).mode & 0o777).toBe(0o600);
  });

  it('lets exactly one of many in at once, again and again', async () => {
    for (let round = 0; round < 5; round += 1) {
      const results = await Promise.allSettled(
        Array.from({ length: 6 }, () => ownWorkspace(root, root, 'race')),
      );
      const winners = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      expect(winners).toHaveLength(1);
      await Promise.all(winners.map((winner) => winner.release()));
    }
  });

  it('takes over from sockets that nobody answers any more', async () => {
    const dead = createServer();
    await new Promise<void>((resolve) => dead.listen(join(root, 'gone.new'), resolve));
    await link(join(root, 'gone.new'), join(root, 'gone.sock'));
    await new Promise((resolve) => dead.close(resolve));
    expect(await readdir(root)).toEqual(['gone.sock']);
    await own(root);
    expect(await readdir(root)).not.toContain('gone.sock');
  });

  it('counts a holder that is too busy to answer', async () => {
    const busy = createServer();
    await new Promise<void>((resolve) => busy.listen(join(root, 'busy.sock'), resolve));
    await expect(own(root)).rejects.toThrow(
      'Another process, which is too busy to answer, uses the workspace',
    );
    await new Promise((resolve) => busy.close(resolve));
  });

  it('works in folders whose path is too long for a socket', async () => {
    const deep = join(root, 'x'.repeat(90), 'ü'.repeat(60));
    await mkdir(deep, { recursive: true });
    const first = await own(deep);
    await expect(own(deep)).rejects.toMatchObject({ code: 'workspace-held' });
    await first.release();
    await own(deep);
  });
});
