import { readdir, readFile, symlink } from 'node:fs/promises';
import { openBrowser, renderFrames } from '@remotion/renderer';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeMedia } from '../../worker/adapters/media/media.ts';
import { bundleOnce } from '../../worker/adapters/render/bundle.ts';
import { serveBundle } from '../../worker/adapters/render/bundle-server.ts';
import { ClipPage } from '../../worker/adapters/render/clip-page.ts';
import { findBrowser, writeBrowserScript } from '../../worker/adapters/render/find-browser.ts';
import { RenderingBrowser } from '../../worker/adapters/render/rendering-browser.ts';
import { decodeMark, type FrameMark } from '../fixtures/templates/frame-counter/frame-colour.ts';
import { sharedCache } from '../services/shared-cache.ts';
import { decodeFrames, probeFile } from './probe.ts';
import {
  makeClip,
  neverAborted,
  openDesk,
  projectRoot,
  type RenderingDesk,
  small,
  studioSources,
} from './render-project.ts';

const intro = makeClip({ template: 'frame-counter', scene: 'intro', durationInFrames: 15 });
const number = (name: string) =>
  makeClip({ template: 'frame-counter', scene: 'number', inputs: { name }, durationInFrames: 18 });

async function marks(file: string): Promise<readonly (FrameMark | undefined)[]> {
  const frames = await decodeFrames(file, 1, 1);
  return frames.map(([r = 0, g = 0, b = 0]) => {
    const mark = decodeMark({ r, g, b });
    // Rounding gives a negative zero, which is not the equal of zero to an expectation.
    return mark === undefined ? undefined : { ...mark, frame: mark.frame + 0, nameMark: mark.nameMark + 0 };
  });
}

const counted = (scene: FrameMark['scene'], length: number, nameMark: number): readonly FrameMark[] =>
  Array.from({ length }, (_, frame) => ({ scene, frame, nameMark }));

describe('clips', () => {
  let desk: RenderingDesk;

  beforeAll(async () => {
    desk = await openDesk();
    await Promise.all([
      desk.renderer.renderClip(intro, desk.file('intro.mp4'), neverAborted),
      desk.renderer.renderClip(number('Anna'), desk.file('anna.mp4'), neverAborted),
    ]);
    await desk.renderer.renderClip(number('Bo'), desk.file('bo.mp4'), neverAborted);
  });

  afterAll(() => desk.close());

  it('hold each frame once, in order', async () => {
    expect(await marks(desk.file('intro.mp4'))).toEqual(counted('intro', 15, 0));
    expect(await marks(desk.file('anna.mp4'))).toEqual(counted('number', 18, 0));
    expect(await marks(desk.file('bo.mp4'))).toEqual(counted('number', 18, 2));
  });

  it('share the parameters that joining without encoding needs', async () => {
    for (const name of ['intro.mp4', 'anna.mp4', 'bo.mp4']) {
      const { streams, packets } = await probeFile(desk.file(name));
      expect(streams).toHaveLength(1);
      expect(streams[0]).toMatchObject({
        codec_name: 'h264',
        profile: expect.stringMatching(/High|100/) as string,
        pix_fmt: 'yuv420p',
        color_range: 'tv',
        color_space: 'bt709',
        color_transfer: 'bt709',
        color_primaries: 'bt709',
        r_frame_rate: '15/1',
        width: 320,
        height: 180,
        time_base: '1/90000',
      });
      expect(packets[0]?.flags).toMatch(/^K/);
    }
  });

  it('are drawn alike by pages that drew others before', async () => {
    const { renderer, file } = desk;
    await renderer.renderClip(intro, file('again.mp4'), neverAborted);
    expect((await readFile(file('again.mp4'))).equals(await readFile(file('intro.mp4')))).toBe(true);
  });

  it('join frame by frame, with sound from the first frame to the last', async () => {
    const media = makeMedia();
    await media.mix(
      { durationInFrames: 51, fps: 15, soundtrack: undefined, sounds: [] },
      '/',
      desk.file('mix.m4a'),
    );
    const clips = ['intro.mp4', 'anna.mp4', 'bo.mp4'].map(desk.file);
    await media.assemble(clips, desk.file('mix.m4a'), desk.file('video.mp4'));

    expect(await marks(desk.file('video.mp4'))).toEqual([
      ...counted('intro', 15, 0),
      ...counted('number', 18, 0),
      ...counted('number', 18, 2),
    ]);
    const { streams, packets } = await probeFile(desk.file('video.mp4'));
    expect(streams.map((each) => [each.codec_name, Number(each.start_time), Number(each.duration)])).toEqual([
      ['h264', 0, 3.4],
      ['aac', 0, 3.4],
    ]);
    const pictures = packets.filter((packet) => packet.stream_index === 0);
    expect(pictures.map(({ pts }) => pts).sort((a, b) => a - b)).toEqual(
      pictures.map((_, index) => index * (57_600 / 15)),
    );
    pictures.slice(1).forEach(({ dts }, index) => expect(dts).toBeGreaterThan(pictures[index]?.dts ?? 0));
  });

  it('are laid out alike at any scale', async () => {
    const still = (scale: number) =>
      desk.renderer.renderStill(
        { ...number('Anna'), encoding: { ...small, scale } },
        7,
        desk.file(`${scale}.png`),
      );
    await still(1 / 3);
    await still(1);
    const sizeOf = async (scale: number) => {
      const { width, height } = await sharp(desk.file(`${scale}.png`)).metadata();
      return { width, height };
    };
    expect(await sizeOf(1 / 3)).toEqual({ width: 640, height: 360 });
    expect(await sizeOf(1)).toEqual({ width: 1920, height: 1080 });
  });
});

describe('frames', () => {
  it("are those of Remotion's own renderer, byte for byte", async () => {
    const found = await findBrowser({
      configured: undefined,
      root: projectRoot,
      cacheDirectory: sharedCache,
    });
    const bundle = await bundleOnce(studioSources, sharedCache);
    const desk = await openDesk();
    await symlink(sharedCache, desk.file('cache'));
    expect(await bundleOnce(studioSources, desk.file('cache')), 'however the cache is reached').toBe(bundle);
    const composition = 'frame-counter--number';
    const props = { inputs: { name: 'Anna' }, images: {}, format: '16:9' };
    const server = await serveBundle(bundle);
    const ours = await RenderingBrowser.launch(found, sharedCache);
    const browserExecutable = await writeBrowserScript(found, desk.file('browser'));
    const theirs = await openBrowser('chrome', { browserExecutable, logLevel: 'error' });
    try {
      await renderFrames({
        serveUrl: bundle,
        composition: {
          id: composition,
          width: 1920,
          height: 1080,
          fps: 15,
          durationInFrames: 18,
          props,
          defaultProps: {},
          defaultCodec: null,
          defaultOutName: null,
          defaultVideoImageFormat: null,
          defaultPixelFormat: null,
          defaultProResProfile: null,
          defaultSampleRate: null,
        },
        inputProps: {},
        frameRange: [4, 6],
        imageFormat: 'jpeg',
        jpegQuality: 90,
        outputDir: desk.folder,
        onStart: () => undefined,
        onFrameUpdate: () => undefined,
        puppeteerInstance: theirs,
        browserExecutable,
        logLevel: 'error',
      });
      const page = await ClipPage.open(ours, server.url, { width: 1920, height: 1080, scale: 1 });
      await page.mount({ composition, props, fps: 15, durationInFrames: 18 });
      const files = (await readdir(desk.folder)).filter((name) => name.endsWith('.jpeg')).sort();
      expect(files).toHaveLength(3);
      for (const [index, name] of files.entries()) {
        const { picture } = await page.draw(4 + index, { format: 'jpeg', quality: 90 });
        expect(picture.equals(await readFile(desk.file(name)))).toBe(true);
      }
    } finally {
      await theirs.close({ silent: true });
      await ours.kill();
      await server.close();
      await desk.close();
    }
  });
});
