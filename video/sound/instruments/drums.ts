import { smooth } from '../envelope.ts';
import { makeFilter } from '../filters.ts';
import { sampleRate, toSamples } from '../stereo.ts';

/** A soft kick: a sine that falls from a thump to a hum, with no hard click. */
export function playKick(): Float64Array {
  const sound = new Float64Array(toSamples(0.36));
  let phase = 0;
  for (let index = 0; index < sound.length; index += 1) {
    const seconds = index / sampleRate;
    phase += (52 + 110 * Math.exp(-seconds / 0.028)) / sampleRate;
    const level = smooth(seconds / 0.002) * Math.exp(-seconds / 0.12) * smooth((0.36 - seconds) / 0.05);
    sound[index] = Math.tanh(Math.sin(2 * Math.PI * phase) * 1.4) * level;
  }
  return sound;
}

interface NoiseOptions {
  readonly length: number;
  readonly attack: number;
  readonly decay: number;
  /** Centre of the band in hertz. */
  readonly band: number;
  readonly resonance: number;
  readonly output: 'band' | 'high';
  readonly random: () => number;
}

function playNoise({ length, attack, decay, band, resonance, output, random }: NoiseOptions): Float64Array {
  const sound = new Float64Array(toSamples(length));
  const filter = makeFilter();
  const soften = makeFilter();
  for (let index = 0; index < sound.length; index += 1) {
    const seconds = index / sampleRate;
    const level =
      smooth(seconds / attack) *
      Math.exp(-Math.max(0, seconds - attack) / decay) *
      smooth((length - seconds) / 0.01);
    const noise = soften(random() * 2 - 1, 9500, 0.2).low;
    sound[index] = filter(noise, band, resonance)[output] * level;
  }
  return sound;
}

export const playHat = (random: () => number): Float64Array =>
  playNoise({
    length: 0.09,
    attack: 0.001,
    decay: 0.022,
    band: 7800,
    resonance: 0.2,
    output: 'high',
    random,
  });

export const playShaker = (random: () => number): Float64Array =>
  playNoise({
    length: 0.12,
    attack: 0.022,
    decay: 0.026,
    band: 5600,
    resonance: 0.25,
    output: 'band',
    random,
  });

/** Three grains of noise in 24 ms, as hands are never quite together. */
export function playClap(random: () => number): Float64Array {
  const grain = (decay: number): Float64Array =>
    playNoise({ length: 0.22, attack: 0.001, decay, band: 1500, resonance: 0.55, output: 'band', random });
  const sound = new Float64Array(toSamples(0.26));
  for (const [at, decay, gain] of [
    [0, 0.006, 0.7],
    [0.012, 0.006, 0.6],
    [0.024, 0.055, 1],
  ] as const) {
    const part = grain(decay);
    const start = toSamples(at);
    for (let index = 0; index < part.length; index += 1) sound[start + index]! += part[index]! * gain;
  }
  return sound;
}

/** A finger snap: one short, resonant grain. */
export const playSnap = (random: () => number): Float64Array =>
  playNoise({
    length: 0.16,
    attack: 0.001,
    decay: 0.024,
    band: 2300,
    resonance: 0.82,
    output: 'band',
    random,
  });

/** A breath of noise whose band rises from `from` to `to` hertz while it swells, then lets go. */
export function playSweep(
  length: number,
  from: number,
  to: number,
  peakAt: number,
  random: () => number,
): Float64Array {
  const sound = new Float64Array(toSamples(length));
  const filter = makeFilter();
  for (let index = 0; index < sound.length; index += 1) {
    const progress = index / sound.length;
    const level =
      progress < peakAt ? smooth(progress / peakAt) ** 2 : smooth((1 - progress) / (1 - peakAt)) ** 2;
    const band = from * Math.pow(to / from, smooth(progress));
    sound[index] = filter(random() * 2 - 1, band, 0.6).band * level;
  }
  return sound;
}
