import { createStereo, sampleRate, toSamples, type Stereo } from './stereo.ts';

/** Mutually prime delays, in milliseconds at 48 kHz, spread so that no echo stands out. */
const delaysMs = [29.7, 37.1, 41.1, 43.7, 53.3, 59.9, 67.1, 73.3] as const;

interface ReverbOptions {
  /** Until the tail has fallen by 60 dB, in seconds. */
  readonly decay: number;
  /** How much of the highs each pass loses, 0 to 1. */
  readonly damping: number;
  readonly preDelay: number;
}

/**
 * The wet signal of a feedback delay network: eight damped delay lines mixed by a Householder matrix.
 * The result is as long as the input.
 */
export function reverberate(dry: Stereo, { decay, damping, preDelay }: ReverbOptions): Stereo {
  const wet = createStereo(dry.left.length / sampleRate);
  const lines = delaysMs.map((ms) => new Float64Array(toSamples(ms / 1000)));
  const gains = delaysMs.map((ms) => Math.pow(10, (-3 * ms) / 1000 / decay));
  const positions = lines.map(() => 0);
  const lows = lines.map(() => 0);
  const offset = toSamples(preDelay);
  for (let index = 0; index < dry.left.length; index += 1) {
    const inLeft = index < offset ? 0 : dry.left[index - offset]!;
    const inRight = index < offset ? 0 : dry.right[index - offset]!;
    let sum = 0;
    for (let line = 0; line < lines.length; line += 1) {
      const delayed = lines[line]![positions[line]!]!;
      lows[line]! += (delayed - lows[line]!) * (1 - damping);
      sum += lows[line]!;
    }
    let left = 0;
    let right = 0;
    for (let line = 0; line < lines.length; line += 1) {
      const feedback = (lows[line]! - (2 / lines.length) * sum) * gains[line]!;
      const buffer = lines[line]!;
      buffer[positions[line]!] = feedback + (line % 2 === 0 ? inLeft : inRight);
      positions[line] = (positions[line]! + 1) % buffer.length;
      if (line % 2 === 0) left += lows[line]! * (line % 4 === 0 ? 1 : -1);
      else right += lows[line]! * (line % 4 === 1 ? 1 : -1);
    }
    wet.left[index] = left * 0.5;
    wet.right[index] = right * 0.5;
  }
  return wet;
}

/** Repeats that jump between the sides, `time` seconds apart, each `feedback` times as loud; wet only. */
export function pingPong(dry: Stereo, time: number, feedback: number): Stereo {
  const wet = createStereo(dry.left.length / sampleRate);
  const delay = toSamples(time);
  for (let index = delay; index < dry.left.length; index += 1) {
    const source = index - delay;
    wet.left[index] = (dry.left[source]! + dry.right[source]!) * 0.5 + wet.right[source]! * feedback;
    wet.right[index] = wet.left[source]! * feedback;
  }
  return wet;
}
