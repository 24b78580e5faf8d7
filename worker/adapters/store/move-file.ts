import { copyFile, open, rename, rm } from 'node:fs/promises';

/** Syncs a file's content to disk. @param mode that the file gets before, if any. */
export async function syncToDisk(file: string, mode?: number): Promise<void> {
  const handle = await open(file, 'r');
  try {
    if (mode !== undefined) await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Moves a complete file to `target`, also from another file system; it appears there in one step.
 *
 * @param partPath returns a path on the file system of `target` for an unfinished copy.
 */
export async function moveFile(
  file: string,
  target: string,
  partPath: () => Promise<string>,
  renameFile: typeof rename = rename,
): Promise<void> {
  try {
    await renameFile(file, target);
    return;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
  }
  const part = await partPath();
  try {
    await copyFile(file, part);
    await syncToDisk(part);
    await renameFile(part, target);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  await rm(file, { force: true });
}
