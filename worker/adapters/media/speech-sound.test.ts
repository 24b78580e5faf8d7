import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseWav, type Pcm, sampleRate, writeWav } from './wav.ts';
import { levelSpeech, speakClip, timeSpeech } from './speech-sound.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bespoke-speech-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Stretches of a hum and of silence, one after another, in seconds. */
function hum(...stretches: readonly (readonly [seconds: number, loudness: number])[]): Buffer {
  const parts = stretches.map(([seconds, loudness]) =>
    Float32Array.from(
      { length: seconds * sampleRate },
      (_, index) => loudness * Math.sin((2 * Math.PI * index) / 240),
    ),
  );
  const samples = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  return writeWav({ left: samples, right: samples });
}

async function read(file: string): Promise<Pcm> {
  const pcm = parseWav(await readFile(file));
  if (pcm === undefined) throw new Error('It is no WAV.');
  return pcm;
}

const rmsOf = (samples: Float32Array): number =>
  Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length);

const steepest = (samples: Float32Array): number =>
  samples.reduce((most, each, at) => Math.max(most, Math.abs(each - (samples[at - 1] ?? 0))), 0);

describe('speech that is kept', () => {
  it.each([0.01, 0.1, 0.9])('is equally loud, whether the voice is %f loud', async (loudness) => {
    const file = path.join(folder, `loud-${loudness}.wav`);
    await levelSpeech(hum([1, loudness]), file);
    const { left, right } = await read(file);
    expect(rmsOf(left)).toBeCloseTo(0.11, 2);
    expect(right).toEqual(left);
  });

  it('has no silence around it and does not click', async () => {
    const file = path.join(folder, 'trimmed.wav');
    const text = { said: 'Hi', text: 'Hi', language: 'en' };
    await levelSpeech(hum([1, 0], [1, 0.5], [2, 0]), file);
    const { seconds } = await timeSpeech(file, text);
    const { left } = await read(file);
    expect(seconds).toBeCloseTo(1.06, 1);
    expect(left.length / sampleRate).toBeCloseTo(seconds, 3);
    expect(Math.max(Math.abs(left[0] ?? 1), Math.abs(left.at(-1) ?? 1))).toBe(0);
    expect(steepest(left)).toBeLessThan(0.02);
  });

  it('times words between the pauses that are heard', async () => {
    const text = { said: 'One two, three. Four.', text: 'One two, three. Four.', language: 'en' };
    const sound = hum([2, 0.5], [0.4, 0], [0.5, 0.5], [0.3, 0], [1, 0.5]);
    const file = path.join(folder, 'timed.wav');
    await levelSpeech(sound, file);
    const { seconds, words } = await timeSpeech(file, text);
    expect(seconds).toBeCloseTo(4.23, 1);
    expect(words.map(({ text: word }) => word)).toEqual(['One', 'two,', 'three.', 'Four.']);
    const [one, two, three, four] = words;
    expect(one?.from).toBe(0);
    expect(two?.to).toBeCloseTo(2, 1);
    expect(three?.from).toBeCloseTo(2.4, 1);
    expect(three?.to).toBeCloseTo(2.9, 1);
    expect(four?.from).toBeCloseTo(3.2, 1);
  });
});

describe('the sound of a clip that speaks', () => {
  const line = async (name: string): Promise<string> => {
    const file = path.join(folder, name);
    await levelSpeech(hum([1, 0.5]), file);
    return file;
  };
  const heardIn = ({ left }: Pcm): string =>
    Array.from({ length: Math.floor(left.length / 4_800) }, (_, tenth) =>
      rmsOf(left.subarray(tenth * 4_800, (tenth + 1) * 4_800)) > 0.02 ? 1 : 0,
    ).join('');

  it('is as long as the clip, with what its components play', async () => {
    const played = path.join(folder, 'played.wav');
    await writeFile(played, hum([0.3, 0.1], [1.7, 0]));
    const file = path.join(folder, 'mixed.wav');
    const lines = [{ file: await line('a.wav'), fromFrame: 8, gain: 1 }];
    await speakClip({ fps: 10, durationInFrames: 20, from: 0, sound: played, lines }, file);
    expect(heardIn(await read(file))).toBe('11100000111111111100');
  });

  it('is cut from the whole scene for a part of it, without a gap', async () => {
    const lines = [{ file: await line('b.wav'), fromFrame: 8, gain: 1 }];
    const part = async (from: number, durationInFrames: number): Promise<Pcm> => {
      const file = path.join(folder, `part-${from}.wav`);
      await speakClip({ fps: 10, durationInFrames, from, sound: undefined, lines }, file);
      return read(file);
    };
    const [whole, first, second] = [await part(0, 20), await part(0, 12), await part(12, 8)];
    expect([...first.left, ...second.left]).toEqual([...whole.left]);
  });
});
