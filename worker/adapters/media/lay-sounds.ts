import type { SoundShape } from '../../../video/story/scene.ts';
import { createMusicLevel, fadeAt, type Span } from '../../../video/story/sound-level.ts';
import { type Pcm, sampleRate } from './wav.ts';

const knee = 0.9;

/** Leaves samples up to the knee as they are and bends louder ones below full scale. */
export function softClip(sample: number): number {
  const loudness = Math.abs(sample);
  if (loudness <= knee) return sample;
  return Math.sign(sample) * (knee + (1 - knee) * Math.tanh((loudness - knee) / (1 - knee)));
}

/** The first sample of a frame. */
export const samplesAt = (frame: number, fps: number): number => Math.round((frame * sampleRate) / fps);

/** Adds a sound from a sample on, which may lie before the beginning; it is cut at the end of the mix. */
export function addSound(mix: Pcm, sound: Pcm, gain: number, start: number): void {
  const end = Math.min(mix.left.length, start + sound.left.length);
  for (let index = Math.max(0, start); index < end; index += 1) {
    mix.left[index] = (mix.left[index] ?? 0) + gain * (sound.left[index - start] ?? 0);
    mix.right[index] = (mix.right[index] ?? 0) + gain * (sound.right[index - start] ?? 0);
  }
}

/** A sound within a longer one, in samples. */
export interface PlacedPart {
  readonly start: number;
  readonly end: number;
  readonly sound: Pcm;
}

/** How long a jump at a joint is smoothed. */
const smoothedSamples = sampleRate / 200;

/**
 * Lays sounds end to end. Where one does not go on where the one before ended, the jump decays within 5 ms instead of
 * being heard as a click. A sound that crosses a joint stays as it is.
 */
export function joinChannel(target: Float32Array, parts: readonly PlacedPart[], channel: keyof Pcm): void {
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

const silence = (length: number): Pcm => ({
  left: new Float32Array(length),
  right: new Float32Array(length),
});

function partOf({ left, right }: Pcm, { from = 0, to = Infinity }: NonNullable<SoundShape['trim']>): Pcm {
  const [start, end] = [from, to].map((seconds) => Math.min(left.length, Math.round(seconds * sampleRate)));
  return { left: left.subarray(start, end), right: right.subarray(start, end) };
}

/** Repeats a sound. What was cut out of a longer one neither begins, goes on nor ends with a click. */
function repeat(sound: Pcm, length: number): Pcm {
  const once = sound.left.length;
  const parts = Array.from({ length: once === 0 ? 0 : Math.ceil(length / once) }, (_, index) => {
    const start = index * once;
    return { start, end: Math.min(length, start + once), sound };
  });
  const laid = silence(length + smoothedSamples);
  for (const channel of ['left', 'right'] as const) joinChannel(laid[channel], parts, channel);
  return laid;
}

/** How a sound is played. */
export interface Played extends SoundShape {
  /** Set if it is repeated. */
  readonly loopInFrames?: number | undefined;
}

/**
 * A sound as it is played: its part, repeated, faded in and out. What is played as it is comes back as it is.
 *
 * @param most samples that are needed of what is repeated.
 */
export function shapeSound(sound: Pcm, played: Played, fps: number, most = Infinity): Pcm {
  const { trim, loopInFrames, fadeInInFrames = 0, fadeOutInFrames = 0 } = played;
  const part = trim === undefined ? sound : partOf(sound, trim);
  const length = loopInFrames === undefined ? part.left.length : samplesAt(loopInFrames, fps);
  const laid = part === sound && loopInFrames === undefined ? sound : repeat(part, Math.min(length, most));
  const [fadeIn, fadeOut] = [samplesAt(fadeInInFrames, fps), samplesAt(fadeOutInFrames, fps)];
  if (fadeIn === 0 && fadeOut === 0) return laid;
  const fade = (sample: number, index: number): number => sample * fadeAt(index, { length, fadeIn, fadeOut });
  return { left: laid.left.map(fade), right: laid.right.map(fade) };
}

/** Music as a path has it. */
export interface Music extends SoundShape {
  readonly gain: number;
  readonly fadeOutInFrames: number;
  /** Of its gain, while a voice speaks. */
  readonly underSpeech?: number | undefined;
}

/** Adds music from the beginning, repeated, fading to silence at the end, and lower while a voice speaks. */
export function addMusic(mix: Pcm, sound: Pcm, music: Music, speech: readonly Span[], fps: number): void {
  const { gain, trim, fadeInInFrames = 0, fadeOutInFrames, underSpeech = 1 } = music;
  const { length } = mix.left;
  const part = trim === undefined ? sound : partOf(sound, trim);
  if (part.left.length === 0) return;
  const laid = part === sound ? sound : repeat(part, length);
  const [fadeIn, fadeOut] = [samplesAt(fadeInInFrames, fps), samplesAt(fadeOutInFrames, fps)];
  const levelAt = createMusicLevel(speech, underSpeech, sampleRate);
  for (let index = 0; index < length; index += 1) {
    const at = index % laid.left.length;
    const volume = gain * levelAt(index) * fadeAt(index, { length, fadeIn, fadeOut });
    mix.left[index] = (mix.left[index] ?? 0) + volume * (laid.left[at] ?? 0);
    mix.right[index] = (mix.right[index] ?? 0) + volume * (laid.right[at] ?? 0);
  }
}
