import { chmod, writeFile } from 'node:fs/promises';
import type { FoundBrowser } from './find-browser.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * Writes a script that starts a browser with the environment that it needs, for programs that accept only a path.
 *
 * @returns the script's path.
 */
export async function writeBrowserScript(
  { executable, environment }: Pick<FoundBrowser, 'executable' | 'environment'>,
  file: string,
): Promise<string> {
  const variables = Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}`);
  await writeFile(file, ['#!/bin/sh', ...variables, `exec ${quoted(executable)} "$@"`, ''].join('\n'));
  await chmod(file, 0o700);
  return file;
}
