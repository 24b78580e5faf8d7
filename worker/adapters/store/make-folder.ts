import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errors } from '../../../errors/messages.ts';
import { isMissing } from './storage-error.ts';

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** @returns whether the folder is there now; not so where something above it is missing. */
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
 * Modes of what Bespoke keeps for itself, in the workspace and in a store, whatever the umask says: for its
 * user only. What is exported is as the umask says.
 */
export const privateModes = { folder: 0o700, file: 0o600 } as const;

/**
 * Makes a folder, and those above it, unless they are there. Node's own `recursive` tries for ever where
 * a folder takes none into it and says that something is missing, as `/proc` does.
 *
 * @throws BespokeError `directory-not-writable` in that case; what the file system says in any other.
 */
export async function makeFolder(folder: string, mode?: number): Promise<void> {
  if (await isMade(folder, mode)) return;
  const above = dirname(folder);
  await makeFolder(above, mode);
  if (await isMade(folder, mode)) return;
  throw errors.folderNotCreated({ folder, above });
}
