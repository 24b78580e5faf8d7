import path from 'node:path';
import { inject } from 'vitest';

type Program = 'bespoke' | 'cli-test-templates' | 'pipeline-process' | 'doomed-worker';

/** As the program sets it for itself: the embedded database is used for seconds. */
const unhurried = '--wasm-tiering-budget=100000000';

/** The arguments with which Node runs a program that was built for tests. */
export function programArguments(program: Program, ...args: readonly string[]): string[] {
  return ['--enable-source-maps', unhurried, path.join(inject('programs'), `${program}.mjs`), ...args];
}
