import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { sharedCache } from './shared-cache.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder of the programs that tests start, built from the sources as they are now. */
    programs: string;
  }
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const entries = [
  'cli/bespoke.ts',
  // What templates import, which the programs load.
  'video/template.ts',
  'tests/e2e/cli-test-templates.ts',
  'tests/faults/pipeline-process.ts',
  'tests/conformance/doomed-worker.ts',
];

/**
 * Builds the programs that tests start, as `npm run build` builds the one that is shipped: loading hundreds
 * of modules takes longer than most of their runs. `dist/` may be older than the sources and is left alone.
 */
export default async function buildPrograms(project: TestProject): Promise<() => Promise<void>> {
  await mkdir(sharedCache, { recursive: true });
  const folder = await mkdtemp(path.join(sharedCache, 'programs-'));
  await promisify(execFile)(process.execPath, ['scripts/build.mjs', folder, ...entries], { cwd: root });
  project.provide('programs', folder);
  return () => rm(folder, { recursive: true, force: true });
}
