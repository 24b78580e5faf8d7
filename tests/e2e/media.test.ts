import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Still } from '../../video/story/path.ts';
import { runTool } from '../../worker/adapters/media/ffmpeg.ts';
import { makeMedia } from '../../worker/adapters/media/media.ts';
import { parseWav, sampleRate, writeWav } from '../../worker/adapters/media/wav.ts';
import { ClipEncoder } from '../../worker/adapters/render/clip-encoder.ts';
import { decodeFrames, probeFile } from './probe.ts';
import { readFragments } from './read-fragments.ts';

const media = makeMedia();
const fps = 30;
const framesPerClip = 20;
let folder: string;
const file = (name: string): string => path.join(folder, name);

/** A clip from pictures that `draw` makes. */
async function encode(
  name: string,
  frames: number,
  draw: (frame: number) => Promise<Buffer>,
): Promise<string> {
  const encoder = new ClipEncoder(
    { scale: 1, crf: 12, preset: 'veryfast', jpegQuality: 95 },
    fps,
    file(name),
  );
  for (let frame = 0; frame < frames; frame += 1) await encoder.write(await draw(frame));
  await encoder.finish();
  return file(name);
}

const grey = (level: number): Promise<Buffer> =>
  sharp({ create: { width: 64, height: 36, channels: 3, background: { r: level, g: level, b: level } } })
    .jpeg({ quality: 95 })
    .toBuffer();

const noise = (): Promise<Buffer> =>
  sharp({
    create: {
      width: 640,
      height: 360,
      channels: 3,
      background: '#000000',
      noise: { type: 'gaussian', mean: 128, sigma: 80 },
    },
  })
    .jpeg({ quality: 95 })
    .toBuffer();

/** Loudness of each hundredth of a second. */
function loudness(samples: Float32Array): readonly number[] {
  const window = sampleRate / 100;
  return Array.from({ length: Math.floor(samples.length / window) }, (_, index) => {
    const part = samples.subarray(index * window, (index + 1) * window);
    return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / window);
  });
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bespoke-media-'));
  await mkdir(file('sounds'));
  const tone = new Float32Array(sampleRate).map(
    (_, at) => 0.5 * Math.sin((2 * Math.PI * 500 * at) / sampleRate),
  );
  await writeFile(file('sounds/tone.wav'), writeWav({ left: tone, right: tone }));
  const clips = [0, 1, 2].map((clip) =>
    encode(`clip-${clip}.mp4`, framesPerClip, (frame) => grey(20 + 3 * (clip * framesPerClip + frame))),
  );
  const soundtrack = { file: 'tone.wav', gain: 1, fadeOutInFrames: 6 };
  await media.mix({ durationInFrames: 60, fps, soundtrack, sounds: [] }, folder, file('mix.m4a'));
  await media.assemble(await Promise.all(clips), file('mix.m4a'), file('video.mp4'));
});

afterAll(() => rm(folder, { recursive: true }));

describe('an assembled video', () => {
  it('shows every frame of its clips once, in order', async () => {
    const levels = (await decodeFrames(file('video.mp4'), 1, 1)).map(([level = 0]) => level);
    expect(levels).toHaveLength(60);
    levels.forEach((level, frame) => expect(Math.abs(level - (20 + 3 * frame))).toBeLessThanOrEqual(1));
  });

  it('sounds from its first moment, and across joints without gap or click', async () => {
    const wav = await runTool('ffmpeg', [
      '-v',
      'error',
      '-i',
      file('video.mp4'),
      '-vn',
      '-f',
      'wav',
      'pipe:1',
    ]);
    const heard = parseWav(wav)?.left ?? new Float32Array();
    const windows = loudness(heard.subarray(0, 2 * sampleRate));
    const steady = 0.5 / Math.SQRT2;
    const beforeFade = windows.slice(1, 178);
    expect(windows[0]).toBeGreaterThan(0.3);
    for (const level of beforeFade) expect(Math.abs(level - steady)).toBeLessThan(0.01);
    // A click is a jump that the tone itself never makes.
    const steepest = (0.5 * 2 * Math.PI * 500) / sampleRate;
    for (let at = sampleRate / 100; at < 1.78 * sampleRate; at += 1) {
      expect(Math.abs((heard[at] ?? 0) - (heard[at - 1] ?? 0))).toBeLessThan(steepest * 1.3);
    }
    expect(windows.at(-1)).toBeLessThan(0.03);
  });

  it('has streams of the same length from the same moment, and an index that comes first', async () => {
    const { streams } = await probeFile(file('video.mp4'));
    expect(streams.map(({ start_time, duration }) => [Number(start_time), Number(duration)])).toEqual([
      [0, 2],
      [0, 2],
    ]);
    const bytes = await readFile(file('video.mp4'));
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
  });
});

describe('a clip', () => {
  it('is fragments that Media Source can append: frames from 0 on, without an edit list', async () => {
    // Pictures that change slowly, so that some are encoded from later ones.
    await encode('slow.mp4', 300, (frame) => grey(frame / 2));
    const bytes = await readFile(file('slow.mp4'));
    const { boxes, frames } = readFragments(bytes);
    expect(boxes.slice(0, 3)).toEqual(['ftyp', 'moov', 'sidx']);
    expect(boxes.slice(3)).toEqual([...boxes.slice(3, -1).map((_, at) => ['moof', 'mdat'][at % 2]), 'mfra']);
    expect(bytes.includes('edts')).toBe(false);
    expect(frames.some(({ decodedAt, shownAt }) => decodedAt > shownAt)).toBe(true);
    expect(frames[0]).toEqual({ decodedAt: 0, shownAt: 0 });
    expect(frames.map(({ shownAt }) => shownAt).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 300 }, (_, frame) => frame * 3000),
    );
  });
});

describe('pictures', () => {
  const strip = (video: string, still: Still): Promise<void> =>
    media.takeStill(file(video), still, fps, file('strip.jpg'));

  it('take exactly the frame that was asked for', async () => {
    for (const frame of [0, 19, 20, 59]) {
      await media.takeStill(file('video.mp4'), { kind: 'poster', frame }, fps, file('poster.jpg'));
      const poster = sharp(await readFile(file('poster.jpg')));
      const { channels } = await poster.stats();
      expect(Math.abs((channels[0]?.mean ?? 0) - (20 + 3 * frame))).toBeLessThan(2);
      expect((await poster.metadata()).format).toBe('jpeg');
    }
  });

  it('animate a range', async () => {
    await strip('video.mp4', { kind: 'strip', fromFrame: 10, count: 10, step: 3 });
    await media.teaser([{ file: file('strip.jpg'), count: 10 }], fps / 3, file('teaser.gif'));
    const { format, pages, delay, loop } = await sharp(await readFile(file('teaser.gif'))).metadata();
    expect({ format, loop }).toEqual({ format: 'gif', loop: 0 });
    const seconds = (delay ?? []).reduce((sum, each) => sum + each, 0) / 1000;
    expect(pages).toBeGreaterThan(5);
    expect(seconds).toBeCloseTo(1, 1);
  });

  /** Moves into a picture, so that every pixel changes from frame to frame. */
  async function moveInto(picture: string, frames: number): Promise<readonly Buffer[]> {
    const { width, height } = await sharp(picture).metadata();
    const taken = Array.from({ length: frames }, (_, index) => {
      const [left, top] = [Math.floor((width * index) / 200), Math.floor((height * index) / 200)];
      return sharp(picture)
        .extract({ left, top, width: width - 2 * left, height: height - 2 * top })
        .resize({ width: 960, height: 960, fit: 'inside' })
        .jpeg()
        .toBuffer();
    });
    return Promise.all(taken);
  }

  it.each([
    'tests/golden/frames/product-tour/scene-night.png',
    'tests/golden/frames/renewal-offer/poster-1x1.png',
    'tests/golden/frames/year-in-review/poster-16x9.png',
  ])('stay under 1 MB and close to their best size in motion: %s', async (picture) => {
    const frames = await moveInto(picture, 30);
    const still: Still = { kind: 'strip', fromFrame: 0, count: 30, step: 1 };
    const collector = media.collectStills([still]);
    // A clip may break off and be drawn once more from its beginning.
    frames.slice(0, 10).forEach((jpeg, frame) => collector.take(frame, jpeg));
    frames.forEach((jpeg, frame) => collector.take(frame, jpeg));
    await collector.write(still, file('moving.jpg'));
    await media.teaser([{ file: file('moving.jpg'), count: 30 }], 10, file('moving.gif'));
    const {
      width,
      height,
      pages,
      pageHeight = height,
      size,
    } = await sharp(await readFile(file('moving.gif'))).metadata();
    expect(size).toBeLessThan(1_000_000);
    expect(Math.max(width, pageHeight)).toBeGreaterThanOrEqual(400);
    expect(pages).toBe(30);
  });

  it('stay under 1 MB even of noise', async () => {
    await encode('noise.mp4', 60, noise);
    await strip('noise.mp4', { kind: 'strip', fromFrame: 0, count: 60, step: 1 });
    await media.teaser([{ file: file('strip.jpg'), count: 60 }], 10, file('noise.gif'));
    expect((await stat(file('noise.gif'))).size).toBeLessThan(1_000_000);
  });
});

describe('what cannot be done', () => {
  it('is said without the tool outliving it', async () => {
    await expect(media.assemble([file('none.mp4')], file('mix.m4a'), file('x.mp4'))).rejects.toMatchObject({
      code: 'media-failed',
    });
    const abort = new AbortController();
    const waiting = runTool('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'anullsrc', '-f', 'null', '-'], {
      signal: abort.signal,
    });
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});
