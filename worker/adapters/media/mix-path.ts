import path from 'node:path';
import type { Mix } from '../../../video/story/path.ts';
import { quietly, runTool } from './ffmpeg.ts';
import { readSound, sampleRate, writeWav, type Pcm } from './pcm.ts';

const knee = 0.9;

/** Leaves samples up to the knee as they are and bends louder ones below full scale. */
export function softClip(sample: number): number {
  const loudness = Math.abs(sample);
  if (loudness <= knee) return sample;
  return Math.sign(sample) * (knee + (1 - knee) * Math.tanh((loudness - knee) / (1 - knee)));
}

const samplesAt = (frame: number, fps: number): number => Math.round((frame * sampleRate) / fps);

/** Adds music from the beginning, looped, fading to silence at the end. */
function addMusic(mix: Pcm, music: Pcm, gain: number, fadeSamples: number): void {
  const { length } = mix.left;
  if (music.left.length === 0) return;
  for (let index = 0; index < length; index += 1) {
    const at = index % music.left.length;
    const volume = gain * Math.min(1, fadeSamples === 0 ? 1 : (length - index) / fadeSamples);
    mix.left[index] = (mix.left[index] ?? 0) + volume * (music.left[at] ?? 0);
    mix.right[index] = (mix.right[index] ?? 0) + volume * (music.right[at] ?? 0);
  }
}

/** Adds a sound from a sample on; it is cut at the end of the path. */
function addSound(mix: Pcm, sound: Pcm, gain: number, start: number): void {
  const end = Math.min(mix.left.length, start + sound.left.length);
  for (let index = Math.max(0, start); index < end; index += 1) {
    mix.left[index] = (mix.left[index] ?? 0) + gain * (sound.left[index - start] ?? 0);
    mix.right[index] = (mix.right[index] ?? 0) + gain * (sound.right[index - start] ?? 0);
  }
}

/** The sound of a path, exactly as long as its frames. `soundOf` reads an asset by file name. */
export async function mixSamples(mix: Mix, soundOf: (file: string) => Promise<Pcm>): Promise<Pcm> {
  const length = samplesAt(mix.durationInFrames, mix.fps);
  const mixed: Pcm = { left: new Float32Array(length), right: new Float32Array(length) };
  if (mix.soundtrack !== undefined) {
    const { file, gain, fadeOutInFrames } = mix.soundtrack;
    addMusic(mixed, await soundOf(file), gain, samplesAt(fadeOutInFrames, mix.fps));
  }
  for (const { file, atFrame, gain } of mix.sounds) {
    addSound(mixed, await soundOf(file), gain, samplesAt(atFrame, mix.fps));
  }
  return { left: mixed.left.map(softClip), right: mixed.right.map(softClip) };
}

/** AAC, 48 kHz, in an M4A whose edit list hides the encoder's delay, so that sound starts at once. */
async function encodeSamples(samples: Pcm, file: string): Promise<void> {
  const args = ['-f', 'wav', '-i', 'pipe:0', '-c:a', 'aac', '-b:a', '160k', '-map_metadata', '-1'];
  await runTool(
    'ffmpeg',
    [...quietly, ...args, '-fflags', '+bitexact', '-flags:a', '+bitexact', '-f', 'mp4', file],
    {
      input: writeWav(samples),
    },
  );
}

/** Mixes a path's sound and encodes it once, so that sound begins with the first frame. */
export async function mixPath(mix: Mix, directory: string, file: string): Promise<void> {
  await encodeSamples(await mixSamples(mix, (name) => readSound(path.join(directory, 'sounds', name))), file);
}

/** Encodes one asset as it is. */
export async function encodeSound(directory: string, sound: string, file: string): Promise<void> {
  await encodeSamples(await readSound(path.join(directory, 'sounds', sound)), file);
}
