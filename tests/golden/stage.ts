import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { bundle } from '@remotion/bundler';
import { openBrowser, renderStill } from '@remotion/renderer';
import { sampleImageHash } from '../../video/studio/samples.ts';
import { frameSizes, type Format } from '../../video/story/format.ts';
import type { Fixture } from '../../video/story/template.ts';
import { browserExecutable } from '../browser/browser-executable.ts';

/** One frame of a scene. */
export interface Shot {
  readonly template: string;
  readonly scene: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly images: Readonly<Record<string, string>>;
  readonly format: Format;
  readonly fps: number;
  readonly durationInFrames: number;
  readonly frame: number;
}

export interface Stage {
  /** @param longSide of the picture, in pixels. @returns PNG. */
  readonly shoot: (shot: Shot, longSide: number) => Promise<Buffer>;
  readonly close: () => Promise<void>;
}

/** A fixture's pictures as `data:` URLs by the hash that its path names. */
export async function fixtureImages(directory: string, fixture: Fixture): Promise<Shot['images']> {
  const entries = Object.values(fixture.images).map(async (file) => {
    const type = file.endsWith('.png') ? 'image/png' : 'image/jpeg';
    const bytes = await readFile(new URL(`fixtures/${file}`, directory));
    return [sampleImageHash(file), `data:${type};base64,${bytes.toString('base64')}`] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Lets so many tasks run at once, the others wait in line. */
function limit(atOnce: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= atOnce) await new Promise<void>((go) => waiting.push(go));
    running += 1;
    try {
      return await task();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}

/** Bundles a studio entry once and keeps one browser open. */
export async function openStage(entryPoint: string): Promise<Stage> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bespoke-golden-'));
  const publicDir = path.join(folder, 'public');
  await mkdir(publicDir);
  const serveUrl = await bundle({
    entryPoint,
    outDir: path.join(folder, 'bundle'),
    publicDir,
    rootDir: process.cwd(),
  });
  const executable = browserExecutable();
  const chromeMode = path.basename(executable).includes('headless') ? 'headless-shell' : 'chrome-for-testing';
  const browser = await openBrowser('chrome', { browserExecutable: executable, chromeMode });
  const inLine = limit(3);
  const shoot: Stage['shoot'] = async (
    { template, scene, inputs, images, format, fps, durationInFrames, frame },
    longSide,
  ) => {
    const size = frameSizes[format];
    const props = { inputs, images, format };
    const { buffer } = await renderStill({
      serveUrl,
      composition: {
        id: `${template}--${scene}`,
        ...size,
        fps,
        durationInFrames,
        props,
        defaultProps: props,
        defaultCodec: null,
        defaultOutName: null,
        defaultVideoImageFormat: null,
        defaultPixelFormat: null,
        defaultProResProfile: null,
        defaultSampleRate: null,
      },
      inputProps: props,
      frame,
      scale: longSide / Math.max(size.width, size.height),
      imageFormat: 'png',
      puppeteerInstance: browser,
      browserExecutable: executable,
      chromeMode,
      logLevel: 'error',
    });
    if (buffer === null) throw new Error('Remotion gave no picture.');
    return buffer;
  };
  return {
    shoot: (shot, longSide) => inLine(() => shoot(shot, longSide)),
    close: async () => {
      await browser.close({ silent: true });
      if (existsSync(folder)) await rm(folder, { recursive: true });
    },
  };
}
