import { z } from 'zod';
import { choice, defineScene, defineTemplate, text } from '../template.ts';
import type { Template } from './template.ts';

/** Fades over five frames. */
export const fade = { presentation: 'fade', frames: 5 };

/** One field that is personal, and one that is not. */
export const record = {
  name: text({ label: 'Name', personal: true, example: 'Anna' }),
  plan: choice(['Basic', 'Plus'], { label: 'Plan', personal: false }),
};

/** One that reads the plan, one that reads nothing, and one whose length depends on the name. */
export const scenes = {
  opening: defineScene({
    inputs: z.object({ plan: z.string() }),
    durationInFrames: 20,
    captions: () => [
      { fromFrame: 0, toFrame: 10, text: 'The sea.' },
      { fromFrame: 10, toFrame: 18, text: 'A ship.' },
    ],
    sounds: [
      { file: 'a.wav', atFrame: 3, gain: 1 },
      { file: 'b.wav', atFrame: 16, gain: 1 },
    ],
  }),
  tour: defineScene({
    inputs: z.object({}),
    durationInFrames: 30,
    captions: () => [
      { fromFrame: 1, toFrame: 3, text: 'Hidden.' },
      { fromFrame: 2, toFrame: 12, text: 'Tour.' },
    ],
    sounds: [
      { file: 'c.wav', atFrame: 2, gain: 1 },
      { file: 'd.wav', atFrame: 8, gain: 1 },
    ],
  }),
  greeting: defineScene({
    inputs: z.object({ name: z.string() }),
    durationInFrames: ({ name }) => 2 * name.length,
    captions: ({ name }) => [{ fromFrame: 0, toFrame: 2 * name.length, text: `Hello, ${name}.` }],
  }),
};

/** Nodes of a story as an author writes them. */
export type Nodes = Readonly<Record<string, object>>;

/** A node that shows a scene. */
export const view = (scene: string, next: unknown, more: object = {}) => ({
  ...{ type: 'scene', scene, next, ...more },
  inputs: {
    ...(scene === 'opening' && { plan: { var: 'plan' } }),
    ...(scene === 'greeting' && { name: { var: 'name' } }),
  },
});

/** Fades to the tour, and slides to the greeting. */
export const usual = (frames = 5): Nodes => ({
  opening: view('opening', [{ to: 'tour', transition: { ...fade, frames } }]),
  tour: view('tour', [{ to: 'greeting', transition: { presentation: 'slide', frames: 4 } }]),
  greeting: view('greeting', 'end'),
  end: { type: 'end' },
});

/** A template of these scenes. */
export function make(nodes: Nodes, more: object = {}, start = 'opening'): Template {
  const story = { version: 2, start, nodes } as never;
  return defineTemplate({ id: 'journey', record, scenes, fps: 10, story, ...more });
}
