import { fileURLToPath } from 'node:url';

const starter = fileURLToPath(new URL('run-program.mjs', import.meta.url));

/** The arguments with which Node runs a TypeScript program of ours. */
export function programArguments(script: URL, ...args: readonly string[]): string[] {
  return [starter, fileURLToPath(script), ...args];
}
