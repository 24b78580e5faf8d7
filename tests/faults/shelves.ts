import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { quietly, runTool } from '../../worker/adapters/media/ffmpeg.ts';
import type { Deployment } from '../e2e/deployment.ts';

/** Identity of a file that is neither written again nor replaced. */
export interface ShelvedFile {
  readonly inode: number;
  readonly modifiedMs: number;
}

interface FoundFile extends ShelvedFile {
  readonly path: string;
  readonly name: string;
}

async function filesBelow(directory: string): Promise<readonly FoundFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const file = path.join(entry.parentPath, entry.name);
        const { ino, mtimeMs } = await stat(file);
        return { path: file, name: entry.name, inode: ino, modifiedMs: mtimeMs };
      }),
  );
}

/** The clips in the store, by key. */
export async function shelvedClips({ folder }: Deployment): Promise<ReadonlyMap<string, ShelvedFile>> {
  const files = await filesBelow(path.join(folder, 'store', 'clips'));
  return new Map(
    files.map(({ name, inode, modifiedMs }) => [path.basename(name, '.mp4'), { inode, modifiedMs }]),
  );
}

/** Decodes everything and keeps nothing. */
const discarded = ['-c:v', 'rawvideo', '-c:a', 'pcm_s16le', '-f', 'null', '-'] as const;

/** Decodes a stored file to its end. @throws Error when it is not whole. */
export async function decodeFile(file: string, extension: string): Promise<void> {
  if (extension === '.mp4' || extension === '.m4a') {
    await runTool('ffmpeg', [...quietly, '-xerror', '-i', file, ...discarded]);
  } else if (extension === '.vtt') {
    if (!(await readFile(file, 'utf8')).startsWith('WEBVTT\n\n')) throw new Error('no captions');
  } else {
    await sharp(file, { animated: true, failOn: 'warning' }).raw().toBuffer();
  }
}

const shelves: Readonly<Record<string, string>> = {
  clips: 'mp4',
  mixes: 'm4a',
  videos: 'mp4',
  posters: 'jpg',
  teasers: 'gif',
  captions: 'vtt',
};

/** Names of the files in the store, by shelf. */
export async function shelvedNames({ folder }: Deployment): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = Object.keys(shelves).map(async (shelf) => {
    const files = await filesBelow(path.join(folder, 'store', shelf));
    return [shelf, files.map(({ name }) => name)] as const;
  });
  return new Map(await Promise.all(found));
}

/**
 * Looks through all files that have their final name, in the store and in the output.
 *
 * @returns a function that tells which of them are not whole; what it has seen whole it does not
 * decode again while it is the same file.
 */
export function watchForBrokenFiles({ folder }: Deployment): () => Promise<readonly string[]> {
  const whole = new Set<string>();
  return async () => {
    const broken: string[] = [];
    for (const [shelf, extension] of Object.entries(shelves)) {
      const stored = await filesBelow(path.join(folder, 'store', shelf));
      const named = new RegExp(String.raw`^[0-9a-f]{64}\.${extension}$`);
      for (const { path: file, name } of stored) if (!named.test(name)) broken.push(`${file}: its name`);
      const delivered = await filesBelow(path.join(folder, 'out', shelf));
      // A copy in the making has a longer name.
      const final = delivered.filter(({ name }) => /^[^.]+\.[^.]+$/.test(name));
      for (const { path: file, inode, modifiedMs } of [...stored, ...final]) {
        const identity = `${inode} ${modifiedMs}`;
        if (whole.has(identity)) continue;
        await decodeFile(file, path.extname(file)).then(
          () => whole.add(identity),
          (error: unknown) => broken.push(`${file}: ${String(error)}`),
        );
      }
    }
    return broken;
  };
}
