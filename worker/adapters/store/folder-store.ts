import { chmod, copyFile, link, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BespokeError } from '../../../errors/bespoke-error.ts';
import { errors } from '../../../errors/messages.ts';
import type { Namespace, Store } from '../../core/ports.ts';
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

const missing = (namespace: Namespace, name: string): BespokeError =>
  errors.storedFileMissing({ file: `${namespace}/${name}` });

/** Gives a file a second name; an existing target stays, unless it is empty. */
async function linkFile(source: string, target: string, partPath: () => Promise<string>): Promise<void> {
  try {
    await link(source, target);
  } catch (error) {
    if (isMissing(error)) throw error;
    if ((await sizeOf(target)) !== undefined) return;
    // Not every file system has links, and a power cut may have emptied the existing file.
    const part = await partPath();
    await copyFile(source, part);
    await rename(part, target);
  }
}

/** Puts a file in its place, and creates the folder if it is missing, which is rare. */
async function inFolder(target: string, put: () => Promise<void>): Promise<void> {
  try {
    await put();
  } catch (error) {
    if (!isMissing(error)) throw error;
    await mkdir(dirname(target), { recursive: true, mode: privateModes.folder });
    await put();
  }
}

/**
 * Opens a store in a folder, local or shared between machines. Scratch files are in the same folder, so that
 * publishing is a rename.
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

  const place = (shelf: Namespace, name: string): string => join(root, objectName(shelf, name));
  const freshScratch = await onDisk(() => openScratchFolder(join(root, 'scratch')));

  return {
    has: (shelf, name) => onDisk(async () => (await sizeOf(place(shelf, name))) !== undefined),

    publish: (shelf, name, file, options) =>
      onDisk(async () => {
        const target = place(shelf, name);
        if (options?.derived === true) {
          await chmod(file, privateModes.file);
        } else {
          if ((await sizeOf(target)) !== undefined) return rm(file, { force: true });
          await syncToDisk(file, privateModes.file);
        }
        await inFolder(target, () => moveFile(file, target, () => freshScratch('part')));
      }),

    copy: (from, to) =>
      onDisk(async () => {
        const [source, target] = [place(from.namespace, from.name), place(to.namespace, to.name)];
        if ((await sizeOf(source)) === undefined) throw missing(from.namespace, from.name);
        await inFolder(target, () => linkFile(source, target, () => freshScratch('part')));
      }),

    fetch: (shelf, name, options) =>
      onDisk(async () => {
        const file = place(shelf, name);
        if (options?.unchecked !== true && (await sizeOf(file)) === undefined) throw missing(shelf, name);
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
