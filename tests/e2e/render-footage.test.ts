import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { renderMedia, selectComposition } from '@remotion/renderer';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { quietly, runTool } from '../../worker/adapters/media/ffmpeg.ts';
import { type Pcm, writeWav } from '../../worker/adapters/media/wav.ts';
import { bundleOnce } from '../../worker/adapters/render/bundle.ts';
import { findBrowser } from '../../worker/adapters/render/find-browser.ts';
import { sharedCache } from '../services/shared-cache.ts';
import { decodeFrames, decodeSound } from './decode-video.ts';
import { makeClip, neverAborted, openDesk, projectRoot, type RenderingDesk } from './render-project.ts';

const entryPoint = path.join(projectRoot, 'tests/e2e/render-footage-studio.tsx');
const size = { width: 320, height: 180 };
const frames = 30;
const fps = 10;

/** Frames show their number as a grey. */
const greyOf = (frame: number): number => 10 + 8 * frame;

async function makeFootage(folder: string): Promise<void> {
  const pictures = Array.from({ length: frames }, (_, frame) => {
    const grey = greyOf(frame);
    return sharp({ create: { ...size, channels: 3, background: { r: grey, g: grey, b: grey } } });
  });
  const jpegs = await Promise.all(
    pictures.map((picture) => picture.clone().jpeg({ quality: 98 }).toBuffer()),
  );
  const target = (name: string) => path.join(folder, name);
  await runTool(
    'ffmpeg',
    [
      ...[...quietly, '-f', 'image2pipe', '-c:v', 'mjpeg', '-framerate', String(fps), '-i', 'pipe:0'],
      ...['-c:v', 'libx264', '-crf', '8', '-pix_fmt', 'yuv420p', target('count.mp4')],
    ],
    { input: Buffer.concat(jpegs) },
  );
  const gif = await Promise.all(pictures.map((picture) => picture.clone().resize(32, 18).png().toBuffer()));
  await sharp(gif, { join: { animated: true } })
    .gif({ delay: Array.from({ length: frames }, () => 1000 / fps), loop: 0 })
    .toFile(path.join(folder, 'count.gif'));
  await sharp({ create: { ...size, channels: 3, background: 'red' } }).toFile(
    path.join(folder, 'red dot.png'),
  );
  await writeFile(path.join(folder, 'tone.wav'), writeWav(tone(4)));
  const source = (name: string) => ['-i', path.join(folder, name)];
  await runTool('ffmpeg', [
    ...[
      ...quietly,
      ...source('count.mp4'),
      '-c:v',
      'libvpx-vp9',
      '-crf',
      '10',
      '-b:v',
      '0',
      '-cpu-used',
      '8',
    ],
    path.join(folder, 'count.webm'),
  ]);
  await runTool('ffmpeg', [
    ...[...quietly, ...source('count.mp4'), '-c:v', 'libx265', '-x265-params', 'log-level=none:crf=8'],
    ...['-tag:v', 'hvc1', target('hevc.mp4')],
  ]);
  const halves = await Promise.all(
    pictures.map(async (picture) => {
      const right = await picture.clone().resize(160, 180).png().toBuffer();
      const nothing = { ...size, channels: 4, background: '#0000' } as const;
      return sharp({ create: nothing })
        .composite([{ input: right, gravity: 'east' }])
        .png()
        .toBuffer();
    }),
  );
  await runTool(
    'ffmpeg',
    [
      ...[...quietly, '-f', 'image2pipe', '-c:v', 'png', '-framerate', String(fps), '-i', 'pipe:0'],
      ...['-c:v', 'libvpx-vp9', '-pix_fmt', 'yuva420p', '-crf', '10', '-b:v', '0', '-cpu-used', '8'],
      ...['-auto-alt-ref', '0', target('half.webm')],
    ],
    { input: Buffer.concat(halves) },
  );
  await sharp(halves, { join: { animated: true } })
    .webp({ lossless: true, delay: Array.from({ length: frames }, () => 1000 / fps), loop: 0 })
    .toFile(target('half.webp'));
  await runTool('ffmpeg', [
    ...[
      ...quietly,
      ...source('count.mp4'),
      ...source('tone.wav'),
      '-c:v',
      'copy',
      '-c:a',
      'aac',
      '-shortest',
    ],
    path.join(folder, 'speaking.mp4'),
  ]);
}

/** A tone of 440 Hz at a quarter of full scale. */
function tone(seconds: number): Pcm {
  const left = Float32Array.from(
    { length: seconds * 48_000 },
    (_, index) => 0.25 * Math.sin((2 * Math.PI * 440 * index) / 48_000),
  );
  return { left, right: left };
}

let templates: string;
let desk: RenderingDesk;
const footage = () => [{ id: 'footage', folder: path.join(templates, 'footage') }];

beforeAll(async () => {
  templates = await mkdtemp(path.join(tmpdir(), 'bespoke-footage-templates-'));
  const folder = path.join(templates, 'footage/public');
  await mkdir(folder, { recursive: true });
  await makeFootage(folder);
  desk = await openDesk({ entryPoint, templates: footage() });
});

afterAll(async () => {
  await desk.close();
  await rm(templates, { recursive: true, force: true });
});

const clipOf = (scene: string) => makeClip({ template: 'footage', scene, fps, durationInFrames: frames });

/** Draws a scene. @returns the number that each frame shows, and its sound's file. */
async function draw(scene: string) {
  const file = desk.file(`${scene}.mp4`);
  const sound = await desk.renderer.renderClip(clipOf(scene), file, neverAborted);
  const drawn = await decodeFrames(file, size);
  const at = (share: number) => 3 * Math.round(size.width * (size.height / 2 + share));
  const shown = drawn.map((frame) => Math.round(((frame[at(0.75)] ?? 0) - 10) / 8));
  const left = drawn.map((frame) => [...frame.subarray(at(0.25), at(0.25) + 3)]);
  return { sound, numbers: shown, left };
}

/** How loud each tenth of a second is. */
function levelsOf(samples: Float32Array): readonly number[] {
  return Array.from({ length: samples.length / 4_800 }, (_, index) => {
    const part = samples.subarray(4_800 * index, 4_800 * (index + 1));
    return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
  });
}

/** The sound of a scene as Remotion alone renders it. @returns a WAV. */
async function renderWithRemotion(scene: string): Promise<string> {
  const { executable } = await findBrowser({
    configured: undefined,
    root: projectRoot,
    cacheDirectory: sharedCache,
  });
  const bundle = path.join(templates, 'bundle');
  await cp(await bundleOnce({ entryPoint, root: projectRoot, templates: footage() }, sharedCache), bundle, {
    recursive: true,
  });
  await cp(path.join(templates, 'footage/public'), path.join(bundle, 'public'), { recursive: true });
  // Remotion looks for the source maps that comments of packages name.
  await writeFile(path.join(bundle, 'index.js.map'), '{"version":3,"sources":[],"names":[],"mappings":""}');
  const browserExecutable = executable;
  const composition = await selectComposition({
    serveUrl: bundle,
    id: `footage--${scene}`,
    browserExecutable,
  });
  const outputLocation = desk.file('remotion.wav');
  await renderMedia({
    serveUrl: bundle,
    composition,
    codec: 'wav',
    outputLocation,
    browserExecutable,
    logLevel: 'error',
  });
  return outputLocation;
}

const inOrder = Array.from({ length: frames }, (_, frame) => frame);

it.each(['video', 'offthread', 'hevc', 'vp9', 'gif', 'animated-image', 'lottie', 'three', 'see-through'])(
  '%s: each frame of the footage is there once',
  async (scene) => {
    expect((await draw(scene)).numbers).toEqual(inOrder);
  },
);

it.each(['see-through', 'animated-image'])('%s: what is transparent shows what lies below', async (scene) => {
  for (const [red = 0, green = 0, blue = 0] of (await draw(scene)).left) {
    expect(Math.max(red, green)).toBeLessThan(20);
    expect(blue).toBeGreaterThan(235);
  }
});

it('what nothing plays has no sound', async () => {
  expect((await draw('image')).sound).toBeUndefined();
});

it('the track of footage is heard from its first frame to the last', async () => {
  const { sound } = await draw('speaking');
  const samples = await decodeSound(sound ?? '');
  expect(samples).toHaveLength((frames / fps) * 48_000);
  const levels = levelsOf(samples);
  for (const level of levels) expect(level).toBeCloseTo(0.25 / Math.SQRT2, 1);
});

it('trims, loops, rates and volumes sound as in Remotion', async () => {
  const { sound } = await draw('mixed');
  const own = levelsOf(await decodeSound(sound ?? ''));
  const theirs = levelsOf(await decodeSound(await renderWithRemotion('mixed')));
  expect(Math.max(...own)).toBeGreaterThan(0.2);
  expect(own.map((level) => level.toFixed(4))).toEqual(theirs.map((level) => level.toFixed(4)));
});

it('an HTML5 video fails the clip at once, and the message names what to use instead', async () => {
  await expect(draw('html5')).rejects.toMatchObject({
    code: 'scene-failed',
    message: expect.stringMatching(/Html5Video.*@remotion\/media.*OffthreadVideo/) as string,
  });
});

it.each([
  ['missing', /nowhere\.wav/],
  ['remote', /example\.com/],
])('%s sound fails the clip and names the address', async (scene, address) => {
  await expect(draw(scene)).rejects.toMatchObject({
    code: 'scene-failed',
    message: expect.stringMatching(address) as string,
  });
});
