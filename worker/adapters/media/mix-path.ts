import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { errors } from '../../../errors/messages.ts';
import type { Mix } from '../../../video/story/path.ts';
import type { Span } from '../../../video/story/sound-level.ts';
import type { ClipPart, PlayedSound } from '../../core/ports.ts';
import { quietly, runTool } from './ffmpeg.ts';
import {
  addMusic,
  addSound,
  joinChannel,
  type PlacedPart,
  samplesAt,
  shapeSound,
  softClip,
} from './lay-sounds.ts';
import { parseWav, type Pcm, sampleRate, writeWav } from './wav.ts';

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

/** Names of the sounds in a folder, which may be missing. */
export async function listSounds(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isFile() && /\.wav$/i.test(entry.name) ? [entry.name] : []));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
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
  const { fps, soundtrack, speech = [] } = mix;
  const spans = speech.map(({ fromFrame, toFrame }): Span => [
    samplesAt(fromFrame, fps),
    samplesAt(toFrame, fps),
  ]);
  for (const sound of mix.sounds) {
    const start = samplesAt(sound.atFrame, fps);
    const shaped = shapeSound(await soundOf(sound.file), sound, fps, Math.max(0, length - start));
    addSound(mixed, shaped, sound.gain, start);
    if (sound.voice) spans.push([start, start + shaped.left.length]);
  }
  if (soundtrack !== undefined) addMusic(mixed, await soundOf(soundtrack.file), soundtrack, spans, fps);
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

/** `Media.sound`. */
export async function encodeSound(sound: string, file: string, played?: PlayedSound): Promise<void> {
  const samples = await decodeSound(sound);
  await encodeSamples(played === undefined ? samples : shapeSound(samples, played, played.fps), file);
}
