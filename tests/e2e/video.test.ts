import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { renderMedia, selectComposition } from '@remotion/renderer';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { bundleOnce } from '../../worker/adapters/render/bundle.ts';
import { findBrowser, writeBrowserScript } from '../../worker/adapters/render/find-browser.ts';
import type { OpenPipeline } from '../../worker/compose.ts';
import { qualities } from '../../worker/core/campaigns.ts';
import { decodeMark } from '../fixtures/templates/frame-counter/frame-colour.ts';
import { tone, toneSample } from '../fixtures/templates/frame-counter/tone.ts';
import { sharedCache } from '../services/shared-cache.ts';
import { decodeFrames, decodeSound, probeFile } from './decode-video.ts';
import { type Deployment, newDeployment, openDeployment, removeDeployment } from './deployment.ts';
import { studioSources } from './render-project.ts';
import { runCsv } from './run-csv.ts';

const draft = { width: 640, height: 360 };
const fps = 15;
const introFrames = 15;
const frameCount = 33;
const samplesPerFrame = tone.sampleRate / fps;

let deployment: Deployment;
let open: OpenPipeline;
let video: string;

beforeAll(async () => {
  deployment = await newDeployment('embedded', {
    redisUrl: inject('redisUrl'),
    postgresUrl: inject('postgresUrl'),
  });
  open = await openDeployment(deployment);
  const worker = await open.startWorker();
  const { folder } = deployment;
  // The second row joins a clip of its own with the intro that the first one had rendered.
  await runCsv(open.pipeline, { csv: 'a.csv', text: 'id,name\na,Anna\nb,Bo\n', folder });
  await worker.stop('drain');
  video = path.join(folder, 'out', 'videos', 'b.mp4');
});
afterAll(async () => {
  await open.close();
  await removeDeployment(deployment);
});

const mean = (values: Iterable<number>): number => {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    sum += value;
    count += 1;
  }
  return sum / count;
};

describe('a video put together from clips', () => {
  it('has the parameters that every player knows', async () => {
    const { streams, format } = await probeFile(video);
    expect(streams).toHaveLength(2);
    // This ffprobe is built without names of profiles: 100 is High.
    expect(streams[0]).toMatchObject({
      ...{ codec_type: 'video', codec_name: 'h264', profile: '100', pix_fmt: 'yuv420p', ...draft },
      ...{ color_range: 'tv', color_space: 'bt709', color_primaries: 'bt709', color_transfer: 'bt709' },
      ...{ r_frame_rate: '15/1', nb_frames: String(frameCount) },
    });
    expect(Number(streams[0]?.duration)).toBeCloseTo(2.2, 3);
    expect(streams[1]).toMatchObject({
      ...{ codec_type: 'audio', codec_name: 'aac', sample_rate: '48000', channels: 2 },
    });
    expect(Number(streams[1]?.duration)).toBeCloseTo(2.2, 1);
    expect(Number(format.duration)).toBeGreaterThanOrEqual(2.2);
    expect(Number(format.duration)).toBeLessThan(2.25);
  });

  it('has timestamps that only grow, frame by frame, and can be entered at each clip', async () => {
    const { packets, streams } = await probeFile(video);
    const frames = packets.filter((packet) => packet.stream_index === 0);
    expect(frames).toHaveLength(frameCount);
    const decoded = frames.map(({ dts }) => dts);
    expect(decoded).toEqual([...decoded].sort((a, b) => a - b));
    expect(new Set(decoded).size).toBe(frameCount);
    const shown = frames.map(({ pts }) => pts).sort((a, b) => a - b);
    expect(shown).toEqual(
      Array.from({ length: frameCount }, (_, index) => (shown[0] ?? 0) + index * (57_600 / 15)),
    );
    expect(Math.abs(Number(streams[0]?.start_time))).toBeLessThan(0.001);
    const keys = frames.filter(({ flags }) => flags.startsWith('K')).map(({ pts }) => pts - (shown[0] ?? 0));
    expect(keys).toEqual([0, introFrames * (57_600 / 15)]);

    const sound = packets.filter((packet) => packet.stream_index === 1).map(({ pts }) => pts);
    expect(sound.slice(1).map((pts, index) => pts - (sound[index] ?? 0))).toEqual(
      Array.from({ length: sound.length - 1 }, () => 1024),
    );
  });

  it('shows every frame once and in order, across the joint too', async () => {
    const marks = (await decodeFrames(video, draft)).map((frame) => {
      const at = (180 * draft.width + 320) * 3;
      return decodeMark({ r: frame[at] ?? 0, g: frame[at + 1] ?? 0, b: frame[at + 2] ?? 0 });
    });
    expect(marks).toEqual([
      ...Array.from({ length: introFrames }, (_, frame) => ({ scene: 'intro', frame, nameMark: 0 })),
      ...Array.from({ length: 18 }, (_, frame) => ({ scene: 'number', frame, nameMark: 2 })),
    ]);
  });

  it('is the same, frame by frame, as one whole render by Remotion', async () => {
    const configured = process.env.BESPOKE_BROWSER;
    const browser = await findBrowser({ configured, root: studioSources.root, cacheDirectory: sharedCache });
    const { crf, preset, jpegQuality, scale } = qualities.draft;
    const inputProps = { record: { name: 'Bo' }, images: {}, format: '16:9', asOf: '2026-11-22' };
    const common = {
      serveUrl: await bundleOnce(studioSources, sharedCache),
      browserExecutable: await writeBrowserScript(browser, path.join(deployment.folder, 'browser')),
      inputProps,
      logLevel: 'error',
    } as const;
    const whole = path.join(deployment.folder, 'whole', 'b.mp4');
    await mkdir(path.dirname(whole));
    await renderMedia({
      ...common,
      composition: await selectComposition({ ...common, id: 'frame-counter-16x9' }),
      ...{ outputLocation: whole, codec: 'h264', colorSpace: 'bt709', pixelFormat: 'yuv420p', muted: true },
      ...{ crf, x264Preset: preset, jpegQuality, scale, imageFormat: 'jpeg', concurrency: 1 },
    });
    const [expected, seen] = await Promise.all([decodeFrames(whole, draft), decodeFrames(video, draft)]);
    expect(seen).toHaveLength(expected.length);
    const differences = seen.map((frame, index) =>
      mean(frame.map((value, at) => Math.abs(value - (expected[index]?.[at] ?? 0)))),
    );
    expect(Math.max(...differences)).toBeLessThan(2);
  });
});

describe('its sound', () => {
  it('is the tone itself, sample by sample, without silence or click at the joint', async () => {
    const sound = await decodeSound(video);
    expect(sound.length).toBeGreaterThanOrEqual(frameCount * samplesPerFrame);
    const fadeStart = (frameCount - 3) * samplesPerFrame;
    const joint = introFrames * samplesPerFrame;

    // Any silence, repetition or delay of a sample or more would show as a difference from the tone.
    const errors = sound.slice(0, fadeStart).map((sample, index) => Math.abs(sample - toneSample(index)));
    expect(Math.max(...errors.slice(2_048))).toBeLessThan(0.02);
    expect(Math.max(...errors.slice(joint - 4_096, joint + 4_096))).toBeLessThan(0.02);
    expect(Math.max(...errors.slice(0, 2_048))).toBeLessThan(0.1);
  });

  it('fades to silence with the last frame', async () => {
    const sound = await decodeSound(video);
    const loudest = (from: number, to: number) =>
      Math.max(
        ...sound.slice(from * samplesPerFrame, to * samplesPerFrame).map((sample) => Math.abs(sample)),
      );
    expect(loudest(29, 30)).toBeGreaterThan(0.45);
    expect(loudest(31, 31.1)).toBeLessThan(loudest(30, 30.1));
    expect(loudest(32.9, 33)).toBeLessThan(0.05);
  });
});
