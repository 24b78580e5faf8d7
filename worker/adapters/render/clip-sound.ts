import { spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { once } from 'node:events';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import type { ClipRender } from '../../core/ports.ts';
import { boundCommand, toolEnvironment } from '../media/bound-command.ts';
import { SceneError } from './browser-tab.ts';

/** What one frame plays, as Remotion reports it: a file from some moment on, or samples. */
export type FrameSound =
  { readonly type: 'audio' | 'video'; readonly src: string } | { readonly type: 'inline-audio' };

const script = fileURLToPath(new URL('mix-clip-sound.mjs', import.meta.url));

async function runMixer(args: readonly string[], folder: string, signal: AbortSignal): Promise<void> {
  const { command, args: bound } = boundCommand(process.execPath, [script, ...args]);
  const child = spawn(command, bound, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: toolEnvironment({ TMPDIR: folder }),
    signal,
    killSignal: 'SIGKILL',
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-2000)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return;
  const reason = log.split('\n').find((line) => /error/i.test(line)) ?? log.trim().split('\n').at(-1) ?? '';
  throw new SceneError(`its sound cannot be mixed: ${reason.trim()}`);
}

type SoundingClip = Pick<ClipRender, 'fps' | 'durationInFrames' | 'excerpt'>;

/**
 * Collects what the components of a clip play, frame by frame, and mixes it with Remotion's own mixer: trims, loops,
 * rates and volumes sound as in Remotion's renders. A clip that plays nothing costs nothing.
 */
export class ClipSound {
  readonly #clip: SoundingClip;
  /** Beside the output; has everything that mixing needs. */
  readonly #folder: string;
  readonly #file: string;
  #frames: WriteStream | undefined;

  /** @param file absolute, the WAV that `mix` writes. */
  constructor(clip: SoundingClip, file: string) {
    this.#clip = clip;
    this.#file = file;
    this.#folder = `${file}.mixing`;
  }

  /** Takes what a frame plays; frames come in order, from 0. */
  async take(frame: number, sounds: readonly FrameSound[]): Promise<void> {
    if (sounds.length === 0) return;
    if (this.#frames === undefined) {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      this.#frames = createWriteStream(this.#input, { mode: 0o600 });
      this.#frames.on('error', () => undefined);
      const { fps, durationInFrames, excerpt } = this.#clip;
      this.#frames.write(`${JSON.stringify({ fps, durationInFrames, firstFrame: excerpt?.from ?? 0 })}\n`);
    }
    if (!this.#frames.write(`${JSON.stringify({ frame, sounds })}\n`)) await once(this.#frames, 'drain');
  }

  /** Writes the sound. @returns its file, if there is any. @throws SceneError */
  async mix(signal: AbortSignal): Promise<string | undefined> {
    if (this.#frames === undefined) return undefined;
    this.#frames.end();
    await finished(this.#frames);
    await runMixer([this.#input, this.#file], this.#folder, signal);
    return this.#file;
  }

  /** Removes temporary files. */
  async clear(): Promise<void> {
    if (this.#frames === undefined) return;
    this.#frames.destroy();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  get #input(): string {
    return path.join(this.#folder, 'frames.jsonl');
  }
}
