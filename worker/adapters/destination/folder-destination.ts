import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, copyFile, link, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Destination, Shelf, Store } from '../../core/ports.ts';
import type { VideoFiles } from '../../core/video.ts';
import { makeFolder } from '../store/make-folder.ts';
import { storageError } from '../store/storage-error.ts';

/** Where each file of a video goes within the folder, as people know it. */
const places = [
  { part: 'video', shelf: 'videos', extension: 'mp4' },
  { part: 'poster', shelf: 'posters', extension: 'jpg' },
  { part: 'teaser', shelf: 'teasers', extension: 'gif' },
  { part: 'captions', shelf: 'captions', extension: 'vtt' },
] as const satisfies readonly { part: keyof VideoFiles; shelf: Shelf; extension: string }[];

/** Paths of a row's files, relative to the folder, with forward slashes. */
export function deliveredPaths(fileName: string): VideoFiles {
  const entries = places.map(({ part, shelf, extension }) => [part, `${shelf}/${fileName}.${extension}`]);
  return Object.fromEntries(entries) as VideoFiles;
}

const readable = 0o444;
const writable = 0o222;

/** The mode of exported files: read-only, for those whom the user's umask lets read a new file. */
export async function exportedMode(folder: string): Promise<number> {
  const probe = path.join(folder, `.${randomUUID()}.partial`);
  const handle = await open(probe, 'wx');
  try {
    return (await handle.stat()).mode & readable;
  } finally {
    await handle.close();
    await rm(probe, { force: true });
  }
}

/**
 * Makes a hard link, which costs nothing, or across file systems a copy. Either is read-only, since a link is
 * the store's own file, which must never change. All links of a file share one mode. The store's folder keeps
 * the file private anyway; if an earlier export gave it another mode, this export is a copy.
 */
export async function place(source: string, target: string, mode: number): Promise<void> {
  const temporary = `${target}.${randomUUID()}.part`;
  const present = (await stat(source)).mode & 0o777;
  const exportedOtherwise = (present & writable) === 0 && present !== mode;
  try {
    if (exportedOtherwise) await copyFile(source, temporary);
    else await link(source, temporary).catch(() => copyFile(source, temporary));
    await chmod(temporary, mode);
    await rename(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file, constants.R_OK).then(
    () => true,
    () => false,
  );
}

const temporaryName = /\.part$|^\..+\.partial$/;
const abandonedAfterMs = 60 * 60 * 1000;

/** Removes what a crash left half handed over; what is young may be another run's. */
async function sweep(folder: string, now: number): Promise<void> {
  for (const name of (await readdir(folder)).filter((each) => temporaryName.test(each))) {
    const file = path.join(folder, name);
    const touched = await stat(file).catch(() => undefined);
    if (touched !== undefined && now - touched.ctimeMs > abandonedAfterMs) await rm(file, { force: true });
  }
}

/**
 * A folder on this machine that receives `videos/`, `posters/`, `teasers/` and `captions/`.
 *
 * @throws BespokeError `directory-not-writable` when the folder cannot be made or written to.
 */
export async function openFolderDestination(
  directory: string,
  store: Store,
  now = Date.now(),
): Promise<Destination> {
  const folder = path.resolve(directory);
  let mode: number;
  try {
    for (const { shelf } of places) {
      await makeFolder(path.join(folder, shelf));
      await access(path.join(folder, shelf), constants.W_OK);
      await sweep(path.join(folder, shelf), now);
    }
    await sweep(folder, now);
    mode = await exportedMode(folder);
  } catch (error) {
    throw storageError(error, folder);
  }
  return {
    name: folder,
    withPictures: true,
    holds: async (fileName) => {
      const paths: readonly string[] = Object.values(deliveredPaths(fileName));
      return (await Promise.all(paths.map((each) => exists(path.join(folder, each))))).every(Boolean);
    },
    deliver: async (fileName, files, missing) => {
      const paths = deliveredPaths(fileName);
      try {
        for (const { part, shelf } of places) {
          if (missing.some((picture) => picture === part)) continue;
          await place(await store.fetch(shelf, files[part]), path.join(folder, paths[part]), mode);
        }
      } catch (error) {
        throw storageError(error, folder);
      }
    },
  };
}
