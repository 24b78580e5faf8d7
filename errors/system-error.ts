import type { BespokeError } from './bespoke-error.ts';
import { errors } from './messages.ts';

/** The error for a failure of the machine, such as a full disk, that has no code of ours yet. */
export function nameSystemError(error: unknown): BespokeError | undefined {
  const { code, path: file = 'a file' } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return errors.diskFull({ file }, { cause: error });
  }
  if (code === 'EROFS') {
    return errors.diskReadOnly({ file }, { cause: error });
  }
  return undefined;
}
