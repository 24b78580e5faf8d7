import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { renderMedia, selectComposition } from '@remotion/renderer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { importTemplate, templateId } from '../../cli/import-template.ts';
import { bundleOnce } from '../../worker/adapters/render/bundle.ts';
import { findBrowser } from '../../worker/adapters/render/find-browser.ts';
import { readProject, type ProjectComposition } from '../../worker/adapters/render/read-project.ts';
import { sharedCache } from '../services/shared-cache.ts';
import { decodeFrames } from './decode-video.ts';
import {
  makeClip,
  neverAborted,
  openDesk,
  projectRoot,
  type RenderingDesk,
  studioSources,
} from './render-project.ts';

const root = path.join(projectRoot, 'tests/fixtures/remotion-project/src/Root.tsx');
const templates = path.join(projectRoot, 'tests/fixtures/templates');
const size = { width: 320, height: 240 };

let compositions: readonly ProjectComposition[];
let desk: RenderingDesk;

beforeAll(async () => {
  compositions = await readProject(root, { cacheDirectory: sharedCache });
  desk = await openDesk();
});

afterAll(() => desk.close());

it('lists the compositions of a project, with what is computed of their default props', () => {
  expect(
    compositions.map(({ id, width, height, fps, durationInFrames, isComputed }) => [
      ...[id, `${width}x${height}`, fps, durationInFrames, isComputed],
    ]),
  ).toEqual([
    ['GreetingCard', '320x240', 10, 12, false],
    ['Cover', '320x240', 30, 1, false],
    ['Computed', '320x240', 10, 4, true],
  ]);
});

it('says what keeps a project from being read', async () => {
  const read = (file: string) => readProject(path.join(projectRoot, file), { cacheDirectory: sharedCache });
  expect(await read('video/story/format.ts')).toEqual([]);
  await expect(read('tests/fixtures/remotion-project/src/nowhere.tsx')).rejects.toMatchObject({
    code: expect.stringMatching(/project-unreadable|bundle-failed/) as string,
    message: expect.stringMatching(/nowhere\.tsx/) as string,
  });
});

it.each(['GreetingCard', 'Computed'])('writes the template of %s that the tests draw', async (name) => {
  const found = compositions.find(({ id }) => id === name);
  if (found === undefined) throw new Error('It is not listed.');
  const id = templateId(name);
  const folder = path.join(templates, id);
  const written = importTemplate(found, id, { root, folder });
  const read = (file: string) => readFile(path.join(folder, file), 'utf8');
  expect(written.contract).toBe(await read('template.ts'));
  expect(written.components).toBe(await read('components.ts'));
  expect([written.fields, written.kept]).toEqual([['name', 'points', 'plan', 'colour'], ['tags']]);
});

const card = (scene: object) =>
  makeClip({
    ...{ template: 'greeting-card', scene: 'film', format: '320x240', fps: 10, durationInFrames: 12 },
    encoding: { scale: 1, crf: 1, preset: 'veryfast', jpegQuality: 100 },
    ...scene,
  });

it('draws an imported composition as Remotion does, with its defaults and the record’s props', async () => {
  const inputs = { name: 'Łukasz', points: 75, plan: 'Plus', colour: '#ff8800' };
  await desk.renderer.renderClip(card({ inputs }), desk.file('own.mp4'), neverAborted);
  const entryPoint = path.join(path.dirname(root), 'index.ts');
  const serveUrl = await bundleOnce({ ...studioSources, entryPoint }, sharedCache);
  const { executable: browserExecutable } = await findBrowser({
    ...{ configured: process.env.BESPOKE_BROWSER, root: projectRoot, cacheDirectory: sharedCache },
  });
  const common = { serveUrl, inputProps: inputs, browserExecutable, logLevel: 'error' } as const;
  const composition = await selectComposition({ ...common, id: 'GreetingCard' });
  const outputLocation = desk.file('theirs.mp4');
  await renderMedia({ ...common, composition, codec: 'h264', crf: 1, jpegQuality: 100, outputLocation });
  const [own, theirs] = await Promise.all(
    [desk.file('own.mp4'), outputLocation].map((file) => decodeFrames(file, size)),
  );
  expect(own).toHaveLength(12);
  expect(theirs).toHaveLength(12);
  for (const [index, frame] of (own ?? []).entries()) {
    const other = theirs?.[index] ?? Buffer.alloc(0);
    const difference = frame.reduce((sum, value, at) => sum + Math.abs(value - (other[at] ?? 0)), 0);
    // Both are encoded with loss.
    expect(difference / frame.length, `frame ${index}`).toBeLessThan(2.5);
  }
});

it('computes props for each record, and refuses another length than the template says', async () => {
  const computed = (name: string) =>
    card({
      template: 'computed',
      durationInFrames: 4,
      inputs: { name, points: 1, plan: 'Plus', colour: '#ff8800' },
    });
  await desk.renderer.renderClip(computed('Al'), desk.file('computed.mp4'), neverAborted);
  const [, , , last] = await decodeFrames(desk.file('computed.mp4'), size);
  // The first bar is as high as the frame: `points` is 100 by now, not 1.
  expect(last?.[3 * (size.width * 150 + 20)]).toBeGreaterThan(150);
  await expect(
    desk.renderer.renderClip(computed('Anna'), desk.file('longer.mp4'), neverAborted),
  ).rejects.toMatchObject({
    code: 'scene-failed',
    message: expect.stringMatching(/gives 8 frames, and the scene lasts 4/) as string,
  });
});
