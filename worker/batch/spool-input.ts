import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { explainReadError } from '../../data/csv/detect-encoding.ts';
import type { Store } from '../core/ports.ts';

/** A private copy of an input, so that editing the original in the middle of a run confuses nothing. */
export interface SpooledInput {
  /** The copy; it bears the original's name, which messages repeat. */
  readonly file: string;
  /** SHA-256 of the content, in hex. */
  readonly hash: string;
  readonly remove: () => Promise<void>;
}

/** @throws BespokeError `csv-unreadable` when the original cannot be read. */
export async function spoolInput(original: string, store: Pick<Store, 'scratch'>): Promise<SpooledInput> {
  const folder = await store.scratch('spool');
  const file = path.join(folder, path.basename(original));
  const hash = createHash('sha256');
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await mkdir(folder, { mode: 0o700 });
    await pipeline(
      createReadStream(original),
      new Transform({
        transform: (chunk: Buffer, _encoding, done) => {
          hash.update(chunk);
          done(null, chunk);
        },
      }),
      createWriteStream(file, { mode: 0o600 }),
    );
  } catch (error) {
    await remove();
    throw explainReadError(original, error);
  }
  return { file, hash: hash.digest('hex'), remove };
}
