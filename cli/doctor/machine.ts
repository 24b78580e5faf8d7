import { availableParallelism, totalmem } from 'node:os';
import { statfs } from 'node:fs/promises';
import { formatBytes } from '../terminal/quantities.ts';
import { fail, ok, warn, type Finding } from './check.ts';

const oldest = [20, 19] as const;

/** Whether this Node is one that the project supports. */
export function checkNode(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const enough = major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
  return enough ? ok('Node', version) : fail('Node', version, `Install Node ${oldest.join('.')} or newer.`);
}

const comfortable = 2e9;
const perClip = 700e6;

/** Cores decide the speed, memory how many clips can be drawn at a time. */
export function checkMachine(configured: number | undefined): Finding {
  const cores = availableParallelism();
  const available = process.availableMemory();
  const clips = configured ?? cores;
  const found = `${cores} cores, ${formatBytes(available)} of ${formatBytes(totalmem())} memory available, ${clips} clips at a time`;
  if (available >= comfortable && available >= clips * perClip) return ok('Machine', found);
  return warn(
    'Machine',
    found,
    'Close other programs or lower BESPOKE_CONCURRENCY. Each clip that is rendered takes about 700 MB.',
  );
}

const scarce = 5e9;
const tooLittle = 500e6;

/** Checks the free space for clips and videos. */
export async function checkDisk(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const found = `${formatBytes(free)} free for ${folder}`;
  const advice = 'Free some space, or put the workspace on another disk with BESPOKE_WORKSPACE.';
  if (free < tooLittle) return fail('Disk', found, advice);
  return free < scarce ? warn('Disk', found, advice) : ok('Disk', found);
}
