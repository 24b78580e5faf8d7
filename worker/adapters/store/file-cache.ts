import type { Stats } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Log } from '../../core/ports.ts';
import { privateModes } from './make-folder.ts';
import { isMissing } from './storage-error.ts';

/** Size and age limits of a cache. */
export interface CacheLimits {
  readonly bytes: number;
  /** A file that was requested within this time may be in use: it stays, even if the cache is full. */
  readonly inUseMs: number;
  /** A copy older than this is confirmed with the store before it is used again, or removed. */
  readonly trustedMs: number;
}

/** Copies of remote files in a folder that several processes of this machine may share. */
export interface FileCache {
  /** The copy, marked as in use; `trusted`: it may be used without asking the store. */
  readonly find: (name: string) => Promise<{ readonly file: string; readonly trusted: boolean } | undefined>;
  /** Records that the store still has the copied file. */
  readonly confirm: (name: string) => Promise<void>;
  /** Moves a complete file of the same file system into the cache. @returns where it is now. */
  readonly keep: (name: string, file: string) => Promise<string>;
  readonly forget: (name: string) => Promise<void>;
  /** Removes old copies, and more if the cache is too large; `all`: everything that is not in use. */
  readonly sweep: (all?: 'all') => Promise<void>;
}

async function statOf(file: string): Promise<Stats | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** A sweep leaves this share of the limit, so that not every new file causes a sweep. */
const sweptShare = 0.9;

/**
 * Opens a cache. A file's modification time is when the store was last known to have it; its access time is when it
 * was last requested. So processes share these facts without talking to each other.
 */
export function openFileCache(folder: string, limits: CacheLimits, log: Log): FileCache {
  let bytesSinceSweep = 0;
  let swept = false;
  let sweeping: Promise<void> | undefined;

  async function* entries(): AsyncGenerator<{ readonly file: string; readonly facts: Stats }> {
    const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of found) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      const facts = await statOf(file);
      if (facts !== undefined) yield { file, facts };
    }
  }

  const inUse = (facts: Stats): boolean => Date.now() - facts.atimeMs < limits.inUseMs;
  const outlived = (facts: Stats): boolean => Date.now() - facts.mtimeMs > limits.trustedMs;

  /** Checks once more before: another process may have requested the file since it was listed. */
  async function removeUnused(file: string): Promise<number> {
    const facts = await statOf(file);
    if (facts === undefined || inUse(facts)) return 0;
    await rm(file, { force: true });
    return facts.size;
  }

  async function sweepOnce(goal: number): Promise<void> {
    let total = 0;
    const idle: { readonly file: string; readonly facts: Stats }[] = [];
    for await (const entry of entries()) {
      total += entry.facts.size;
      if (!inUse(entry.facts)) idle.push(entry);
    }
    idle.sort((one, other) => one.facts.atimeMs - other.facts.atimeMs);
    const full = total > limits.bytes || goal === 0;
    for (const { file, facts } of idle) {
      if (outlived(facts) || (full && total > goal)) total -= await removeUnused(file);
    }
    swept = true;
    bytesSinceSweep = 0;
    if (total > limits.bytes) log.warn('files in use exceed the cache', { bytes: total });
  }

  async function sweep(all?: 'all'): Promise<void> {
    const running = sweeping;
    if (running !== undefined) {
      await running;
      if (all === undefined) return;
    }
    const run = sweepOnce(all === undefined ? limits.bytes * sweptShare : 0);
    sweeping = run;
    try {
      await run;
    } finally {
      if (sweeping === run) sweeping = undefined;
    }
  }

  return {
    find: async (name) => {
      const file = join(folder, name);
      const facts = await statOf(file);
      if (facts === undefined) return undefined;
      // Mark first, check after: a file that a sweep has just removed is not returned.
      await utimes(file, new Date(), facts.mtime).catch(() => undefined);
      return (await statOf(file)) === undefined ? undefined : { file, trusted: !outlived(facts) };
    },

    confirm: async (name) => {
      const now = new Date();
      await utimes(join(folder, name), now, now).catch(() => undefined);
    },

    keep: async (name, file) => {
      const target = join(folder, name);
      const now = new Date();
      await utimes(file, now, now);
      await mkdir(dirname(target), { recursive: true, mode: privateModes.folder });
      await rename(file, target);
      bytesSinceSweep += (await statOf(target))?.size ?? 0;
      // Other processes fill the same folder unnoticed, so each tenth of the limit causes a check.
      if (!swept || bytesSinceSweep > limits.bytes * (1 - sweptShare)) {
        void sweep().catch((error: unknown) => log.warn('cache not swept', { error: String(error) }));
      }
      return target;
    },

    forget: (name) => rm(join(folder, name), { force: true }),
    sweep,
  };
}
