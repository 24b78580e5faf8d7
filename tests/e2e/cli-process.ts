import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { programArguments } from '../services/run-program.ts';

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliProcess {
  readonly pid: number;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves with all of stderr when that has shown a pattern; rejects when the process ends without it. */
  readonly says: (pattern: RegExp) => Promise<string>;
  readonly closeStdout: () => void;
  readonly ended: Promise<CliResult>;
}

interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** The project's own templates instead of the tests'. */
  readonly shipped?: true;
  /** Built elsewhere: the file of a program to run instead. */
  readonly program?: string;
}

/** What a killed process has started ends a moment after it, and may still write until then. */
const remove = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });

/** A folder of its own for a test, removed with it. */
export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bespoke-cli-'));
  onTestFinished(() => remove(folder));
  return folder;
}

/** A folder for a whole file or group of tests; for `beforeAll`. */
export async function keptFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bespoke-cli-'));
  afterAll(() => remove(folder));
  return folder;
}

const inherited = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(BESPOKE_|REDIS_URL|DATABASE_URL|FORCE_COLOR|CI$)/.test(name),
  ),
);

/** Starts the real program; it is ended with the test if it still runs. */
export function startCli(args: readonly string[], options: CliOptions): CliProcess {
  const built = programArguments(options.shipped === true ? 'bespoke' : 'cli-test-templates', ...args);
  const run = options.program === undefined ? built : [options.program, ...args];
  const child = spawn(process.execPath, run, {
    cwd: options.cwd,
    env: { ...inherited, ...options.env },
    stdio: 'pipe',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(options.input ?? '');
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    pid: child.pid ?? 0,
    kill: (signal) => {
      child.kill(signal);
    },
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (pattern.test(stderr)) resolve(stderr);
        };
        child.stderr.on('data', look);
        child.once('close', () =>
          reject(new Error(`It ended without saying ${String(pattern)}:\n${stderr}`)),
        );
        look();
      }),
    closeStdout: () => child.stdout.destroy(),
    ended,
  };
}

/** Runs the real program to its end. */
export function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return startCli(args, options).ended;
}
