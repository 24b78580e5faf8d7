import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openFolderStore } from '../store/folder-store.ts';
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
