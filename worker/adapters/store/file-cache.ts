import type { Stats } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Log } from '../../core/ports.ts';
import { privateModes } from './make-folder.ts';
import { isMissing } from './storage-error.ts';

/** How much a cache keeps and for how long. */
export interface CacheLimits {
  readonly bytes: number;
  /** A file that was asked for within this time may be in use: it stays, however full the cache is. */
  readonly inUseMs: number;
  /** A copy older than this is confirmed with the store before it is used again, or goes. */
  readonly trustedMs: number;
}

/** Copies of remote files in a folder that several processes of this machine may share. */
export interface FileCache {
  /** The copy, marked as in use; `trusted` tells whether it may be used without asking the store. */
  readonly find: (name: string) => Promise<{ readonly file: string; readonly trusted: boolean } | undefined>;
  /** Notes that the store still holds what the copy was made of. */
  readonly confirm: (name: string) => Promise<void>;
  /** Takes a whole file of the same file system in. @returns where it is now. */
  readonly keep: (name: string, file: string) => Promise<string>;
  readonly forget: (name: string) => Promise<void>;
  /** Removes what is too old or too much; `all`: everything that is not in use. */
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

/** After a sweep this much of the limit is taken, so that not every file brings a sweep. */
const sweptShare = 0.9;

/**
 * Opens a cache. A file's modification time tells when the store was last known to hold it, its access
 * time when it was last asked for: facts that processes share without talking to each other.
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

  /** Looked at again just before: another process may have asked for the file since it was listed. */
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
      // Marked first, looked at after: what a sweep took in between is not handed out.
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
      // Other processes fill the same folder unseen, so a tenth of it brings a look of its own.
      if (!swept || bytesSinceSweep > limits.bytes * (1 - sweptShare)) {
        void sweep().catch((error: unknown) => log.warn('cache not swept', { error: String(error) }));
      }
      return target;
    },

    forget: (name) => rm(join(folder, name), { force: true }),
    sweep,
  };
}
