import { describe, expect, it } from 'vitest';
import { softClip } from './lay-sounds.ts';
import { mixSamples } from './mix-path.ts';
import { parseWav, type Pcm, writeWav } from './wav.ts';

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

/** Root mean square of a stretch, in seconds. */
function levelOf({ left }: Pcm, from: number, to: number): number {
  const part = left.subarray(from * 48_000, to * 48_000);
  return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
}

const steepest = ({ left }: Pcm): number =>
  left.reduce((most, sample, index) => Math.max(most, Math.abs(sample - (left[index - 1] ?? 0))), 0);

const tone = (hertz: number, seconds: number): Pcm => {
  const samples = new Float32Array(seconds * 48_000).map(
    (_, at) => 0.5 * Math.sin((2 * Math.PI * hertz * at) / 48_000),
  );
  return { left: samples, right: samples };
};

const files: Readonly<Record<string, Pcm>> = { 'hum.wav': tone(200, 10), 'word.wav': tone(2000, 1) };
const fileOf = (file: string) => Promise.resolve(files[file] ?? constant(0, 0));
const full = 0.5 / Math.SQRT2;

describe('music under speech', () => {
  const soundtrack = { file: 'hum.wav', gain: 1, fadeOutInFrames: 0, underSpeech: 0.25 };
  const base = { durationInFrames: 100, fps: 10, soundtrack, sounds: [] };

  it('is low while voices speak and in the short pauses between them, and comes and goes without a click', async () => {
    const speech = [
      { fromFrame: 40, toFrame: 50 },
      { fromFrame: 20, toFrame: 35 },
    ];
    const mixed = await mixSamples({ ...base, speech }, fileOf);
    for (const [from, to] of [
      [0, 1.75],
      [5.25, 10],
    ] as const)
      expect(levelOf(mixed, from, to)).toBeCloseTo(full, 2);
    expect(levelOf(mixed, 2, 5)).toBeCloseTo(full / 4, 2);
    for (const from of [1.75, 5])
      expect(levelOf(mixed, from + 0.1, from + 0.15)).toBeCloseTo((full * 5) / 8, 1);
    expect(steepest(mixed)).toBeLessThanOrEqual(steepest(tone(200, 1)) + 1e-6);
  });

  it('comes back in a pause of more than a second', async () => {
    const speech = [
      { fromFrame: 10, toFrame: 20 },
      { fromFrame: 40, toFrame: 50 },
    ];
    const mixed = await mixSamples({ ...base, speech }, fileOf);
    expect(levelOf(mixed, 2.3, 3.7)).toBeCloseTo(full, 2);
  });

  it('is lowered under files that are voices, as long as they last, and under no others', async () => {
    const word = { file: 'word.wav', gain: 0, atFrame: 50 };
    const under = await mixSamples({ ...base, sounds: [{ ...word, voice: true }] }, fileOf);
    expect(levelOf(under, 5, 6)).toBeCloseTo(full / 4, 2);
    expect(levelOf(under, 6.3, 10)).toBeCloseTo(full, 2);
    expect(levelOf(await mixSamples({ ...base, sounds: [word] }, fileOf), 5, 6)).toBeCloseTo(full, 2);
  });
});

describe('a sound that is played in part', () => {
  const play = (sound: object, durationInFrames = 100) =>
    mixSamples(
      {
        ...{ durationInFrames, fps: 10, soundtrack: undefined },
        sounds: [{ file: 'hum.wav', atFrame: 10, gain: 1, ...sound }],
      },
      fileOf,
    );

  it('starts on its frame, ends where it was cut, and clicks nowhere', async () => {
    const mixed = await play({ trim: { from: 0.5012, to: 2.2513 } });
    expect(levelOf(mixed, 0, 1)).toBe(0);
    expect(levelOf(mixed, 1.05, 2.7)).toBeCloseTo(full, 2);
    expect(levelOf(mixed, 2.78, 10)).toBe(0);
    expect(steepest(mixed)).toBeLessThan(0.03);
  });

  it('is repeated as long as was asked, without a click where it begins again', async () => {
    const mixed = await play({ trim: { from: 0.1, to: 0.8031 }, loopInFrames: 50 });
    expect(levelOf(mixed, 1.05, 5.95)).toBeCloseTo(full, 1);
    expect(levelOf(mixed, 6.01, 10)).toBe(0);
    expect(steepest(mixed)).toBeLessThan(0.05);
  });

  it('fades in and out', async () => {
    const mixed = await play({ trim: { to: 4 }, fadeInInFrames: 10, fadeOutInFrames: 20 });
    expect(levelOf(mixed, 1, 1.1)).toBeLessThan(0.05);
    expect(levelOf(mixed, 1.49, 1.51)).toBeCloseTo(full / 2, 1);
    expect(levelOf(mixed, 2, 3)).toBeCloseTo(full, 2);
    expect(levelOf(mixed, 3.99, 4.01)).toBeCloseTo(full / 2, 1);
    expect(levelOf(mixed, 4.9, 5)).toBeLessThan(0.05);
  });

  it('is music too: a part of it repeated, faded in', async () => {
    const soundtrack = {
      file: 'hum.wav',
      gain: 1,
      fadeOutInFrames: 10,
      fadeInInFrames: 20,
      trim: { from: 9 },
    };
    const mixed = await mixSamples({ durationInFrames: 100, fps: 10, soundtrack, sounds: [] }, fileOf);
    expect(levelOf(mixed, 0.99, 1.01)).toBeCloseTo(full / 2, 1);
    expect(levelOf(mixed, 2, 9)).toBeCloseTo(full, 2);
    expect(steepest(mixed)).toBeLessThan(0.05);
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
