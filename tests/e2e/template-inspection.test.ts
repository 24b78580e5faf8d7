import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withCuts } from '../../video/story/cuts.ts';
import { samplePath } from '../../video/story/samples.ts';
import { requireTemplate } from '../../worker/core/require-template.ts';
import { sliceScene, type SlicedScene } from '../../worker/inspection/slice-scene.ts';
import { makeMedia } from '../../worker/adapters/media/media.ts';
import { checkScenes } from '../../worker/inspection/check-scenes.ts';
import { findReads, type Slicing } from '../../worker/inspection/find-reads.ts';
import { testRegistry } from '../fixtures/templates/registry.ts';
import { drawScenes, largest } from './draw-scenes.ts';
import { makeClip, neverAborted, openDesk, type RenderingDesk, small } from './render-project.ts';

let desk: RenderingDesk;
let sliced: SlicedScene;

const entry = requireTemplate(testRegistry, 'statement');

beforeAll(async () => {
  desk = await openDesk();
  const slicing: Slicing = { ...desk, concurrency: 2, signal: neverAborted };
  const found = await sliceScene(slicing, entry, 'film');
  if (found === undefined) throw new Error('No fixture shows it.');
  sliced = found;
});

afterAll(() => desk.close());

it('finds which frames read which inputs, also what begins faintly, is hidden by another value, or is heard', () => {
  expect(sliced.unsteady).toEqual([]);
  expect(sliced.failed).toEqual([]);
  expect(sliced.parts).toEqual([
    { from: 0, until: 16, reads: [], personal: false, clipsPerThousand: 1 },
    { from: 16, until: 32, reads: ['name'], personal: true, clipsPerThousand: 1000 },
    // A caption names them until frame 40.
    { from: 32, until: 40, reads: ['name', 'plan', 'points'], personal: true, clipsPerThousand: 1000 },
    { from: 40, until: 48, reads: ['plan', 'points'], personal: true, clipsPerThousand: 1000 },
  ]);
});

it('counts an input as read by every frame if no other value of it is known', async () => {
  const [bound] = samplePath(entry.template, entry.template.fixtures.typical);
  if (bound === undefined) throw new Error('It has no path.');
  const { inputs } = bound;
  const scene = { template: 'statement', scene: 'film', images: {}, format: '320x240', fps: 10 } as const;
  const samples = { ...scene, inputs, durationInFrames: 48, variations: { name: [] }, captions: () => [] };
  const { frames, failed } = await findReads({ ...desk, concurrency: 1, signal: neverAborted }, samples);
  expect(failed.map(({ input }) => input)).toEqual(['name']);
  expect(frames.every((reads) => reads.has('name'))).toBe(true);
});

it('shows a scene only when its modules have what they load, such as fonts', async () => {
  const fresh = await openDesk();
  try {
    const size = {
      format: '320x240',
      encoding: { ...small, scale: 1 },
    } as const;
    const clip = makeClip({ template: 'careless', scene: 'good', inputs: { name: 'Anna' }, ...size });
    await fresh.renderer.renderStill(clip, 4, fresh.file('good.png'));
    const pixels = await sharp(fresh.file('good.png')).removeAlpha().raw().toBuffer();
    // The bar, 240 pixels wide, begins in the first line.
    expect([...pixels.subarray(3 * 230, 3 * 231)]).toEqual([255, 255, 255]);
  } finally {
    await fresh.close();
  }
});

/** Draws each scene of a path. */
function draw(template: typeof entry.template, name: string) {
  const record = { name: 'Łukasz Nowak', plan: 'Plus', points: 75 };
  return drawScenes(desk, template, samplePath(template, { record, images: {} }), name);
}

it('draws and plays a cut film as the whole one, frame by frame and sample by sample', async () => {
  const cut = withCuts(entry.template, { film: sliced.parts });
  expect(Object.keys(cut.story.nodes)).toEqual(['film', 'film-2', 'film-3', 'film-4', 'end']);
  const whole = await draw(entry.template, 'whole');
  const parts = await draw(cut, 'cut');
  expect(new Set(whole.frames).size).toBeGreaterThan(40);
  expect(parts.frames).toEqual(whole.frames);
  expect([whole.sound.length, parts.sound.length]).toEqual([230_400, 230_400]);
  const steps = whole.sound.map((sample, at) => Math.abs(sample - (parts.sound[at] ?? 0)));
  expect(largest(steps)).toBeLessThan(0.001);
  expect(largest(whole.sound)).toBeGreaterThan(0.1);
});

it('reports at once what is random, depends on the day, or cannot be drawn, and what is played', async () => {
  const checking = { renderer: desk.renderer, media: makeMedia(), concurrency: 2, signal: neverAborted };
  const { findings } = await checkScenes(checking, requireTemplate(testRegistry, 'careless'), '320x240');
  const found = findings.map(({ kind, scene, frame, fixtures }) => ({
    kind,
    scene,
    frame,
    in: fixtures.length,
  }));
  expect(
    found.toSorted((one, other) => (`${one.kind}${one.scene}` < `${other.kind}${other.scene}` ? -1 : 1)),
  ).toEqual([
    { kind: 'fails', scene: 'remote', frame: undefined, in: expect.any(Number) as number },
    { kind: 'fails', scene: 'silent', frame: undefined, in: 6 },
    { kind: 'reads-clock', scene: 'dated', frame: 0, in: 6 },
    { kind: 'unsteady', scene: 'random', frame: 3, in: 6 },
  ]);
  expect(findings.find(({ scene }) => scene === 'silent')?.why).toMatch(
    /plays "woosh\.wav", which is not in/,
  );
  expect(findings.find(({ scene }) => scene === 'remote')).toMatchObject({
    fixtures: expect.arrayContaining(['longest']) as string[],
    why: expect.stringMatching(/it loads https:\/\/example\.com\/logo\.png/) as string,
  });
  const clean = await checkScenes(checking, entry, '320x240');
  expect(clean.findings).toEqual([]);
  expect(clean.plays.get('film')).toEqual(new Set(['tone.wav']));
});
