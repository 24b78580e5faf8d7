import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findBrowser } from '../../worker/adapters/render/find-browser.ts';
import { writeBrowserScript } from '../../worker/adapters/render/write-browser-script.ts';
import { sharedCache } from '../services/shared-cache.ts';
import { makeClip, openDesk, projectRoot, type RenderingDesk } from './render-project.ts';

let folder: string;
let desks: readonly RenderingDesk[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bespoke-disguise-'));
  const found = await findBrowser({
    configured: undefined,
    root: projectRoot,
    cacheDirectory: sharedCache,
  });
  // The same browser under a name that does not promise drawing on demand.
  const browser = await writeBrowserScript(found, path.join(folder, 'plain-browser'));
  desks = [await openDesk(), await openDesk({ browser })];
});

afterAll(async () => {
  await Promise.all(desks.map((desk) => desk.close()));
  await rm(folder, { recursive: true, force: true });
});

it('a browser that only takes screenshots draws the same pixels, drafts included', async () => {
  const clip = makeClip({ template: 'frame-counter', scene: 'number', inputs: { name: 'Anna' } });
  const [demanded, taken] = await Promise.all(
    desks.map(async ({ renderer, file }) => {
      await renderer.renderStill(clip, 4, file('still.png'));
      return readFile(file('still.png'));
    }),
  );
  expect(taken).toEqual(demanded);
});
