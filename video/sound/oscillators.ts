import { sampleRate } from './stereo.ts';

/** A generator that gives one sample a call; frequency in hertz may change between calls. */
export type Oscillator = (frequency: number) => number;

/** Rounds a waveform's step off over two samples, against aliasing (polynomial BLEP). */
function polyBlep(phase: number, step: number): number {
  if (phase < step) {
    const t = phase / step;
    return t + t - t * t - 1;
  }
  if (phase > 1 - step) {
    const t = (phase - 1) / step;
    return t * t + t + t + 1;
  }
  return 0;
}

/** @param phase start, 0 to 1 */
export function makeSine(phase = 0): Oscillator {
  let at = phase;
  return (frequency) => {
    const sample = Math.sin(2 * Math.PI * at);
    at = (at + frequency / sampleRate) % 1;
    return sample;
  };
}

/** @param phase start, 0 to 1 */
export function makeSawtooth(phase = 0): Oscillator {
  let at = phase;
  return (frequency) => {
    const step = frequency / sampleRate;
    const sample = 2 * at - 1 - polyBlep(at, step);
    at = (at + step) % 1;
    return sample;
  };
}

/** @param phase start, 0 to 1 */
export function makeSquare(phase = 0): Oscillator {
  let at = phase;
  return (frequency) => {
    const step = frequency / sampleRate;
    const sample = (at < 0.5 ? 1 : -1) + polyBlep(at, step) - polyBlep((at + 0.5) % 1, step);
    at = (at + step) % 1;
    return sample;
  };
}
