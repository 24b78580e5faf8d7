import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineScene, text } from '../template.ts';
import { bindPath, personalInputs } from './bind.ts';
import { speakScene } from './time-scene.ts';
import { checkStory } from './check/check-story.ts';
import { cutNodes, plannedEntry } from './cuts.ts';
import { excerptOf, spokenIn } from './excerpt.ts';
import { pathCues, pathDuration, pathMix, pathStills } from './path.ts';
import type { Speak } from './speech.ts';
import type { Template } from './template.ts';
import { fade, make, record, scenes, usual, view } from './test-journey.ts';

const pathOf = (template: Template, given: object) =>
  bindPath(template, { plan: 'Basic', ...given }, {}, { asOf: '2026-01-15' });

describe('a transition', () => {
  const journey = make(usual(), { poster: { nodes: ['tour'], frame: 2 } });
  const path = pathOf(journey, { name: 'Maximilian' });

  it('is a node of its own between the rest of both scenes, and reads what both read', () => {
    expect(path.map(({ node, durationInFrames, personal }) => [node, durationInFrames, personal])).toEqual([
      ['opening', 15, false],
      ['opening-to-tour', 5, false],
      ['tour', 21, false],
      ['tour-to-greeting', 4, true],
      ['greeting', 16, true],
    ]);
    expect(pathDuration(path)).toBe(20 - 5 + 30 - 4 + 20);
    expect(path[1]?.inputs).toEqual({ 'leaving.plan': 'Basic', lengths: { leaving: 20, entering: 30 } });
    expect(path.map((bound) => excerptOf(journey.scenes, bound.scene, bound))).toEqual([
      { scene: 'opening', from: 0, of: 20 },
      { scene: 'opening-to-tour', from: 15, of: 45 },
      { scene: 'tour', from: 5, of: 30 },
      { scene: 'tour-to-greeting', from: 26, of: 46 },
      { scene: 'greeting', from: 4, of: 20 },
    ]);
    expect(personalInputs(journey, 'tour-to-greeting')).toEqual(['entering.name']);
    expect(JSON.stringify(journey.story)).not.toContain('"transition"');
  });

  it('has the captions of the first scene until they end, then those of the second', () => {
    expect(pathCues(journey, path).map((cue) => `${cue.fromFrame}-${cue.toFrame} ${cue.text}`)).toEqual([
      '0-10 The sea.',
      '10-18 A ship.',
      '18-27 Tour.',
      '41-61 Hello, Maximilian.',
    ]);
  });

  it('starts declared sounds once, where Remotion would', () => {
    const sounds = pathMix(journey, path, {}).sounds.map(({ file, atFrame }) => [file, atFrame]);
    expect(sounds).toEqual([
      ['a.wav', 3],
      ['b.wav', 16],
      ['c.wav', 15 + 2],
      ['d.wav', 15 + 8],
    ]);
  });

  it('is where the second scene begins, for poster and teaser too', () => {
    expect(pathStills(journey, path).poster).toEqual({ step: 1, still: { kind: 'poster', frame: 2 } });
    const later = { ...journey, poster: { nodes: ['tour'], frame: 7 } };
    expect(pathStills(later, path).poster).toEqual({ step: 2, still: { kind: 'poster', frame: 2 } });
  });

  it('fails the row whose scene is shorter', () => {
    const why = /needs 4 frames of scene "greeting", which is shorter/;
    expect(() => pathOf(journey, { name: 'Bo' })).toThrow(
      /needs more than the 4 frames that transitions take of scene "greeting", which is shorter/,
    );
    expect(() => pathOf(journey, { name: 'A' })).toThrow(why);
    expect(pathOf(journey, { name: 'Ada' }).at(-1)?.durationInFrames).toBe(2);
    const open = make(usual(), { record: { ...record, name: text({ label: 'Name', personal: false }) } });
    expect(() => pathOf(open, { name: 'A' })).toThrow(
      'Scene "tour-to-greeting" at node "tour-to-greeting" needs 4 frames of scene "greeting", which lasts 2 ',
    );
  });

  it('passes the check of stories', async () => {
    const long = defineScene({ ...scenes.greeting, durationInFrames: ({ name }) => 10 + name.length });
    const { findings } = await checkStory(make(usual(), { scenes: { ...scenes, greeting: long } }));
    expect(findings).toEqual([]);
  });
});

it('takes the edge that the record decides, each with a transition of its own', () => {
  const plus = { when: { eq: [{ var: 'plan' }, 'Plus'] }, to: 'greeting', transition: fade };
  const nodes = { ...usual(), opening: view('opening', [plus, { to: 'tour', transition: fade }]) };
  const both = make({ ...nodes, tour: view('tour', 'end'), greeting: view('greeting', 'end') });
  const named = (plan: string) => pathOf(both, { name: 'Maximilian', plan }).map(({ node }) => node);
  expect(named('Plus')).toEqual(['opening', 'opening-to-greeting', 'greeting']);
  expect(named('Basic')).toEqual(['opening', 'opening-to-tour', 'tour']);
});

it('keeps windows of choices, hotspots and buttons where they are in the scene', () => {
  const area = { '16:9': { x: 0, y: 0, width: 0.5, height: 0.5 } };
  const more = {
    choices: [{ id: 'on', label: 'On', to: 'greeting' }],
    decision: { appearsAtFrame: 3, locksAtFrame: 25 },
    hotspots: [{ choice: 'on', areas: area, fromFrame: 10, toFrame: 28 }],
  };
  const { story } = make({ ...usual(), tour: view('tour', 'greeting', more) });
  expect(story.nodes['tour']).toMatchObject({
    decision: { appearsAtFrame: 0, locksAtFrame: 20 },
    hotspots: [{ fromFrame: 5, toFrame: 23 }],
  });
});

it('names scenes that are shown in several ways, and shares clips of those that are shown alike', () => {
  const twice = make({
    ...usual(),
    greeting: view('greeting', [{ to: 'again', transition: fade }]),
    again: view('tour', 'last'),
    last: view('opening', 'end'),
  });
  const path = pathOf(twice, { name: 'Maximilian' });
  expect(path.filter(({ node }) => !node.includes('-to-')).map(({ node, scene }) => [node, scene])).toEqual([
    ['opening', 'opening-0-5'],
    ['tour', 'tour-5-4'],
    ['greeting', 'greeting'],
    ['again', 'tour-5-0'],
    ['last', 'opening'],
  ]);
  expect(path.at(-1)?.durationInFrames).toBe(20);
});

describe('with cuts', () => {
  const cuts = {
    opening: [
      { until: 8, reads: ['plan'] },
      { until: 20, reads: [] },
    ],
  };
  const cut = make(usual(), { cuts });

  it('reads what the parts beside it read', () => {
    const path = pathOf(cut, { name: 'Maximilian', plan: 'Plus' });
    expect(path.slice(0, 4)).toMatchObject([
      { node: 'opening', scene: 'opening-1', durationInFrames: 8, inputs: { plan: 'Plus' } },
      { node: 'opening-2', scene: 'opening-2', durationInFrames: 7, inputs: { plan: 'Basic' } },
      { node: 'opening-to-tour', durationInFrames: 5, inputs: { 'leaving.plan': 'Basic' } },
      { node: 'tour', durationInFrames: 21 },
    ]);
    const before = pathOf(make(usual()), { name: 'Maximilian', plan: 'Plus' });
    expect(pathCues(cut, path)).toEqual(pathCues(make(usual()), before));
    expect(pathMix(cut, path, {})).toEqual(pathMix(make(usual()), before, {}));
    expect(path.slice(0, 3).map((bound) => excerptOf(cut.scenes, bound.scene, bound))).toEqual([
      { scene: 'opening', from: 0, of: 20 },
      { scene: 'opening', from: 8, of: 20 },
      { scene: 'opening-to-tour', from: 15, of: 45 },
    ]);
  });

  it('proves the whole of each part', () => {
    expect([...cutNodes(cut)].map(([node, { whole, from, until }]) => [node, whole, from, until])).toEqual([
      ['opening', 'opening', 0, 8],
      ['opening-2', 'opening', 8, 20],
    ]);
    expect(cutNodes(make(usual())).size).toBe(0);
  });

  it('has all scenes by the names that they have where a cut was withdrawn', () => {
    const entry = { template: cut, directory: 'file:///journey/' };
    const { template: whole } = plannedEntry(entry, { cuts: {} });
    const given = { name: 'Maximilian', plan: 'Plus' };
    const path = pathOf(whole, given);
    expect(path.map(({ node, scene }) => [node, scene]).slice(0, 2)).toEqual([
      ['opening', 'opening-0-5'],
      ['opening-to-tour', 'opening-to-tour'],
    ]);
    expect(path[1]?.inputs['leaving.plan']).toBe('Plus');
    for (const { scene } of path) {
      expect(cut.scenes[scene]?.part).toEqual(whole.scenes[scene]?.part);
      expect(Object.keys(cut.scenes[scene]?.inputs.shape ?? {})).toEqual(
        Object.keys(whole.scenes[scene]?.inputs.shape ?? {}),
      );
    }
    const [first, , ...rest] = pathOf(make(usual()), given);
    expect(path[0]).toEqual({ ...first, scene: 'opening-0-5' });
    expect(path.slice(2)).toEqual(rest);
  });
});

describe('where scenes speak', () => {
  /** Says a letter, digit or space in a tenth of a second. */
  const evenly: Speak = ({ said }) => ({ hash: `spoken-${said}`, seconds: said.length / 10, words: [] });
  const speaking = {
    opening: defineScene({
      inputs: z.object({ plan: z.string() }),
      durationInFrames: (_inputs, spoken) => Math.max(...spoken.map(({ toFrame }) => toFrame)) + 3,
      speech: () => [{ text: '0123456789' }, { text: '01234', atFrame: 12 }],
    }),
    tour: defineScene({ inputs: z.object({}), durationInFrames: 30, speech: () => [{ text: '0123456' }] }),
    greeting: scenes.greeting,
  };
  const template = make(usual(), { scenes: speaking });

  it('says each line once and whole, over the transition', () => {
    const path = pathOf(template, { name: 'Maximilian' }).map((bound) => speakScene(template, bound, evenly));
    expect(path.map(({ durationInFrames }) => durationInFrames)).toEqual([15, 5, 21, 4, 16]);
    expect(path[1]?.inputs).toMatchObject({ lengths: { leaving: 20, entering: 30 } });
    let start = 0;
    const heard = path.flatMap((bound) => {
      const scene = template.scenes[bound.scene];
      const { from = 0 } = excerptOf(template.scenes, bound.scene, bound) ?? {};
      const lines = (scene ? spokenIn(bound.inputs, scene) : []).flatMap(({ hash, fromFrame, toFrame }) => {
        const [begins, ends] = [
          Math.max(0, fromFrame - from),
          Math.min(bound.durationInFrames, toFrame - from),
        ];
        return begins < ends ? [`${hash} ${start + begins}-${start + ends}`] : [];
      });
      start += bound.durationInFrames;
      return lines;
    });
    expect(heard).toEqual([
      'spoken-0123456789 0-10',
      'spoken-01234 12-15',
      'spoken-01234 15-17',
      'spoken-0123456 15-20',
      'spoken-0123456 20-22',
    ]);
  });
});
