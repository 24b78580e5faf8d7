import { accessSync, constants } from 'node:fs';
import path from 'node:path';

let setpriv: string | undefined | null = null;

function findSetpriv(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  for (const directory of (process.env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(directory, 'setpriv');
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      continue;
    }
  }
  return undefined;
}

/**
 * A command whose process the kernel ends together with this one, however this one ends, where the
 * system has a way to say so (`setpriv --pdeathsig`, part of every Debian). Elsewhere the command
 * itself: it still ends when its pipes close.
 */
export function boundCommand(
  executable: string,
  args: readonly string[],
): { readonly command: string; readonly args: readonly string[] } {
  if (setpriv === null) setpriv = findSetpriv();
  return setpriv === undefined
    ? { command: executable, args }
    : { command: setpriv, args: ['--pdeathsig', 'KILL', executable, ...args] };
}
