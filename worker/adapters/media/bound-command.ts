import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Variables that programs need to find their files, their language and their fonts. Upper case. */
const passedOn: ReadonlySet<string> = new Set([
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TMPDIR', 'TZ', 'LANG', 'LANGUAGE', 'LD_LIBRARY_PATH'],
  // The path of Chromium's setuid sandbox, on systems that still use one.
  'CHROME_DEVEL_SANDBOX',
  ...['SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'PATHEXT', 'TEMP', 'TMP', 'USERPROFILE'],
  ...['APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA', 'PROGRAMFILES', 'PROGRAMFILES(X86)'],
]);
const passedOnByPrefix = /^(LC_|XDG_|FONTCONFIG)/;

/**
 * The environment of a program that this one starts: what it needs to run, and none of our settings. So it never
 * sees passwords, keys or addresses of engines.
 */
export function toolEnvironment(
  additions: Readonly<Record<string, string>> = {},
  own: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const passed = Object.entries(own).filter(([name]) => {
    const known = name.toUpperCase();
    return passedOn.has(known) || passedOnByPrefix.test(known);
  });
  return { ...Object.fromEntries(passed), ...additions };
}

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
 * A command whose process the kernel ends together with this one, however this one ends, if the system supports
 * that (`setpriv --pdeathsig`, part of every Debian). Elsewhere the command itself: it ends when its pipes close.
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
