import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The shortest limit of any system for a socket's path (macOS: 104 bytes with the final zero). */
const longestSocketPath = 103;

/** A path to a folder that is short enough for sockets in it, and how to remove it again. */
export interface ShortPath {
  readonly folder: string;
  readonly drop: () => Promise<void>;
}

/** Reaches a folder with a long path through a symbolic link in a short one. */
export async function shortPathTo(folder: string, longestName: number): Promise<ShortPath> {
  const fits = (path: string): boolean => Buffer.byteLength(path) + 1 + longestName <= longestSocketPath;
  if (fits(folder)) return { folder, drop: () => Promise.resolve() };
  const base = fits(join(tmpdir(), 'bespoke-XXXXXX', 'o')) ? tmpdir() : '/tmp';
  const holder = await mkdtemp(join(base, 'bespoke-'));
  const link = join(holder, 'o');
  await symlink(folder, link);
  return { folder: link, drop: () => rm(holder, { recursive: true, force: true }) };
}
