import { chmod, mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import type { Shelf, Store } from '../../core/ports.ts';
import { privateModes } from './make-folder.ts';
import { moveFile, syncToDisk } from './move-file.ts';
import { objectName } from './object-name.ts';
import { openScratchFolder, probeScratch } from './scratch-folder.ts';
import { isMissing, storageError } from './storage-error.ts';

/** A power cut may leave an empty file whose content never reached the disk. It counts as missing. */
async function sizeOf(file: string): Promise<number | undefined> {
  try {
    const { size } = await stat(file);
    return size === 0 ? undefined : size;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * Opens a store in a folder, local or shared between machines. Scratch lies beside the shelves, so
 * that publishing is a rename.
 *
 * @throws BespokeError `directory-not-writable`, `disk-full`; the store's methods too, and
 * `stored-file-missing` from `fetch`.
 */
export async function openFolderStore(root: string): Promise<Store> {
  async function onDisk<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      throw storageError(error, root);
    }
  }

  const place = (shelf: Shelf, name: string): string => join(root, objectName(shelf, name));
  const freshScratch = await onDisk(() => openScratchFolder(join(root, 'scratch')));

  return {
    has: (shelf, name) => onDisk(async () => (await sizeOf(place(shelf, name))) !== undefined),

    publish: (shelf, name, file, options) =>
      onDisk(async () => {
        const target = place(shelf, name);
        const present = await sizeOf(target);
        if (present !== undefined) {
          await rm(file, { force: true });
          return present;
        }
        if (options?.derived !== true) await syncToDisk(file);
        const { size, mode } = await stat(file);
        if ((mode & 0o777) !== privateModes.file) await chmod(file, privateModes.file);
        const move = (): Promise<void> => moveFile(file, target, () => freshScratch('part'));
        await move().catch(async (error: unknown) => {
          // Most often the folder is there.
          if (!isMissing(error)) throw error;
          await mkdir(dirname(target), { recursive: true, mode: privateModes.folder });
          await move();
        });
        return size;
      }),

    fetch: (shelf, name) =>
      onDisk(async () => {
        const file = place(shelf, name);
        if ((await sizeOf(file)) === undefined) {
          throw new BespokeError('stored-file-missing', `The store no longer holds ${shelf}/${name}.`);
        }
        return file;
      }),

    address: (shelf, name) =>
      onDisk(() => {
        place(shelf, name);
        return Promise.resolve(undefined);
      }),

    remove: (shelf, name) => onDisk(() => rm(place(shelf, name), { force: true })),

    probe: () => onDisk(() => probeScratch(freshScratch)),

    scratch: (extension) => onDisk(() => freshScratch(extension)),
  };
}
