import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  findBrowser,
  type FoundBrowser,
  writeBrowserScript,
} from '../../worker/adapters/render/find-browser.ts';
import { RenderingBrowser } from '../../worker/adapters/render/rendering-browser.ts';
import { serverBinary } from '../services/server-binaries.ts';
import { sharedCache } from '../services/shared-cache.ts';
import { makeClip, openDesk, projectRoot, type RenderingDesk } from './render-project.ts';

const find = (configured: string): Promise<FoundBrowser> =>
  findBrowser({ configured, root: projectRoot, cacheDirectory: sharedCache });

let folder: string;
const desks: RenderingDesk[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bespoke-disguise-'));
});

afterAll(async () => {
  await Promise.all(desks.map((desk) => desk.close()));
  await rm(folder, { recursive: true, force: true });
});

async function drawStill(browser: string): Promise<Buffer> {
  const desk = await openDesk({ browser });
  desks.push(desk);
  const clip = makeClip({ template: 'frame-counter', scene: 'number', inputs: { name: 'Anna' } });
  await desk.renderer.renderStill(clip, 4, desk.file('still.png'));
  return readFile(desk.file('still.png'));
}

beforeAll(() => {
  for (const browser of ['chromium', 'chromium-headless-shell'] as const) serverBinary(browser);
}, 600_000);

describe('whether a browser draws on demand', () => {
  const disguises = [
    ['the headless shell', 'chromium-headless-shell', 'chromium-headless-shell', true],
    ['the headless shell named like a browser', 'chromium-headless-shell', 'google-chrome', true],
    ['a browser', 'chromium', 'chromium', false],
    ['a browser named like the headless shell', 'chromium', 'my-headless-shell', false],
  ] as const;
  const makers = {
    link: (found: FoundBrowser, file: string) => symlink(found.executable, file),
    script: (found: FoundBrowser, file: string) => writeBrowserScript(found, file),
  };
  const each = disguises.flatMap(([title, ...rest]) =>
    (['link', 'script'] as const).map((how) => [`${title}, through a ${how}`, how, ...rest] as const),
  );

  it.each(each)('is found by drawing: %s', async (_title, how, name, disguise, expected) => {
    const found = await find(name);
    const executable = path.join(folder, how, disguise);
    await mkdir(path.dirname(executable), { recursive: true });
    await makers[how](found, executable);
    const launch = () => RenderingBrowser.launch({ ...found, executable }, sharedCache);
    const first = await launch();
    await first.kill();
    const second = await launch();
    await second.kill();
    expect([first.drawsOnDemand, second.drawsOnDemand]).toEqual([expected, expected]);
  });
});

it('a browser that only takes screenshots draws the same pixels, drafts included', async () => {
  expect(await drawStill('chromium')).toEqual(await drawStill('chromium-headless-shell'));
});
