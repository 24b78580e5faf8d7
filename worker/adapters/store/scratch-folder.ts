import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, privateModes } from './make-folder.ts';
import { markState, processMark } from './process-mark.ts';

const extensionPattern = /^[0-9a-z]{1,8}$/;
/** For scratch folders of other machines: their processes cannot be checked, so age decides. */
const abandonedAfterMs = 24 * 3600 * 1000;
const remakeAfterMs = 60_000;

/** Removes scratch folders of processes that have ended. */
async function sweep(root: string): Promise<void> {
  for (const mark of await readdir(root)) {
    const folder = join(root, mark);
    const state = markState(mark);
    const changed = state === 'unknown' ? await stat(folder).catch(() => undefined) : undefined;
    const abandoned = changed !== undefined && Date.now() - changed.mtimeMs > abandonedAfterMs;
    if (state === 'ended' || abandoned) await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Opens a folder of temporary files with a subfolder for this process, and removes those of dead processes.
 *
 * @returns a function that returns unused paths.
 */
export async function openScratchFolder(root: string): Promise<(extension: string) => Promise<string>> {
  const corner = join(root, processMark());
  await makeFolder(corner, privateModes.folder);
  await sweep(root);
  let madeAt = Date.now();
  return async (extension) => {
    if (!extensionPattern.test(extension)) throw new RangeError(`"${extension}" is no file extension.`);
    // After a long pause another machine may have removed it as abandoned.
    if (Date.now() - madeAt > remakeAfterMs) {
      await mkdir(corner, { recursive: true, mode: privateModes.folder });
      madeAt = Date.now();
    }
    return join(corner, `${randomBytes(12).toString('hex')}.${extension}`);
  };
}

/** As large as a clip: on a disk that is nearly full, a few bytes still fit. */
const probeBytes = 1_000_000;

/** Writes a temporary file and removes it. @throws the error of a file system that is full or refuses. */
export async function probeScratch(freshScratch: (extension: string) => Promise<string>): Promise<void> {
  const file = await freshScratch('probe');
  try {
    await writeFile(file, Buffer.alloc(probeBytes));
  } finally {
    await rm(file, { force: true });
  }
}
