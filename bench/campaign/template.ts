import { z } from 'zod';
import { choice, text } from '../../data/fields.ts';
import { yearInReview } from '../../templates/year-in-review/template.ts';
import { bindPath } from '../../video/story/bind.ts';
import type { RegistryEntry } from '../../video/story/registry.ts';
import { defineScene, type Scene } from '../../video/story/scene.ts';
import { storySchema } from '../../video/story/story-schema.ts';
import type { Template } from '../../video/story/template.ts';

/** Scenes that are rendered anew for each person, by kind of campaign. The others are shared. */
export const personalScenes = {
  everything: ['intro', 'greeting', 'category', 'year', 'tenure', 'offer', 'outro'],
  reference: ['greeting', 'year', 'tenure'],
  light: ['category'],
  shared: [],
} as const;

export type CampaignKind = keyof typeof personalScenes;

const kinds = Object.keys(personalScenes) as [CampaignKind, ...CampaignKind[]];

/** The typical viewer's film: what is drawn is the same for everybody, only keys differ. */
const path = bindPath(yearInReview, yearInReview.fixtures.typical.record, {}, { asOf: '2026-01-15' });

/** Frames of a video, and the share of them that each kind of campaign renders per person. */
export const framesPerVideo = path.reduce((sum, { durationInFrames }) => sum + durationInFrames, 0);
export function personalShare(kind: CampaignKind): number {
  const personal: readonly string[] = personalScenes[kind];
  const frames = path.filter(({ scene }) => personal.includes(scene));
  return frames.reduce((sum, { durationInFrames }) => sum + durationInFrames, 0) / framesPerVideo;
}

/** A scene with one input more, which is not drawn and decides who shares its clip. */
function salted(scene: Scene, durationInFrames: number): Scene {
  return defineScene({
    inputs: z.object({ salt: z.string(), scene: scene.inputs }),
    durationInFrames,
    captions: () => [],
    sounds: scene.sounds,
  });
}

const saltOf = (scene: string) => ({
  from: ['customerId', 'kind'],
  derive: ({ customerId, kind }: { customerId: string; kind: CampaignKind }) =>
    // Shared clips differ by kind, so that no kind finds another's.
    (personalScenes[kind] as readonly string[]).includes(scene) ? customerId : kind,
});

const template: Template = {
  ...yearInReview,
  id: 'campaign',
  record: {
    customerId: text({ label: 'Customer', personal: true }),
    kind: choice(kinds, { label: 'Kind', personal: false }),
  },
  facts: Object.fromEntries(path.map(({ scene }) => [`salt-${scene}`, saltOf(scene)])),
  scenes: Object.fromEntries(
    path.map(({ scene, durationInFrames }) => [
      scene,
      salted(yearInReview.scenes[scene as 'intro'], durationInFrames),
    ]),
  ),
  story: storySchema.parse({
    version: 2,
    start: 'node-0',
    nodes: {
      ...Object.fromEntries(
        path.map(({ scene, inputs }, index) => [
          `node-${index}`,
          {
            type: 'scene',
            scene,
            inputs: { salt: { var: `salt-${scene}` }, scene: { value: z.json().parse(inputs) } },
            next: index + 1 < path.length ? `node-${index + 1}` : 'end',
          },
        ]),
      ),
      end: { type: 'end' },
    },
  }),
  fixtures: Object.fromEntries(
    Object.keys(yearInReview.fixtures).map((name) => [
      name,
      { record: { customerId: name, kind: 'everything' }, images: {} },
    ]),
  ) as unknown as Template['fixtures'],
  poster: { ...yearInReview.poster, nodes: ['node-1'] },
  teaser: { ...yearInReview.teaser, nodes: ['node-1'] },
};

/** The year in review with its own scenes and sounds, but a chosen share of personal seconds. */
export const benchEntry: RegistryEntry = {
  template,
  directory: `${import.meta.url.slice(0, import.meta.url.lastIndexOf('/bench/'))}/templates/year-in-review/`,
};
