import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';
import { storageError } from './storage-error.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'bespoke-folder-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const refusal = (folder: string): Promise<unknown> =>
  makeFolder(folder).then(
    () => undefined,
    (error: unknown) => storageError(error, folder),
  );

it('makes a folder with those above it, and is content with one that is there', async () => {
  const folder = join(root, 'a', 'b', 'c');
  await makeFolder(folder, 0o700);
  await makeFolder(folder);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

it('lets several make one folder at once', async () => {
  for (let round = 0; round < 50; round += 1) {
    const folder = join(root, String(round), 'b', 'c');
    await Promise.all(Array.from({ length: 8 }, () => makeFolder(folder)));
  }
});

it('does not take a file for a folder, at the end or on the way', async () => {
  await writeFile(join(root, 'file'), '');
  for (const folder of [join(root, 'file'), join(root, 'file', 'a', 'b')]) {
    expect(await refusal(folder)).toMatchObject({ code: 'directory-not-writable' });
  }
});

it('ends where a file system takes no folders', async () => {
  expect(await refusal('/proc/a/b')).toMatchObject({ code: 'directory-not-writable' });
});
