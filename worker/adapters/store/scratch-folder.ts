import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { makeFolder, privateModes } from './make-folder.ts';

/** When a process started, in clock ticks since boot; `0` if the system does not report it. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in the second field may contain spaces and brackets; the 20th field after it is the start.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
  } catch {
    return '0';
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function safeHost(): string {
  return hostname().replaceAll(/[^a-zA-Z0-9]/g, '') || 'host';
}

/** A folder name that identifies the process that made it: host, process id, its start, and a random part. */
export function processMark(): string {
  return [safeHost(), process.pid, startOf(process.pid), randomBytes(4).toString('hex')].join('.');
}

/** Whether the process that made this mark has ended; `unknown` when it ran on another machine. */
export function markState(mark: string): 'running' | 'ended' | 'unknown' {
  const [host, pidText, start] = mark.split('.');
  const pid = Number(pidText);
  if (host !== safeHost() || !Number.isSafeInteger(pid) || pid <= 0) return 'unknown';
  return isRunning(pid) && startOf(pid) === start ? 'running' : 'ended';
}

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
