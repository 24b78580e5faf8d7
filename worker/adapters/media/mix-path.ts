import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { errors } from '../../../errors/messages.ts';
import type { Mix } from '../../../video/story/path.ts';
import type { ClipPart } from '../../core/ports.ts';
import { quietly, runTool } from './ffmpeg.ts';

export const sampleRate = 48_000;

/** Stereo sound at 48 kHz, samples between -1 and 1. */
export interface Pcm {
  readonly left: Float32Array;
  readonly right: Float32Array;
}

interface Layout {
  readonly float: boolean;
  readonly channels: number;
  readonly rate: number;
  readonly bits: number;
  readonly start: number;
  readonly end: number;
}

function readLayout(wav: Buffer): Layout | undefined {
  if (wav.toString('latin1', 0, 4) !== 'RIFF' || wav.toString('latin1', 8, 12) !== 'WAVE') return undefined;
  let format: Omit<Layout, 'start' | 'end'> | undefined;
  for (let at = 12; at + 8 <= wav.length;) {
    const id = wav.toString('latin1', at, at + 4);
    const size = wav.readUInt32LE(at + 4);
    const start = at + 8;
    if (id === 'fmt ') {
      const extensible = wav.readUInt16LE(start) === 0xfffe;
      format = {
        float: wav.readUInt16LE(extensible ? start + 24 : start) === 3,
        channels: wav.readUInt16LE(start + 2),
        rate: wav.readUInt32LE(start + 4),
        bits: wav.readUInt16LE(start + 14),
      };
    }
    // A stream's length is unknown when its header is written.
    if (id === 'data' && format) return { ...format, start, end: Math.min(start + size, wav.length) };
    at = start + size + (size % 2);
  }
  return undefined;
}

function sampleReader(wav: Buffer, { float, bits }: Layout): ((at: number) => number) | undefined {
  if (float && bits === 32) return (at) => wav.readFloatLE(at);
  if (float) return undefined;
  if (bits === 16) return (at) => wav.readInt16LE(at) / 0x8000;
  if (bits === 24) return (at) => wav.readIntLE(at, 3) / 0x80_0000;
  if (bits === 32) return (at) => wav.readInt32LE(at) / 0x8000_0000;
  return undefined;
}

/** Reads a WAV of 48 kHz, mono or stereo. @returns `undefined` for any other kind. */
export function parseWav(wav: Buffer): Pcm | undefined {
  const layout = readLayout(wav);
  if (layout === undefined || layout.rate !== sampleRate || layout.channels > 2) return undefined;
  const read = sampleReader(wav, layout);
  if (read === undefined) return undefined;
  const { channels, bits, start, end } = layout;
  const width = bits / 8;
  const length = Math.floor((end - start) / (width * channels));
  const left = new Float32Array(length);
  const right = channels === 2 ? new Float32Array(length) : left;
  for (let index = 0; index < length; index += 1) {
    const at = start + index * width * channels;
    left[index] = read(at);
    if (channels === 2) right[index] = read(at + width);
  }
  return { left, right };
}

/** A 16-bit WAV. @param channels with one, of the left. */
export function writeWav({ left, right }: Pcm, channels: 1 | 2 = 2): Buffer {
  const frameBytes = 2 * channels;
  const bytes = left.length * frameBytes;
  const wav = Buffer.alloc(44 + bytes);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(36 + bytes, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(channels, 22);
  wav.writeUInt32LE(sampleRate, 24);
  wav.writeUInt32LE(sampleRate * frameBytes, 28);
  wav.writeUInt16LE(frameBytes, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(bytes, 40);
  const samples = new Int16Array(left.length * channels);
  for (let index = 0; index < left.length; index += 1) {
    samples[channels * index] = Math.round((left[index] ?? 0) * 0x7fff);
    if (channels === 2) samples[2 * index + 1] = Math.round((right[index] ?? 0) * 0x7fff);
  }
  Buffer.from(samples.buffer).copy(wav, 44);
  return wav;
}

interface Remembered<T> {
  readonly stamp: string;
  readonly value: Promise<T>;
}

/** Computes something from a file once, until the file changes. */
function rememberPerFile<T>(compute: (file: string) => Promise<T>): (file: string) => Promise<T> {
  const known = new Map<string, Remembered<T>>();
  return async (file) => {
    const { mtimeMs, size } = await stat(file);
    const stamp = `${mtimeMs} ${size}`;
    const remembered = known.get(file);
    if (remembered?.stamp === stamp) return remembered.value;
    const value = compute(file);
    value.catch(() => known.delete(file));
    known.set(file, { stamp, value });
    return value;
  };
}

/** Samples of a sound. Rates other than 48 kHz are resampled. */
async function decodeSound(file: string): Promise<Pcm> {
  const plain = parseWav(await readFile(file));
  if (plain !== undefined) return plain;
  const args = [
    '-i',
    file,
    '-ar',
    String(sampleRate),
    '-ac',
    '2',
    '-c:a',
    'pcm_s16le',
    '-f',
    'wav',
    'pipe:1',
  ];
  const converted = parseWav(await runTool('ffmpeg', [...quietly, ...args]));
  if (converted === undefined) {
    throw errors.soundUnreadable({ file });
  }
  return converted;
}

/** A sound asset's samples; decoded once for each process. */
const readSound = rememberPerFile(decodeSound);

/** SHA-256 of a sound asset, in hex. */
export const hashSound = rememberPerFile(async (file) =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex'),
);

const knee = 0.9;

/** Leaves samples up to the knee as they are and bends louder ones below full scale. */
export function softClip(sample: number): number {
  const loudness = Math.abs(sample);
  if (loudness <= knee) return sample;
  return Math.sign(sample) * (knee + (1 - knee) * Math.tanh((loudness - knee) / (1 - knee)));
}

/** The first sample of a frame. */
export const samplesAt = (frame: number, fps: number): number => Math.round((frame * sampleRate) / fps);

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

/** Adds a sound from a sample on, which may lie before the beginning; it is cut at the end of the mix. */
export function addSound(mix: Pcm, sound: Pcm, gain: number, start: number): void {
  const end = Math.min(mix.left.length, start + sound.left.length);
  for (let index = Math.max(0, start); index < end; index += 1) {
    mix.left[index] = (mix.left[index] ?? 0) + gain * (sound.left[index - start] ?? 0);
    mix.right[index] = (mix.right[index] ?? 0) + gain * (sound.right[index - start] ?? 0);
  }
}

/** A clip's own sound within a path, in samples. */
interface PlacedPart {
  readonly start: number;
  readonly end: number;
  readonly sound: Pcm;
}

/** How long a jump at a joint is smoothed. */
const smoothedSamples = sampleRate / 200;

/**
 * Lays clips end to end. Where one does not go on where the one before ended, the jump decays within 5 ms instead of
 * being heard as a click. A sound that crosses a joint stays as it is.
 */
function joinChannel(target: Float32Array, parts: readonly PlacedPart[], channel: keyof Pcm): void {
  let last = 0;
  let beforeLast = 0;
  const joints = parts.flatMap(({ start, end }) => [start, end]);
  const samples = new Float32Array(target.length);
  for (const { start, end, sound } of parts) samples.set(sound[channel].subarray(0, end - start), start);
  let jump = 0;
  let left = 0;
  let next = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const sample = samples[index] ?? 0;
    if (index === joints[next]) {
      while (joints[next] === index) next += 1;
      jump = 2 * last - beforeLast - sample;
      left = smoothedSamples;
    }
    const smoothed = sample + (left > 0 ? (jump * left) / smoothedSamples : 0);
    left -= 1;
    target[index] = (target[index] ?? 0) + smoothed;
    beforeLast = last;
    last = smoothed;
  }
}

async function placeParts(parts: readonly ClipPart[], fps: number): Promise<readonly PlacedPart[]> {
  const placed: PlacedPart[] = [];
  let frame = 0;
  for (const { durationInFrames, sound: file } of parts) {
    const start = samplesAt(frame, fps);
    frame += durationInFrames;
    if (file === undefined) continue;
    const sound = parseWav(await readFile(file));
    if (sound === undefined) throw errors.soundUnreadable({ file });
    placed.push({ start, end: samplesAt(frame, fps), sound });
  }
  return placed;
}

/** The sound of a path, exactly as long as its frames. `soundOf` reads an asset by file name. */
export async function mixSamples(
  mix: Mix,
  soundOf: (file: string) => Promise<Pcm>,
  parts: readonly ClipPart[] = [],
): Promise<Pcm> {
  const length = samplesAt(mix.durationInFrames, mix.fps);
  const mixed: Pcm = { left: new Float32Array(length), right: new Float32Array(length) };
  const placed = await placeParts(parts, mix.fps);
  if (placed.length > 0)
    for (const channel of ['left', 'right'] as const) joinChannel(mixed[channel], placed, channel);
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
export async function mixPath(
  mix: Mix,
  directory: string,
  file: string,
  parts?: readonly ClipPart[],
): Promise<void> {
  const soundOf = (name: string): Promise<Pcm> => readSound(path.join(directory, 'sounds', name));
  await encodeSamples(await mixSamples(mix, soundOf, parts), file);
}

/** Encodes one sound as it is. */
export async function encodeSound(sound: string, file: string): Promise<void> {
  await encodeSamples(await decodeSound(sound), file);
}
