import { expect, it } from 'vitest';
import { crossroads } from '../../tests/fixtures/templates/crossroads/template.ts';
import { frameCounter } from '../../tests/fixtures/templates/frame-counter/template.ts';
import { portrait } from '../../tests/fixtures/templates/portrait/template.ts';
import { imageInput } from './scene.ts';
import { sampleImageHash, sampleNodes, samplePath, sampleScene } from './samples.ts';
import type { Template } from './template.ts';

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

it('passes over fixtures for which the template’s code fails', () => {
  const failingFor = (...names: readonly string[]): Template => {
    const failing = names.map((name) => portrait.fixtures[name]?.record['name']);
    const fact = {
      from: ['name'],
      derive: ({ name }: { readonly name: string }) => {
        if (failing.includes(name)) throw new Error('no');
        return name.length;
      },
    };
    return { ...portrait, facts: { ...portrait.facts, length: fact } };
  };
  expect(sampleScene(failingFor('longest'), 'portrait')?.fixture).toBe(portrait.fixtures.typical);
  expect(sampleScene(failingFor('typical'), 'portrait')?.fixture).not.toBe(portrait.fixtures.typical);
  const all = Object.keys(portrait.fixtures);
  expect(sampleScene(failingFor(...all), 'portrait')).toBeUndefined();
});
