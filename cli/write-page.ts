import { writeFile } from 'node:fs/promises';
import { errors } from '../errors/messages.ts';
import { typedPath } from './layout.ts';

/**
 * Writes a page, readable only by its owner.
 *
 * @throws BespokeError `file-not-writable`.
 */
export async function writePage(file: string, page: string): Promise<void> {
  try {
    await writeFile(file, page, { mode: 0o600 });
  } catch (cause) {
    throw errors.fileNotWritable({ file: typedPath(file) }, { cause });
  }
}
