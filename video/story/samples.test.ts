import { expect, it } from 'vitest';
import { crossroads } from '../../tests/fixtures/templates/crossroads/template.ts';
import { frameCounter } from '../../tests/fixtures/templates/frame-counter/template.ts';
import { portrait } from '../../tests/fixtures/templates/portrait/template.ts';
import { imageInput } from './scene.ts';
import { sampleImageHash, sampleNodes, samplePath, sampleScene } from './samples.ts';

it('makes a hash of a file name that an input accepts', () => {
  const hash = sampleImageHash('a-very-long-name-of-a-photo-of-somebody-who-likes-names.jpg');
  expect(imageInput.parse({ kind: 'stored', hash })).toEqual({ kind: 'stored', hash });
  expect(sampleImageHash('a.jpg')).not.toBe(sampleImageHash('b.jpg'));
});

it('finds the path of a fixture', () => {
  expect(samplePath(frameCounter, frameCounter.fixtures.typical).map(({ scene }) => scene)).toEqual([
    'intro',
    'number',
  ]);
});

it('shows a scene as the typical fixture has it', () => {
  expect(sampleScene(portrait, 'portrait')?.bound.inputs).toMatchObject({ name: 'Anna Lindt' });
  expect(sampleScene(portrait, 'nowhere')).toBeUndefined();
});

it('shows every node of an interactive story, including those not reached by watching', () => {
  expect(sampleNodes(portrait)).toEqual([]);
  const shown = Object.entries(crossroads.story.nodes).filter(([, node]) => 'scene' in node);
  expect(sampleNodes(crossroads).map(({ bound }) => bound.node)).toEqual(shown.map(([name]) => name));
});
