import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { moveFile } from './move-file.ts';
import { storageError } from './storage-error.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bespoke-move-'));
  await writeFile(join(folder, 'file'), 'frames');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** As if `file` lay on another file system. */
const acrossFileSystems: typeof rename = async (from, to) => {
  if (String(from).endsWith('/file')) throw Object.assign(new Error('cross-device'), { code: 'EXDEV' });
  await rename(from, to);
};
const part = (): Promise<string> => Promise.resolve(join(folder, 'part'));

it('moves a file to another file system by way of a copy', async () => {
  await moveFile(join(folder, 'file'), join(folder, 'target'), part, acrossFileSystems);
  expect(await readdir(folder)).toEqual(['target']);
  expect(await readFile(join(folder, 'target'), 'utf8')).toBe('frames');
});

it('leaves no part behind when the target cannot be reached', async () => {
  const moved = moveFile(join(folder, 'file'), join(folder, 'no', 'target'), part, acrossFileSystems);
  await expect(moved).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await readdir(folder)).toEqual(['file']);
});

it('tells a full disk by what the system says of it', async () => {
  const refused = writeFile('/dev/full', 'frames').catch((error: unknown) => storageError(error, folder));
  expect(await refused).toMatchObject({ code: 'disk-full', retryable: true });
});
