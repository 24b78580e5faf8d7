import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseWav, type Pcm, sampleRate } from '../worker/adapters/media/wav.ts';

const templates = new URL('./', import.meta.url);
const files = readdirSync(templates, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.wav'),
);
const music = files.filter((name) => name.endsWith('music.wav'));

/** Seconds; the music of the tour and of the order loops, and bars of it are 2.4 and 3 s. */
const lengths = [
  ['year-in-review', [24, 26]],
  ['renewal-offer', [15, 16]],
  ['product-tour', [28.8, 28.8]],
  ['order-story', [24, 24]],
] as const;

async function read(file: string): Promise<Pcm> {
  const sound = parseWav(await readFile(new URL(file, templates)));
  if (sound === undefined) throw new Error(`${file} is no WAV of 48 kHz.`);
  return sound;
}

type Coefficients = readonly [b0: number, b1: number, b2: number, a1: number, a2: number];

/** The two K-weighting filters of ITU-R BS.1770-4 at 48 kHz. */
const shelf: Coefficients = [
  1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585,
];
const lowCut: Coefficients = [1, -2, 1, -1.99004745483398, 0.99007225036621];

function applyBiquad(samples: Float32Array, [b0, b1, b2, a1, a2]: Coefficients): Float32Array {
  let x1 = 0;
  let x2 = 0;
  let y1 = 0;
  let y2 = 0;
  return samples.map((x) => {
    const y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
    x2 = x1;
    x1 = x;
    y2 = y1;
    y1 = y;
    return y;
  });
}

const toLufs = (power: number): number => -0.691 + 10 * Math.log10(power);

/** Integrated loudness in LUFS (ITU-R BS.1770-4: 400 ms blocks, both gates). */
function measureLoudness({ left, right }: Pcm): number {
  const block = 0.4 * sampleRate;
  const weighted = [left, right].map((channel) => applyBiquad(applyBiquad(channel, shelf), lowCut));
  const powers: number[] = [];
  for (let start = 0; start + block <= left.length; start += block / 4) {
    let energy = 0;
    for (const channel of weighted) {
      for (let index = start; index < start + block; index += 1) energy += (channel[index] ?? 0) ** 2;
    }
    powers.push(energy / block);
  }
  const meanAbove = (gateLufs: number): number => {
    const kept = powers.filter((power) => toLufs(power) > gateLufs);
    return kept.reduce((sum, power) => sum + power, 0) / Math.max(1, kept.length);
  };
  return toLufs(meanAbove(toLufs(meanAbove(-70)) - 10));
}

describe('the sounds of templates', () => {
  it.each(files)('%s is 48 kHz, 16-bit, stereo PCM', async (file) => {
    const bytes = await readFile(new URL(file, templates));
    expect(bytes.toString('latin1', 0, 16)).toMatch(/^RIFF....WAVEfmt $/s);
    expect([bytes.readUInt16LE(20), bytes.readUInt16LE(22), bytes.readUInt32LE(24)]).toEqual([1, 2, 48000]);
    expect(bytes.readUInt16LE(34)).toBe(16);
    expect(bytes.readUInt32LE(40)).toBe(bytes.length - 44);
  });

  it.each(files)('%s peaks near -3 dBFS, starts and ends in silence, has no direct current', async (file) => {
    const { left, right } = await read(file);
    let peak = 0;
    let sum = 0;
    for (const channel of [left, right]) {
      for (const sample of channel) {
        peak = Math.max(peak, Math.abs(sample));
        sum += sample;
      }
    }
    expect(20 * Math.log10(peak)).toBeLessThanOrEqual(-2.95);
    expect(20 * Math.log10(peak)).toBeGreaterThan(-4);
    expect([left[0], right[0], left.at(-1), right.at(-1)]).toEqual([0, 0, 0, 0]);
    expect(Math.abs(sum / (2 * left.length))).toBeLessThan(1 / 0x8000);
  });

  it.each(music)('%s lasts as long as its video or whole bars, between -18 and -16 LUFS', async (file) => {
    const sound = await read(file);
    const seconds = sound.left.length / sampleRate;
    const [least, most] = lengths.find(([name]) => file.startsWith(name))?.[1] ?? [0, 0];
    expect(seconds).toBeGreaterThanOrEqual(least);
    expect(seconds).toBeLessThanOrEqual(most);
    const loudness = measureLoudness(sound);
    expect(loudness).toBeGreaterThan(-18);
    expect(loudness).toBeLessThan(-16);
  });

  it('are measured as ITU-R BS.1770 says: a full-scale 997 Hz sine on one side is -3.01 LUFS', () => {
    const left = Float32Array.from({ length: 2 * sampleRate }, (_, index) =>
      Math.sin((2 * Math.PI * 997 * index) / sampleRate),
    );
    expect(measureLoudness({ left, right: new Float32Array(left.length) })).toBeCloseTo(-3.01, 1);
  });
});
