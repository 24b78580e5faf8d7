import { errors } from '../../../errors/messages.ts';

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Whether a file operation failed because the file does not exist. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

/** Whether an operation failed on a disk of this machine, not on the network. */
export function isOfThisDisk(error: unknown): boolean {
  const code = codeOf(error);
  return (
    (error instanceof Error && 'path' in error) ||
    code === 'ENOSPC' ||
    code === 'EDQUOT' ||
    code === 'EROFS' ||
    code === 'EIO'
  );
}

/** The error for a failure of a file system; other errors are returned as they are. */
export function storageError(error: unknown, folder: string): unknown {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return errors.diskFull({ file: folder }, { cause: error });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return errors.fileNotWritable({ file: folder }, { cause: error });
    case 'ENOTDIR':
    case 'EEXIST':
      return errors.folderIsFile({ file: folder }, { cause: error });
    default:
      return error;
  }
}
