import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  makeRemotionRenderer,
  type RemotionRenderer,
  type RendererOptions,
} from '../../worker/adapters/render/remotion-renderer.ts';
import type { ClipRender, Encoding } from '../../worker/core/ports.ts';
import { testTemplates } from '../fixtures/templates/registry.ts';
import { sharedCache } from '../services/shared-cache.ts';

export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
export const troubleEntry = path.join(projectRoot, 'tests/e2e/render-trouble-studio.tsx');
export const loopingEntry = path.join(projectRoot, 'tests/e2e/render-looping-studio.ts');

/** What the tests' studio is bundled from. */
export const studioSources = { templates: testTemplates, root: projectRoot };

/** A sixth of each side: 320 by 180. */
export const small: Encoding = { scale: 1 / 6, crf: 18, preset: 'veryfast', jpegQuality: 95 };

export function makeClip(clip: Partial<ClipRender> & Pick<ClipRender, 'template' | 'scene'>): ClipRender {
  return {
    inputs: {},
    images: {},
    format: '16:9',
    fps: 15,
    durationInFrames: 10,
    encoding: small,
    ...clip,
  };
}

export const neverAborted = new AbortController().signal;

export interface RenderingDesk {
  readonly folder: string;
  readonly file: (name: string) => string;
  readonly renderer: RemotionRenderer;
  readonly close: () => Promise<void>;
}

/** A renderer with a folder of its own; bundles are shared by all tests of one run. */
export async function openDesk(options: Partial<RendererOptions> = {}): Promise<RenderingDesk> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bespoke-render-'));
  const renderer = makeRemotionRenderer({
    cacheDirectory: sharedCache,
    templates: testTemplates,
    clipTimeLimitMs: 60_000,
    ...options,
  });
  return {
    folder,
    file: (name) => path.join(folder, name),
    renderer,
    close: async () => {
      await renderer.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}
