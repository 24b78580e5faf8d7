import { readFile, writeFile } from 'node:fs/promises';
import { errors } from '../../../errors/messages.ts';
import { timeWords, type SpeechText, type Spoken, type Stretch } from '../../../video/story/speech.ts';
import type { SpeakingClip } from '../../core/ports.ts';
import { quietly, runTool } from './ffmpeg.ts';
import { addSound, samplesAt, softClip } from './lay-sounds.ts';
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

/** @throws BespokeError `speech-refused` for what is no sound. */
async function decode(sound: Buffer): Promise<Float32Array> {
  // A playlist would make ffmpeg open other files.
  const input = ['-protocol_whitelist', 'pipe', '-i', 'pipe:0', '-t', String(mostSeconds)];
  const output = ['-vn', '-ar', String(sampleRate), '-ac', '1', '-c:a', 'pcm_s16le', '-f', 'wav', 'pipe:1'];
  try {
    const wav = parseWav(await runTool('ffmpeg', [...quietly, ...input, ...output], { input: sound }));
    if (wav !== undefined) return wav.left;
  } catch (error) {
    throw errors.speechRefused({ why: 'What the voice made of it is no sound.' }, { cause: error });
  }
  throw errors.speechRefused({ why: 'What the voice made of it is no sound.' });
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

/** The part that is heard, as loud as all speech, with ends that do not click. */
function level(samples: Float32Array): Float32Array {
  const loudness = loudnessOf(samples);
  const loudest = loudness.reduce((most, each) => Math.max(most, each), 0);
  const heard = loudness.map((loud) => loud > Math.max(silentBelow, silence.quiet * loudest));
  const first = heard.indexOf(true);
  if (first < 0) throw errors.speechRefused({ why: 'What the voice made of it is silent.' });
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
  const levelled = level(await decode(sound));
  await writeFile(file, writeWav({ left: levelled, right: levelled }, 1), { mode: 0o600 });
}

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
    addSound(mix, await readPcm(line.file), line.gain, samplesAt(line.fromFrame, fps) - before);
  }
  const spoken = { left: mix.left.map(softClip), right: mix.right.map(softClip) };
  await writeFile(file, writeWav(spoken), { mode: 0o600 });
}
