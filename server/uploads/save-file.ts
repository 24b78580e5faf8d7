import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { storageError } from '../../worker/adapters/store/storage-error.ts';

/** A file on disk and its hash. */
export interface SavedFile {
  /** Local. */
  readonly path: string;
  /** SHA-256 of the content, in hex. */
  readonly hash: string;
  readonly bytes: number;
}

/** When writing is aborted. */
export interface SaveLimits {
  readonly signal?: AbortSignal;
  /** Throws when there are too many bytes. */
  readonly check?: (bytes: number) => void;
}

/**
 * Writes a stream to a new file and hashes it on the way. After an error the file is removed.
 *
 * @throws BespokeError `disk-full`, `directory-not-writable`; and what the stream fails with.
 */
export async function saveFile(
  from: Readable,
  target: string,
  { signal, check }: SaveLimits = {},
): Promise<SavedFile> {
  signal?.throwIfAborted();
  const hash = createHash('sha256');
  let bytes = 0;
  async function* measure(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      check?.(bytes);
      hash.update(chunk);
      yield chunk;
    }
  }
  try {
    // Opened here, because a stream that is aborted before it has opened its file would still create it.
    const file = await open(target, 'wx', 0o600);
    await pipeline(from, measure, file.createWriteStream(), { ...(signal !== undefined && { signal }) });
    return { path: target, hash: hash.digest('hex'), bytes };
  } catch (error) {
    await rm(target, { force: true });
    throw storageError(error, 'uploads');
  }
}
