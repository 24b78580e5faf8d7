import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registry } from '../fixtures/shipped-templates.ts';
import { withCoarser } from '../../video/story/coarser.ts';
import type { Format } from '../../video/story/format.ts';
import { momentFrame } from '../../video/story/path.ts';
import type { RegistryEntry } from '../../video/story/registry.ts';
import type { BoundScene } from '../../video/story/time-scene.ts';
import type { Fixture } from '../../video/story/fixtures.ts';
import { samplePath, sampleScene } from '../../video/story/samples.ts';
import { compareWithGolden } from './compare-with-golden.ts';
import { comparePictures } from './picture-difference.ts';
import { fixtureImages, openStage, type Shot, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => stage?.close());

function shotOf(
  { template, directory }: RegistryEntry,
  fixture: Fixture,
  bound: BoundScene,
  frame: number,
  format: Format = template.formats[0],
): Shot {
  return {
    template: template.id,
    scene: bound.scene,
    inputs: bound.inputs,
    images: fixtureImages(directory, fixture),
    format,
    fps: template.fps,
    durationInFrames: bound.durationInFrames,
    frame,
  };
}

/** A scene as a fixture reaches it. */
function sampleOf({ template }: RegistryEntry, scene: string) {
  const sample = sampleScene(template, scene);
  if (sample === undefined) throw new Error(`No fixture of ${template.id} reaches the scene "${scene}".`);
  return sample;
}

/** The poster frame of a fixture's path, as a frame of the scene that it lies in. */
function posterShot(entry: RegistryEntry, fixture: Fixture, format?: Format): Shot {
  const { template } = entry;
  const scenes = samplePath(template, fixture);
  let frame = momentFrame(template, scenes, template.poster);
  for (const bound of scenes) {
    if (frame < bound.durationInFrames) return shotOf(entry, fixture, bound, frame, format);
    frame -= bound.durationInFrames;
  }
  throw new Error(`The poster of ${template.id} lies outside of its path.`);
}

describe.each(registry.map((entry) => [entry.template.id, entry] as const))('%s', (id, entry) => {
  const { template } = entry;
  const { typical, ...others } = template.fixtures;

  describe('golden frames', () => {
    it.each(Object.keys(template.scenes))('shows the scene %s', async (scene) => {
      const { bound, fixture } = sampleOf(entry, scene);
      const shot = shotOf(entry, fixture, bound, Math.floor(bound.durationInFrames * 0.6));
      await compareWithGolden(`${id}/scene-${scene}`, await stage.shoot(shot, 320));
    });

    it.each(Object.keys(template.coarser ?? {}))('shows less of %s in the poster', async (field) => {
      const coarse = { ...entry, template: withCoarser(template, [field]) };
      await compareWithGolden(`${id}/coarser-${field}`, await stage.shoot(posterShot(coarse, typical), 320));
    });

    it.each(template.formats)('shows the poster in %s', async (format) => {
      const picture = await stage.shoot(posterShot(entry, typical, format), 320);
      await compareWithGolden(`${id}/poster-${format.replace(':', 'x')}`, picture);
    });

    it.each(Object.entries(others))('shows the fixture %s', async (name, fixture) => {
      const picture = await stage.shoot(posterShot(entry, fixture), 320);
      await compareWithGolden(`${id}/fixture-${name}`, picture);
    });
  });

  it.each(template.formats)('begins and ends every scene on one seam frame in %s', async (format) => {
    let seam: Buffer | undefined;
    for (const scene of Object.keys(template.scenes)) {
      const { bound, fixture } = sampleOf(entry, scene);
      for (const frame of [0, bound.durationInFrames - 1]) {
        const picture = await stage.shoot(shotOf(entry, fixture, bound, frame, format), 160);
        seam ??= picture;
        const { mean, striking } = await comparePictures(seam, picture);
        expect({ scene, frame, mean, striking }).toEqual({ scene, frame, mean: 0, striking: 0 });
      }
    }
  });

  it('has a typical fixture that reaches most of the story', () => {
    expect(samplePath(template, typical).length).toBeGreaterThan(1);
  });
});
