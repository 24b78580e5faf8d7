import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bindPath, type BoundScene } from '../../video/story/bind.ts';
import { excerptOf } from '../../video/story/excerpt.ts';
import { pathDuration } from '../../video/story/path.ts';
import { parseWav } from '../../worker/adapters/media/mix-path.ts';
import { requireTemplate } from '../../worker/core/require-template.ts';
import { testRegistry } from '../fixtures/templates/registry.ts';
import { makeClip, neverAborted, openDesk, type RenderingDesk } from './render-project.ts';

const { template } = requireTemplate(testRegistry, 'journey');
const record = (plan: 'Basic' | 'Plus', name = 'Lea') => ({ name, plan });

let desk: RenderingDesk;

beforeAll(async () => {
  desk = await openDesk();
});

afterAll(() => desk.close());

type Shown = Pick<BoundScene, 'scene' | 'inputs' | 'durationInFrames'>;

/** Draws scenes one after another. @returns a hash for each frame, and the samples of the left channel. */
async function draw(scenes: readonly Shown[], name: string) {
  const frames: string[] = [];
  const sound: number[] = [];
  for (const bound of scenes) {
    const { scene, inputs, durationInFrames } = bound;
    const first = frames.length;
    const clip = makeClip({
      ...{ template: 'journey', scene, inputs, durationInFrames, format: '160x90', fps: 10 },
      excerpt: excerptOf(template.scenes, scene, bound),
      encoding: { ...makeClip({ template: '', scene: '' }).encoding, scale: 1 },
    });
    const played = await desk.renderer.renderClip(
      clip,
      desk.file(`${name}-${scene}.mp4`),
      neverAborted,
      (frame, jpeg) => {
        frames[first + frame] = createHash('sha1').update(jpeg).digest('hex');
      },
    );
    if (played === undefined) throw new Error('It plays nothing.');
    // Remotion's mixer adds some samples at the end, which are cut off when the path is mixed.
    const left = parseWav(await readFile(played))?.left.subarray(0, durationInFrames * 4_800) ?? [];
    for (const sample of left) sound.push(sample);
  }
  return { frames, sound };
}

const largest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, value), 0);

it.each(['Basic', 'Plus'] as const)(
  'draws and plays a film with transitions as Remotion’s <TransitionSeries>, for %s',
  async (plan) => {
    const path = bindPath(template, record(plan), {}, { asOf: '2026-01-15' });
    const durationInFrames = 14 - 5 + 15 - 4 + 14 - 3 + (plan === 'Plus' ? 10 : 12);
    expect(pathDuration(path)).toBe(durationInFrames);
    const whole = await draw([{ scene: 'film', inputs: record(plan), durationInFrames }], `film-${plan}`);
    const clips = await draw(path, `clips-${plan}`);
    expect(new Set(whole.frames).size).toBeGreaterThan(durationInFrames - 3);
    expect(clips.frames).toEqual(whole.frames);
    expect([whole.sound.length, clips.sound.length]).toEqual([
      durationInFrames * 4800,
      durationInFrames * 4800,
    ]);
    const steps = whole.sound.map((sample, at) => Math.abs(sample - (clips.sound[at] ?? 0)));
    expect(largest(steps)).toBeLessThan(0.001);
    expect(largest(whole.sound)).toBeGreaterThan(0.1);
  },
);
