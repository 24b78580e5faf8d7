import { sampleRate } from './stereo.ts';

/** One sample of a state-variable filter's three outputs. */
export interface FilterOutput {
  readonly low: number;
  readonly band: number;
  readonly high: number;
}

export type Filter = (input: number, cutoffHz: number, resonance: number) => FilterOutput;

/**
 * A trapezoidal state-variable filter: stable while its cutoff moves at audio rate (A. Simper,
 * "Linear Trapezoidal Integrated State Variable Filter"). Resonance 0 is flat, towards 1 it rings.
 */
export function makeFilter(): Filter {
  let ic1 = 0;
  let ic2 = 0;
  const output = { low: 0, band: 0, high: 0 };
  return (input, cutoffHz, resonance) => {
    const g = Math.tan(Math.PI * Math.min(0.45, cutoffHz / sampleRate));
    const k = 2 - 1.9 * resonance;
    const a1 = 1 / (1 + g * (g + k));
    const v3 = input - ic2;
    const v1 = a1 * ic1 + g * a1 * v3;
    const v2 = ic2 + g * v1;
    ic1 = 2 * v1 - ic1;
    ic2 = 2 * v2 - ic2;
    output.low = v2;
    output.band = v1;
    output.high = input - k * v1 - v2;
    return output;
  };
}

/** Removes what lies below `cutoffHz` (12 dB an octave) in place: rumble and direct current. */
export function highPass(samples: Float64Array, cutoffHz: number): void {
  const filter = makeFilter();
  for (let index = 0; index < samples.length; index += 1) {
    samples[index] = filter(samples[index]!, cutoffHz, 0.3).high;
  }
}

/** Tilts a mix in place: `air` decibels more above 2.2 kHz, `weight` decibels more below 75 Hz. */
export function tilt(samples: Float64Array, air: number, weight: number): void {
  const top = makeFilter();
  const bottom = makeFilter();
  const airGain = Math.pow(10, air / 20) - 1;
  const weightGain = Math.pow(10, weight / 20) - 1;
  for (let index = 0; index < samples.length; index += 1) {
    const input = samples[index]!;
    samples[index] = input + top(input, 2200, 0.3).high * airGain + bottom(input, 75, 0.3).low * weightGain;
  }
}
