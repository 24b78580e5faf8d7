import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { errors } from '../../../errors/messages.ts';
import { timeWords, type SpeechText, type Spoken, type Stretch } from '../../../video/story/speech.ts';
import type { SpeakingClip } from '../../core/ports.ts';
import { quietly, runTool, type ToolRun } from './ffmpeg.ts';
import { addSound, samplesAt, shapeSound, softClip } from './lay-sounds.ts';
import { parseWav, type Pcm, sampleRate, writeWav } from './wav.ts';

/** Of a text of 4,000 characters a slow voice makes no more. */
const mostSeconds = 600;

/** Samples whose loudness is looked at together. */
const blockSamples = sampleRate / 100;

/** Below what part of its loudest block a block counts as silent, and as no part of a word. */
const silence = { quiet: 0.03, word: 0.12 };
/** Less than this is silent, however loud the rest. */
const silentBelow = 0.002;

/** Kept around what is said, so that its first and last sounds are whole. */
const marginBlocks = 3;
const fadeSamples = sampleRate / 200;

/** A pause within a text: shorter ones are parts of words. */
const leastPauseBlocks = 12;

/** Loudness of words, as RMS of each channel: about -18 LUFS in stereo, so that it is heard over music. */
const wordLoudness = 0.11;
const mostGain = 20;

/** Why a sound cannot be used, as a predicate. */
export class SoundRefused extends Error {
  override readonly name = 'SoundRefused';
}

/** @param input ffmpeg's arguments. @throws SoundRefused for what is no sound. */
async function decode(input: readonly string[], run: ToolRun): Promise<Float32Array> {
  const output = ['-vn', '-ar', String(sampleRate), '-ac', '1', '-c:a', 'pcm_s16le', '-f', 'wav', 'pipe:1'];
  try {
    const wav = parseWav(await runTool('ffmpeg', [...quietly, ...input, ...output], run));
    if (wav !== undefined && wav.left.length > 0) return wav.left;
  } catch (cause) {
    run.signal?.throwIfAborted();
    throw new SoundRefused('is no sound', { cause });
  }
  throw new SoundRefused('is no sound');
}

/** RMS of each block. */
function loudnessOf(samples: Float32Array): readonly number[] {
  return Array.from({ length: Math.ceil(samples.length / blockSamples) }, (_, block) => {
    const part = samples.subarray(block * blockSamples, (block + 1) * blockSamples);
    return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
  });
}

/** Pauses within what is said, in seconds. */
function pausesIn(loudness: readonly number[], quietBelow: number): readonly Stretch[] {
  const pauses: Stretch[] = [];
  let began = -1;
  for (const [block, loud] of loudness.entries()) {
    if (loud < quietBelow) continue;
    if (began >= 0 && block - began > leastPauseBlocks) {
      pauses.push({ from: (began * blockSamples) / sampleRate, to: (block * blockSamples) / sampleRate });
    }
    began = block + 1;
  }
  return pauses;
}

/** The part that is heard, as loud as all speech, with ends that do not click. @throws SoundRefused */
function level(samples: Float32Array): Float32Array {
  const loudness = loudnessOf(samples);
  const loudest = loudness.reduce((most, each) => Math.max(most, each), 0);
  const heard = loudness.map((loud) => loud > Math.max(silentBelow, silence.quiet * loudest));
  const first = heard.indexOf(true);
  if (first < 0) throw new SoundRefused('is silent');
  const start = Math.max(0, first - marginBlocks) * blockSamples;
  const end = Math.min(samples.length, (heard.lastIndexOf(true) + 1 + marginBlocks) * blockSamples);
  const words = loudness.filter((loud) => loud > silence.word * loudest);
  const rms = Math.sqrt(words.reduce((sum, each) => sum + each * each, 0) / words.length);
  const gain = Math.min(mostGain, wordLoudness / rms);
  const length = end - start;
  return samples.subarray(start, end).map((sample, index) => {
    const fade = Math.min(1, index / fadeSamples, (length - 1 - index) / fadeSamples);
    return softClip(sample * gain) * fade;
  });
}

/** `Media.levelSpeech`. */
export async function levelSpeech(sound: Buffer, file: string): Promise<void> {
  // A playlist would make ffmpeg open other files.
  const input = ['-protocol_whitelist', 'pipe', '-i', 'pipe:0', '-t', String(mostSeconds)];
  try {
    const levelled = level(await decode(input, { input: sound }));
    await writeFile(file, writeWav({ left: levelled, right: levelled }, 1), { mode: 0o600 });
  } catch (cause) {
    if (!(cause instanceof SoundRefused)) throw cause;
    throw errors.speechRefused({ why: `What the voice made of it ${cause.message}.` }, { cause });
  }
}

/** A longer recording is refused. */
const mostRecordedSeconds = 300;

/** Containers that people's recordings have. None of them can refer to other files. */
const containers = 'aac,ac3,caf,eac3,flac,matroska,mov,mp3,ogg,wav';

let lastDecoding: Promise<unknown> = Promise.resolve();

/** One at a time in this process: eight long ones at once would need more memory than a worker has. */
function afterOthers<T>(decodeNext: () => Promise<T>): Promise<T> {
  const decoding = lastDecoding.then(decodeNext);
  lastDecoding = decoding.catch(() => undefined);
  return decoding;
}

/**
 * Writes a recording as all speech is kept, at a path that may be used for its file meanwhile.
 *
 * @returns its hash, as `AudioInput` has it: equal for equal samples, however they were compressed.
 * @throws SoundRefused for what is no sound, silent, or too long.
 */
export const levelRecording = (recording: Buffer, file: string, signal: AbortSignal): Promise<string> =>
  afterOthers(async () => {
    signal.throwIfAborted();
    // Some containers have their index at the end, so ffmpeg has to seek.
    await writeFile(file, recording, { mode: 0o600 });
    const bounded = ['-protocol_whitelist', 'file', '-format_whitelist', containers];
    const input = [...bounded, '-i', file, '-t', String(mostRecordedSeconds + 1)];
    const samples = await decode(input, { signal, timeLimitMs: 60_000 });
    if (samples.length > mostRecordedSeconds * sampleRate) {
      throw new SoundRefused(`is longer than ${mostRecordedSeconds / 60} minutes`);
    }
    const levelled = level(samples);
    const wav = writeWav({ left: levelled, right: levelled }, 1);
    await writeFile(file, wav, { mode: 0o600 });
    const milliseconds = Math.ceil((levelled.length * 1000) / sampleRate);
    return `audio-${milliseconds}-${createHash('sha256').update(wav).digest('hex')}`;
  });

async function readPcm(file: string): Promise<Pcm> {
  const sound = parseWav(await readFile(file));
  if (sound === undefined) throw errors.soundUnreadable({ file });
  return sound;
}

/** `Media.timeSpeech`. */
export async function timeSpeech(file: string, { text, language }: SpeechText): Promise<Spoken> {
  const { left } = await readPcm(file);
  const loudness = loudnessOf(left);
  const loudest = loudness.reduce((most, each) => Math.max(most, each), 0);
  const seconds = left.length / sampleRate;
  return { seconds, words: timeWords(text, language, seconds, pausesIn(loudness, silence.quiet * loudest)) };
}

/** `Media.speakClip`. */
export async function speakClip(
  { fps, durationInFrames, from, sound, lines }: SpeakingClip,
  file: string,
): Promise<void> {
  const length = samplesAt(durationInFrames, fps);
  const mix: Pcm = { left: new Float32Array(length), right: new Float32Array(length) };
  if (sound !== undefined) addSound(mix, await readPcm(sound), 1, 0);
  const before = samplesAt(from, fps);
  for (const line of lines) {
    const start = samplesAt(line.fromFrame, fps) - before;
    const shaped = shapeSound(await readPcm(line.file), line, fps, Math.max(0, length - start));
    addSound(mix, shaped, line.gain, start);
  }
  const spoken = { left: mix.left.map(softClip), right: mix.right.map(softClip) };
  await writeFile(file, writeWav(spoken), { mode: 0o600 });
}
