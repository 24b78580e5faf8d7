import { describe, expect, it } from 'vitest';
import { mixSamples, parseWav, type Pcm, softClip, writeWav } from './mix-path.ts';

const constant = (value: number, length: number): Pcm => ({
  left: new Float32Array(length).fill(value),
  right: new Float32Array(length).fill(-value),
});

const sounds: Readonly<Record<string, Pcm>> = {
  'music.wav': constant(0.25, 10_000),
  'chime.wav': constant(0.5, 4_800),
};

const soundOf = (file: string) => Promise.resolve(sounds[file] ?? constant(0, 0));

describe('a mix', () => {
  it('is exactly as long as its frames, and silent without sounds', async () => {
    const { left, right } = await mixSamples(
      { durationInFrames: 7, fps: 30, soundtrack: undefined, sounds: [] },
      soundOf,
    );
    expect([left.length, right.length]).toEqual([11_200, 11_200]);
    expect(left.every((sample) => sample === 0)).toBe(true);
  });

  it('loops music over its whole length and fades it to nothing', async () => {
    const soundtrack = { file: 'music.wav', gain: 2, fadeOutInFrames: 10 };
    const { left } = await mixSamples({ durationInFrames: 30, fps: 30, soundtrack, sounds: [] }, soundOf);
    expect(left.subarray(0, 32_000).every((sample) => Math.abs(sample - 0.5) < 1e-6)).toBe(true);
    expect(left[40_000]).toBeCloseTo(0.25, 3);
    expect(left.at(-1)).toBeLessThan(0.001);
  });

  it('starts a sound on its frame and cuts what outlasts the path', async () => {
    const { left, right } = await mixSamples(
      {
        durationInFrames: 10,
        fps: 10,
        soundtrack: undefined,
        sounds: [
          { file: 'chime.wav', atFrame: 3, gain: 0.5 },
          { file: 'chime.wav', atFrame: 9.5, gain: 1 },
        ],
      },
      soundOf,
    );
    expect([left[14_399], left[14_400], right[14_400], left[19_200]]).toEqual([0, 0.25, -0.25, 0]);
    expect([left[45_599], left[45_600], left[47_999]]).toEqual([0, 0.5, 0.5]);
  });

  it('bends what is too loud instead of cutting it', () => {
    expect(softClip(0.7)).toBe(0.7);
    expect(softClip(-5)).toBeGreaterThanOrEqual(-1);
    expect(softClip(1.2)).toBeGreaterThan(softClip(1.1));
  });
});

describe('WAV', () => {
  it('reads what it wrote', () => {
    const pcm = { left: Float32Array.of(0, 0.5, -0.5, 1), right: Float32Array.of(0.1, -1, 0, 0.25) };
    const back = parseWav(writeWav(pcm));
    expect(back?.left).toHaveLength(4);
    pcm.left.forEach((sample, index) => expect(back?.left[index]).toBeCloseTo(sample, 3));
    pcm.right.forEach((sample, index) => expect(back?.right[index]).toBeCloseTo(sample, 3));
  });

  it('leaves other files to the decoder', () => {
    expect(parseWav(Buffer.from('not a sound at all'))).toBeUndefined();
  });
});
