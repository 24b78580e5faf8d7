import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { errors } from '../../../errors/messages.ts';
import { boundCommand, toolEnvironment } from './bound-command.ts';

type Tool = 'ffmpeg' | 'ffprobe';

export type ToolProcess = ChildProcessByStdio<Writable, Readable, Readable>;

function compositorPackages(): readonly string[] {
  const { platform, arch } = process;
  if (platform === 'linux') return ['gnu', 'musl'].map((libc) => `linux-${arch}-${libc}`);
  if (platform === 'win32') return [`win32-${arch}-msvc`];
  return [`${platform}-${arch}`];
}

let directory: string | undefined;

/**
 * The folder of the ffmpeg and ffprobe that Remotion ships for this platform. They come with
 * `npm install`, so every machine encodes with the same version.
 */
function ffmpegDirectory(): string {
  if (directory !== undefined) return directory;
  const require = createRequire(createRequire(import.meta.url).resolve('@remotion/renderer'));
  for (const name of compositorPackages()) {
    try {
      directory = path.dirname(require.resolve(`@remotion/compositor-${name}/package.json`));
      return directory;
    } catch {
      continue;
    }
  }
  throw errors.ffmpegMissing({ platform: process.platform, arch: process.arch });
}

/** Starts a tool that ends with this process. Its libraries are in its folder. */
export function startTool(tool: Tool, args: readonly string[]): ToolProcess {
  const home = ffmpegDirectory();
  const bound = boundCommand(path.join(home, tool), args);
  return spawn(bound.command, bound.args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: toolEnvironment({ LD_LIBRARY_PATH: home, DYLD_LIBRARY_PATH: home }),
  });
}

/** The limits of a tool's run, and its input. */
export interface ToolRun {
  readonly signal?: AbortSignal | undefined;
  /** The process is ended after this long. */
  readonly timeLimitMs?: number;
  /** Written to the tool's standard input, which is then closed. */
  readonly input?: Uint8Array;
}

/** Waits for a tool to end. @returns what it wrote to stdout. @throws BespokeError `media-failed`, `disk-full`. */
export async function finishTool(process: ToolProcess, name: Tool, run: ToolRun = {}): Promise<Buffer> {
  const { signal, timeLimitMs = 120_000 } = run;
  const output: Buffer[] = [];
  let log = '';
  let late = false;
  process.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  process.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-2000);
  });
  const end = () => void process.kill('SIGKILL');
  const timer = setTimeout(() => {
    late = true;
    end();
  }, timeLimitMs);
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted === true) end();
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      process.once('error', reject);
      process.once('close', resolve);
    });
    signal?.throwIfAborted();
    if (late) throw errors.toolTimedOut({ tool: name, seconds: timeLimitMs / 1000 });
    if (code !== 0) {
      if (/No space left on device/.test(log)) throw errors.diskFull({ file: 'the video' });
      throw errors.toolFailed({ tool: name, code, why: firstLine(log) });
    }
    return Buffer.concat(output);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

/** ffmpeg names the cause first and its consequences after it. */
function firstLine(log: string): string {
  return log.trim().split('\n')[0]?.trim() || 'no reason was given.';
}

/** Runs a tool to its end. @throws BespokeError `media-failed`, `disk-full`. */
export async function runTool(tool: Tool, args: readonly string[], run: ToolRun = {}): Promise<Buffer> {
  const process = startTool(tool, args);
  // A tool that ends early closes its input; its exit code says why.
  process.stdin.on('error', () => undefined);
  process.stdin.end(run.input ?? '');
  return finishTool(process, tool, run);
}

/** The first arguments of every ffmpeg call: no prompts, no banner, errors only. */
export const quietly = ['-hide_banner', '-loglevel', 'error', '-nostats', '-y'] as const;
