import { sampleRate, type Stereo } from './stereo.ts';

type Coefficients = readonly [b0: number, b1: number, b2: number, a1: number, a2: number];

/** The two K-weighting filters of ITU-R BS.1770-4 at 48 kHz. */
const shelf: Coefficients = [
  1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585,
];
const lowCut: Coefficients = [1, -2, 1, -1.99004745483398, 0.99007225036621];

function applyBiquad(samples: Float64Array, [b0, b1, b2, a1, a2]: Coefficients): Float64Array {
  const output = new Float64Array(samples.length);
  let x1 = 0;
  let x2 = 0;
  let y1 = 0;
  let y2 = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const x = samples[index]!;
    const y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
    x2 = x1;
    x1 = x;
    y2 = y1;
    y1 = y;
    output[index] = y;
  }
  return output;
}

const toLufs = (power: number): number => -0.691 + 10 * Math.log10(power);

/** Integrated loudness in LUFS (ITU-R BS.1770-4: 400 ms blocks, both gates); -Infinity for silence. */
export function measureLoudness({ left, right }: Stereo): number {
  const weighted = [left, right].map((channel) => applyBiquad(applyBiquad(channel, shelf), lowCut));
  const block = 0.4 * sampleRate;
  const powers: number[] = [];
  for (let start = 0; start + block <= left.length; start += block / 4) {
    let power = 0;
    for (const channel of weighted) {
      for (let index = start; index < start + block; index += 1) power += channel[index]! ** 2 / block;
    }
    powers.push(power);
  }
  const meanAbove = (gateLufs: number): number => {
    const kept = powers.filter((power) => toLufs(power) > gateLufs);
    return kept.reduce((sum, power) => sum + power, 0) / Math.max(1, kept.length);
  };
  return toLufs(meanAbove(toLufs(meanAbove(-70)) - 10));
}

/** The largest magnitude of any sample. */
export function measurePeak({ left, right }: Stereo): number {
  let peak = 0;
  for (let index = 0; index < left.length; index += 1) {
    peak = Math.max(peak, Math.abs(left[index]!), Math.abs(right[index]!));
  }
  return peak;
}
