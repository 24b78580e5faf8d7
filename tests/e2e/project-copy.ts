import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeWorkspace } from './deployment.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folders = ['cli', 'client', 'data', 'errors', 'server', 'templates', 'video', 'worker', 'scripts'];
const copied = [...folders, 'package.json', 'tsconfig.json', 'remotion.config.ts', 'vitest.config.ts'];

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly output: string;
}

/** A checkout of the project that a test may change. */
export interface ProjectCopy {
  readonly folder: string;
  readonly write: (file: string, content: string) => Promise<void>;
  readonly run: (command: string, args: readonly string[]) => Promise<Outcome>;
  readonly remove: () => Promise<void>;
}

export async function copyProject(): Promise<ProjectCopy> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bespoke-copy-'));
  for (const name of copied) await cp(path.join(root, name), path.join(folder, name), { recursive: true });
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  await makeWorkspace(path.join(folder, '.bespoke'));
  return {
    folder,
    write: async (file, content) => {
      const target = path.join(folder, file);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, content);
    },
    run: (command, args) =>
      new Promise((resolve) => {
        const child = execFile(command, [...args], { cwd: folder }, (_error, stdout, stderr) =>
          resolve({ code: child.exitCode ?? -1, stdout, output: stdout + stderr }),
        );
      }),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  };
}
