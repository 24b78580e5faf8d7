import { expect, it } from 'vitest';
import { z } from 'zod';
import { choice, defineScene, defineTemplate, text } from '../template.ts';
import { bindPath } from './bind.ts';
import { cutNodes, plannedEntry, saysOtherwise } from './cuts.ts';
import type { Template } from './template.ts';
import { pathCues, pathMix, pathStills } from './path.ts';

const scenes = {
  film: defineScene({
    inputs: z.object({ name: z.string(), plan: z.string() }),
    durationInFrames: 90,
    captions: ({ name }) => [
      { fromFrame: 0, toFrame: 40, text: 'Hello.' },
      { fromFrame: 40, toFrame: 90, text: `Hello, ${name}.` },
    ],
    sounds: [{ file: 'ping.wav', atFrame: 35, gain: 1 }],
  }),
  close: defineScene({ inputs: z.object({ name: z.string() }), durationInFrames: 10 }),
};
const definition = {
  id: 'promo',
  record: {
    name: text({ label: 'Name', personal: true, example: 'Anna' }),
    plan: choice(['Basic', 'Plus'], { label: 'Plan', personal: false }),
  },
  scenes,
} as const;
const parts = [
  { until: 30, reads: [] },
  { until: 60, reads: ['name'] },
  { until: 90, reads: ['plan'] },
] as const;
const whole = defineTemplate(definition);
const cut = defineTemplate({ ...definition, cuts: { film: parts } });
const pathOf = (template: Template, record: object) =>
  bindPath(template, { ...record }, {}, { asOf: '2026-01-15' });

it('shows a cut scene in parts, and gives each what it reads of the record only', () => {
  const path = pathOf(cut, { name: 'Bo', plan: 'Plus' });
  expect(path).toEqual([
    {
      ...{ node: 'film', scene: 'film-1', durationInFrames: 30, personal: false },
      inputs: { name: 'Anna', plan: 'Basic' },
    },
    {
      ...{ node: 'film-2', scene: 'film-2', durationInFrames: 30, personal: true },
      inputs: { name: 'Bo', plan: 'Basic' },
    },
    {
      ...{ node: 'film-3', scene: 'film-3', durationInFrames: 30, personal: false },
      inputs: { name: 'Anna', plan: 'Plus' },
    },
    { node: 'close', scene: 'close', durationInFrames: 10, personal: true, inputs: { name: 'Bo' } },
  ]);
  expect(cut.uncut?.story).toEqual(whole.story);
});

it('keeps captions, sounds, poster and teaser where they were', () => {
  const [before, after] = [whole, cut].map((template) => {
    const path = pathOf(template, { name: 'Anna', plan: 'Plus' });
    const { teaserRate } = pathStills(template, path);
    const joined = pathCues(template, path).map(({ fromFrame, text: said }) => `${fromFrame} ${said}`);
    return { mix: pathMix(template, path, {}), joined, teaserRate };
  });
  expect(after?.mix).toEqual(before?.mix);
  expect(after?.teaserRate).toBe(before?.teaserRate);
  expect(after?.joined).toEqual(['0 Hello.', '40 Hello, Anna.']);
  expect(after?.joined).toEqual(before?.joined);
  expect(pathStills(cut, pathOf(cut, { name: 'Bo', plan: 'Plus' })).poster).toEqual({
    ...{ step: 2, still: { kind: 'poster', frame: 0 } },
  });
});

it.each([
  [[{ until: 30, reads: [] }], /It lasts 90 frames, and its last part ends at 30/],
  [
    [
      { until: 60, reads: [] },
      { until: 60, reads: [] },
    ],
    /which do not rise/,
  ],
  [[{ until: 90, reads: ['town'] }], /It has no input "town"/],
])('refuses parts %j', (refused, message) => {
  expect(() => defineTemplate({ ...definition, cuts: { film: refused as never } })).toThrow(message);
});

it('refuses to cut a scene whose length depends on the record, and one that asks', () => {
  const film = defineScene({ inputs: scenes.film.inputs, durationInFrames: ({ name }) => 90 + name.length });
  expect(() => defineTemplate({ ...definition, scenes: { ...scenes, film }, cuts: { film: parts } })).toThrow(
    /Its length depends on its inputs/,
  );
  const story = {
    version: 2,
    start: 'ask',
    nodes: {
      ask: {
        type: 'scene',
        scene: 'film',
        inputs: { name: { var: 'name' }, plan: { var: 'plan' } },
        choices: [{ id: 'on', label: 'On', to: 'end' }],
        next: 'end',
      },
      end: { type: 'end' },
    },
  };
  expect(() => defineTemplate({ ...definition, story: story as never, cuts: { film: parts } })).toThrow(
    /Its node "ask" offers choices/,
  );
});

it('shows a scene whole of which the cut does not hold, with or without coarser fields', () => {
  const entry = { template: cut, directory: 'file:///promo/' };
  const one = plannedEntry(entry, { cuts: {} }).template;
  expect(pathOf(one, { name: 'Bo', plan: 'Plus' })).toEqual(pathOf(whole, { name: 'Bo', plan: 'Plus' }));
  expect(one.cuts).toEqual({});
  expect(plannedEntry(entry, { cuts: {} }).template).toBe(one);
  expect(plannedEntry(entry, { cuts: { film: 'any' } }).template).toBe(cut);
  expect(plannedEntry(entry, {}).template).toBe(cut);
  expect(cutNodes(one).size).toBe(0);
});

it('knows what a part takes from its record, and whether that says otherwise', () => {
  const nodes = cutNodes(cut);
  expect([...nodes.keys()]).toEqual(['film', 'film-2', 'film-3']);
  expect(nodes.get('film-2')).toMatchObject({
    ...{ scene: 'film', whole: 'film', from: 30, until: 60 },
    constants: [{ input: 'plan', binding: { var: 'plan' }, value: 'Basic', isChoice: true }],
  });
  const otherwise = (record: object) =>
    [...nodes.values()].map((node) => saysOtherwise(node, { ...record }).join());
  expect(otherwise({ name: 'Anna', plan: 'Basic' })).toEqual(['', '', '']);
  expect(otherwise({ name: 'Bo', plan: 'Basic' })).toEqual(['name', '', 'name']);
  expect(otherwise({ name: 'Bo', plan: 'Plus' })).toEqual(['name,plan "Plus"', 'plan "Plus"', 'name']);
});
