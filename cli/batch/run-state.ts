import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { explainReadError } from '../../data/csv/detect-encoding.ts';
import { nameSystemError } from '../../errors/system-error.ts';
import { storageError } from '../../worker/adapters/store/storage-error.ts';
import { abandonedAfterMs, stateFolder } from './exports.ts';

const runSchema = z.object({
  /** Identifies the request. */
  request: z.string(),
  /** The idempotency key of its campaign. */
  key: z.string(),
});

/** A run in an output folder. */
export interface Run {
  readonly key: string;
  /** Removes the run: the next one starts a new campaign. */
  readonly end: () => Promise<void>;
}

async function readRun(file: string): Promise<z.output<typeof runSchema> | undefined> {
  try {
    return runSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Continues the unfinished run of the same request in an output folder, or starts one. Two processes that start
 * at the same time share one run.
 *
 * @param asked everything that makes a run the same run.
 * @throws BespokeError `directory-not-writable`, `disk-full`.
 */
export async function openRun(folder: string, asked: unknown): Promise<Run> {
  const file = path.join(folder, stateFolder, 'run.json');
  const request = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
  const draft = path.join(folder, stateFolder, `.run.json.${randomUUID()}.part`);
  const end = (): Promise<void> => rm(file, { force: true });
  try {
    const before = await readRun(file);
    if (before?.request === request) return { key: before.key, end };
    const key = randomUUID();
    await writeFile(draft, JSON.stringify({ request, key } satisfies z.input<typeof runSchema>));
    if (before !== undefined) {
      await rename(draft, file);
      return { key, end };
    }
    try {
      // Fails where another process was faster.
      await link(draft, file);
    } catch {
      const other = await readRun(file);
      if (other?.request === request) return { key: other.key, end };
      await rename(draft, file);
    }
    return { key, end };
  } catch (error) {
    throw storageError(error, folder);
  } finally {
    await rm(draft, { force: true });
  }
}

/** A private copy of an input, so that editing the original during a run has no effect. */
export interface InputCopy {
  readonly file: string;
  /** SHA-256 of the content, in hex. */
  readonly hash: string;
  readonly remove: () => Promise<void>;
}

/**
 * Copies an input into the output's state folder, readable by this user only.
 *
 * @throws BespokeError `csv-unreadable`, `disk-full`, `directory-not-writable`.
 */
export async function copyInput(original: string, folder: string): Promise<InputCopy> {
  const file = path.join(folder, stateFolder, `input-${randomUUID()}.csv`);
  const hash = createHash('sha256');
  const remove = (): Promise<void> => rm(file, { force: true });
  try {
    await pipeline(
      createReadStream(original),
      new Transform({
        transform: (chunk: Buffer, _encoding, done) => {
          hash.update(chunk);
          done(null, chunk);
        },
      }),
      createWriteStream(file, { mode: 0o600, flags: 'wx' }),
    );
  } catch (error) {
    await remove();
    if (nameSystemError(error) !== undefined) throw storageError(error, folder);
    throw explainReadError(original, error);
  }
  // Another run must not take the copy of a long batch for abandoned.
  const touch = (): Promise<void> => utimes(file, new Date(), new Date());
  const timer = setInterval(() => void touch().catch(() => undefined), abandonedAfterMs / 4).unref();
  return {
    file,
    hash: hash.digest('hex'),
    remove: async () => {
      clearInterval(timer);
      await remove();
    },
  };
}
