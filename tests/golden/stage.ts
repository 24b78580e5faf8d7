import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { frameSize } from '../../video/story/format.ts';
import type { Fixture } from '../../video/story/fixtures.ts';
import { sampleImageHash } from '../../video/story/samples.ts';
import { makeRemotionRenderer } from '../../worker/adapters/render/remotion-renderer.ts';
import { shippedTemplates } from '../fixtures/shipped-templates.ts';
import type { ClipRender } from '../../worker/core/ports.ts';

/** One frame of a clip. */
export interface Shot extends Omit<ClipRender, 'encoding'> {
  readonly frame: number;
}

export interface Stage {
  /** Draws as the pipeline draws. @param longSide of the picture, in pixels. @returns PNG. */
  readonly shoot: (shot: Shot, longSide: number) => Promise<Buffer>;
  readonly close: () => Promise<void>;
}

/** Local files of a fixture's pictures by the hash that its path names. */
export function fixtureImages(directory: string, fixture: Fixture): Shot['images'] {
  return Object.fromEntries(
    Object.values(fixture.images).map((file) => [
      sampleImageHash(file),
      fileURLToPath(new URL(`fixtures/${file}`, directory)),
    ]),
  );
}

/**
 * Opens the pipeline's renderer on a studio's compositions: one bundle, one browser for all shots.
 *
 * @param entryPoint absolute; default: the templates' studio.
 */
export async function openStage(entryPoint?: string): Promise<Stage> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bespoke-golden-'));
  const renderer = makeRemotionRenderer({
    cacheDirectory: path.resolve('node_modules/.cache/bespoke'),
    browser: process.env.BESPOKE_BROWSER,
    entryPoint,
    templates: shippedTemplates,
    clipTimeLimitMs: 60_000,
  });
  let shots = 0;
  return {
    shoot: async ({ frame, ...clip }, longSide) => {
      const { width, height } = frameSize(clip.format);
      const file = path.join(folder, `${(shots += 1)}.png`);
      const scale = longSide / Math.max(width, height);
      const encoding = { scale, crf: 18, preset: 'veryfast', jpegQuality: 90 } as const;
      await renderer.renderStill({ ...clip, encoding }, frame, file);
      return readFile(file);
    },
    close: async () => {
      await renderer.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
