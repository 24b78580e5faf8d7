import type { BespokeError } from './bespoke-error.ts';
import { errors } from './messages.ts';

/** Gives failures of the machine a code, where the step that met them gave none. */
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
