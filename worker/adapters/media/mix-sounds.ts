import path from 'node:path';
import type { Mix } from '../../../video/story/path.ts';
import { quietly, runTool } from './ffmpeg.ts';
import { readWav, sampleRate, type Stereo } from './wav.ts';

/** Above this, peaks are bent instead of cut. */
const knee = 0.9;

function soften(sample: number): number {
  const size = Math.abs(sample);
  if (size <= knee) return sample;
  return Math.sign(sample) * (knee + (1 - knee) * Math.tanh((size - knee) / (1 - knee)));
}

/** Adds a sound from a sample frame on; what reaches beyond the end is left out. */
function lay(onto: Stereo, sound: Stereo, startFrame: number, gain: number): void {
  const start = startFrame * 2;
  const end = Math.min(sound.length, onto.length - start);
  for (let at = 0; at < end; at += 1) onto[start + at] = (onto[start + at] ?? 0) + (sound[at] ?? 0) * gain;
}

/** Half a cosine from full to nothing over the last samples. */
function fadeOut(sound: Stereo, frames: number): void {
  const total = sound.length / 2;
  const length = Math.min(frames, total);
  for (let frame = 0; frame < length; frame += 1) {
    const gain = 0.5 * (1 + Math.cos((Math.PI * (frame + 1)) / length));
    const at = (total - length + frame) * 2;
    sound[at] = (sound[at] ?? 0) * gain;
    sound[at + 1] = (sound[at + 1] ?? 0) * gain;
  }
}

/** Sums a path's sounds to exactly its length, in interleaved stereo at 48 kHz. */
export async function sumSounds(mix: Mix, directory: string): Promise<Stereo> {
  const samplesOf = (frames: number): number => Math.round((frames * sampleRate) / mix.fps);
  const total = samplesOf(mix.durationInFrames);
  const sum = new Float32Array(total * 2);
  const read = (file: string): Promise<Stereo> =>
    readWav(path.join(directory, 'sounds', path.basename(file)));
  if (mix.soundtrack !== undefined) {
    const music = await read(mix.soundtrack.file);
    for (let start = 0; start < total && music.length > 0; start += music.length / 2) {
      lay(sum, music, start, mix.soundtrack.gain);
    }
    fadeOut(sum, samplesOf(mix.soundtrack.fadeOutInFrames));
  }
  for (const { file, atFrame, gain } of mix.sounds) lay(sum, await read(file), samplesOf(atFrame), gain);
  return sum.map(soften);
}

/**
 * Writes a path's sound as AAC in an M4A: music across all scenes, scene sounds where they stand.
 *
 * @param directory the template's folder, which holds `sounds/`.
 * @throws BespokeError `sound-unreadable`, `media-failed`, `disk-full`.
 */
export async function mixSounds(mix: Mix, directory: string, file: string): Promise<void> {
  const sum = await sumSounds(mix, directory);
  await runTool(
    'ffmpeg',
    [
      ...quietly,
      ...['-f', 'f32le', '-ar', String(sampleRate), '-ac', '2', '-i', 'pipe:0'],
      ...['-c:a', 'aac', '-b:a', '192k', '-map_metadata', '-1', '-fflags', '+bitexact', '-f', 'mp4', file],
    ],
    { input: new Uint8Array(sum.buffer) },
  );
}
