import { expect, it } from 'vitest';
import type { StoryNode } from '../../video/story/engine/graph.ts';
import { tour } from '../../video/story/test-tour.ts';
import { checkLinkPlace } from './request.ts';

const link = { to: 'https://shop.example.com/' };
const scene: StoryNode = { type: 'scene', scene: 'compare', inputs: { plan: { var: 'plan' } }, next: 'menu' };

/** The tour with another story. */
const entryWith = (nodes: Readonly<Record<string, StoryNode>>) => ({
  template: { ...tour, story: { ...tour.story, nodes } },
});

it('refuses a link that no page could show, and no other', () => {
  const over: StoryNode = { type: 'end' };
  const hub: StoryNode = {
    type: 'hub',
    while: 'hold',
    scene: 'compare',
    inputs: {},
    choices: [{ id: 'leave', label: 'Leave', to: 'over' }],
  };
  const onlyHub = entryWith({ start: scene, menu: hub, over });
  expect(() => checkLinkPlace(onlyHub, link)).toThrow('No video of template');
  expect(() => checkLinkPlace(onlyHub, undefined)).not.toThrow();
  const lastScene = entryWith({ start: { ...scene, next: 'over' }, over });
  expect(() => checkLinkPlace(lastScene, link)).not.toThrow();
  expect(() => checkLinkPlace({ template: tour }, link)).not.toThrow();
});
