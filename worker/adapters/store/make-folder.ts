import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errors } from '../../../errors/messages.ts';
import { isMissing } from './storage-error.ts';

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** @returns whether the folder exists now; `false` if a folder above it is missing. */
async function isMade(folder: string, mode: number | undefined): Promise<boolean> {
  try {
    await mkdir(folder, { mode });
    return true;
  } catch (error) {
    if (await isFolder(folder)) return true;
    if (isMissing(error)) return false;
    throw error;
  }
}

/**
 * Modes of Bespoke's own files, in the workspace and in a store: for its user only, whatever the umask is. Exported
 * files follow the umask.
 */
export const privateModes = { folder: 0o700, file: 0o600 } as const;

/**
 * Creates a folder and those above it, if they are missing. Node's own `recursive` never ends in a folder that
 * accepts no new folders and reports something missing, as `/proc` does.
 *
 * @throws BespokeError `directory-not-writable` in that case; the file system's error in others.
 */
export async function makeFolder(folder: string, mode?: number): Promise<void> {
  if (await isMade(folder, mode)) return;
  const above = dirname(folder);
  await makeFolder(above, mode);
  if (await isMade(folder, mode)) return;
  throw errors.folderNotCreated({ folder, above });
}
