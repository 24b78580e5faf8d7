import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { measureLoudness, measurePeak } from './loudness.ts';
import { makeSine } from './oscillators.ts';
import { makeChime } from './pieces/scene-sounds.ts';
import { noteFrequency } from './score.ts';
import { sounds } from './sounds.ts';
import { createStereo, sampleRate, type Stereo } from './stereo.ts';
import { encodeWav } from './wav.ts';

const root = new URL('../../', import.meta.url);
const headerBytes = 44;

async function readPcm(path: string): Promise<Int16Array> {
  const bytes = await readFile(new URL(path, root));
  return new Int16Array(new Uint8Array(bytes.subarray(headerBytes)).buffer);
}

function toStereo(samples: Int16Array): Stereo {
  const sound = createStereo(samples.length / 2 / sampleRate);
  sound.left.forEach((_, index) => {
    sound.left[index] = samples[index * 2]! / 32767;
    sound.right[index] = samples[index * 2 + 1]! / 32767;
  });
  return sound;
}

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const decibels = (ratio: number): number => 20 * Math.log10(ratio);
const paths = Object.keys(sounds);
const music = paths.filter((path) => path.endsWith('music.wav'));
const effects = paths.filter((path) => !path.endsWith('music.wav'));

/** Seconds; the tour's music goes round, and a bar of it is 2.4 s. */
const lengths = [
  ['year-in-review', [24, 26]],
  ['renewal-offer', [15, 16]],
  ['product-tour', [28.8, 28.8]],
] as const;

describe('sound files', () => {
  it.each(paths)('%s is 48 kHz, 16-bit, stereo PCM', async (path) => {
    const bytes = await readFile(new URL(path, root));
    expect(bytes.toString('latin1', 0, 16)).toMatch(/^RIFF....WAVEfmt $/s);
    expect([bytes.readUInt16LE(20), bytes.readUInt16LE(22), bytes.readUInt32LE(24)]).toEqual([1, 2, 48000]);
    expect(bytes.readUInt16LE(34)).toBe(16);
    expect(bytes.readUInt32LE(40)).toBe(bytes.length - headerBytes);
  });

  it.each(paths)('%s peaks near -3 dBFS, starts and ends in silence, has no direct current', async (path) => {
    const samples = await readPcm(path);
    const peak = decibels(measurePeak(toStereo(samples)));
    expect(peak).toBeLessThanOrEqual(-2.95);
    expect(peak).toBeGreaterThan(-4);
    expect([...samples.slice(0, 2), ...samples.slice(-2)]).toEqual([0, 0, 0, 0]);
    expect(Math.abs(samples.reduce((sum, sample) => sum + sample, 0) / samples.length)).toBeLessThan(1);
  });

  it.each(music)('%s lasts as long as its video, between -18 and -16 LUFS', async (path) => {
    const sound = toStereo(await readPcm(path));
    const seconds = sound.left.length / sampleRate;
    const [least, most] = lengths.find(([name]) => path.includes(name))?.[1] ?? [0, 0];
    expect(seconds).toBeGreaterThanOrEqual(least);
    expect(seconds).toBeLessThanOrEqual(most);
    const loudness = measureLoudness(sound);
    expect(loudness).toBeGreaterThan(-18);
    expect(loudness).toBeLessThan(-16);
  });

  it.each(effects)('%s is what the script makes', async (path) => {
    const stored = await readPcm(path);
    const made = new Int16Array(encodeWav(sounds[path]!()).buffer, headerBytes);
    expect(made.length).toBe(stored.length);
    const difference = made.reduce(
      (most, sample, index) => Math.max(most, Math.abs(sample - stored[index]!)),
      0,
    );
    expect(difference).toBeLessThanOrEqual(1);
  });
});

describe('synthesis', () => {
  it('gives the same bytes each time', () => {
    const [first, second] = [makeChime(['D5', 'A5']), makeChime(['D5', 'A5'])].map(encodeWav).map(hash);
    expect(first).toBe(second);
    expect(hash(encodeWav(makeChime(['D5', 'B5'])))).not.toBe(first);
  });

  it('measures a full-scale 997 Hz sine on one side at -3.01 LUFS, as ITU-R BS.1770 says', () => {
    const sound = createStereo(2);
    const sine = makeSine();
    sound.left.forEach((_, index) => (sound.left[index] = sine(997)));
    expect(measureLoudness(sound)).toBeCloseTo(-3.01, 1);
  });

  it('reads note names and refuses others', () => {
    expect(noteFrequency('A4')).toBe(440);
    expect(noteFrequency('Eb4')).toBeCloseTo(311.13, 2);
    expect(() => noteFrequency('H4')).toThrow(RangeError);
  });
});
