import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findBrowser } from '../../worker/adapters/render/find-browser.ts';
import { makeClip, openDesk, projectRoot, type RenderingDesk } from './render-project.ts';

let folder: string;
let desks: readonly RenderingDesk[] = [];

/** The same browser under a name that does not promise drawing on demand. */
async function disguise(file: string): Promise<void> {
  const { executable, environment } = await findBrowser({
    configured: undefined,
    root: projectRoot,
    cacheDirectory: `${projectRoot}.bespoke/test-cache`,
  });
  const variables = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'\n`);
  await writeFile(file, `#!/bin/sh\n${variables.join('')}exec '${executable}' "$@"\n`);
  await chmod(file, 0o755);
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bespoke-disguise-'));
  const browser = path.join(folder, 'plain-browser');
  await disguise(browser);
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
