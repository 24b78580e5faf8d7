import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import type { Shelf, Store } from '../../core/ports.ts';
import { moveFile, syncToDisk } from './move-file.ts';
import { markState, processMark } from './process-mark.ts';
import { isMissing, storageError } from './storage-error.ts';

const shelfFolders: Readonly<Record<Shelf, string>> = {
  clips: 'clips',
  mixes: 'mixes',
  images: 'images',
  videos: 'videos',
  posters: 'posters',
  teasers: 'teasers',
  captions: 'captions',
};

const namePattern = /^[0-9a-z][0-9a-z_-]{0,127}\.[0-9a-z]{1,8}$/;
const extensionPattern = /^[0-9a-z]{1,8}$/;
/** Scratch of other machines: nobody can ask whether its maker lives, so age decides. */
const abandonedAfterMs = 24 * 3600 * 1000;

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Removes scratch folders whose makers have ended. */
async function sweep(scratch: string): Promise<void> {
  for (const mark of await readdir(scratch)) {
    const folder = join(scratch, mark);
    const state = markState(mark);
    const changed = state === 'unknown' ? await stat(folder).catch(() => undefined) : undefined;
    const abandoned = changed !== undefined && Date.now() - changed.mtimeMs > abandonedAfterMs;
    if (state === 'ended' || abandoned) await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Opens a store in a folder, local or shared between machines. Files lie in
 * `<shelf>/<first two characters>/<name>`; scratch lies beside them, so that publishing is a rename.
 *
 * @throws BespokeError `directory-not-writable`, `disk-full`; the store's methods too, and
 * `stored-file-missing` from `fetch`.
 */
export async function openFolderStore(root: string): Promise<Store> {
  const scratchRoot = join(root, 'scratch');
  const scratch = join(scratchRoot, processMark());

  async function onDisk<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      throw storageError(error, root);
    }
  }

  function place(shelf: Shelf, name: string): string {
    if (!namePattern.test(name)) throw new RangeError(`"${name}" is no name for a stored file.`);
    return join(root, shelfFolders[shelf], name.slice(0, 2), name);
  }

  const freshScratch = async (extension: string): Promise<string> => {
    if (!extensionPattern.test(extension)) throw new RangeError(`"${extension}" is no file extension.`);
    await mkdir(scratch, { recursive: true });
    return join(scratch, `${randomBytes(12).toString('hex')}.${extension}`);
  };

  await onDisk(async () => {
    await mkdir(scratch, { recursive: true });
    await sweep(scratchRoot);
  });

  return {
    has: (shelf, name) => onDisk(async () => (await sizeOf(place(shelf, name))) !== undefined),

    publish: (shelf, name, file) =>
      onDisk(async () => {
        const target = place(shelf, name);
        const present = await sizeOf(target);
        if (present !== undefined) {
          await rm(file, { force: true });
          return present;
        }
        await syncToDisk(file);
        const size = await sizeOf(file);
        await mkdir(dirname(target), { recursive: true });
        await moveFile(file, target, () => freshScratch('part'));
        return size ?? 0;
      }),

    fetch: async (shelf, name) => {
      const file = place(shelf, name);
      if ((await sizeOf(file)) === undefined) {
        throw new BespokeError('stored-file-missing', `The store no longer holds ${shelf}/${name}.`);
      }
      return file;
    },

    remove: (shelf, name) => onDisk(() => rm(place(shelf, name), { force: true })),

    scratch: (extension) => onDisk(() => freshScratch(extension)),
  };
}
