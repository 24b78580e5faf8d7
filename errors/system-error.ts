import { BespokeError } from './bespoke-error.ts';

/** Names failures of the machine that any step may meet, and to which the step itself gave no name. */
export function nameSystemError(error: unknown): BespokeError | undefined {
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException;
  const place = path === undefined ? 'a file' : path;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new BespokeError('disk-full', `No space is left to write ${place}.`, { cause: error });
  }
  if (code === 'EROFS') {
    return new BespokeError('directory-not-writable', `${place} lies on a read-only disk.`, { cause: error });
  }
  return undefined;
}
