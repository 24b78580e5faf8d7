import { describe, expect, it } from 'vitest';
import type { Choice, Story, StoryNode, VariableDeclaration } from '../engine/graph.ts';
import { tour } from '../test-tour.ts';
import type { Template } from '../template.ts';
import { checkStory, type StoryCheckOptions } from './check-story.ts';
import { findingKinds, type FindingCode } from './finding.ts';

const base: Template = tour;

const withStory = (change: Partial<Story>): Template => ({ ...base, story: { ...base.story, ...change } });

/** The tour with one node changed; a property that is `undefined` is as if it were not there. */
function withNode(id: string, change: object): Template {
  const merged = Object.entries({ ...base.story.nodes[id], ...change }).filter(
    ([, value]) => value !== undefined,
  );
  const node = Object.fromEntries(merged) as unknown as StoryNode;
  return withStory({ nodes: { ...base.story.nodes, [id]: node } });
}

function withChoice(node: string, id: string, change: Partial<Choice>): Template {
  const of = base.story.nodes[node];
  const choices = of !== undefined && 'choices' in of ? (of.choices ?? []) : [];
  return withNode(node, { choices: choices.map((each) => (each.id === id ? { ...each, ...change } : each)) });
}

function withVariable(name: string, change: object): Template {
  const declaration = { ...base.story.variables[name], ...change } as VariableDeclaration;
  return withStory({ variables: { ...base.story.variables, [name]: declaration } });
}

function withHotspot(change: object): Template {
  const { menu } = base.story.nodes;
  const hotspots = menu?.type === 'hub' ? (menu.hotspots ?? []) : [];
  return withNode('menu', {
    hotspots: hotspots.map((each, index) => (index === 0 ? { ...each, ...change } : each)),
  });
}

const area = (x: number, y: number, width: number, height: number) => {
  const each = { x, y, width, height };
  return { areas: { '16:9': each, '9:16': each } };
};

const scene = (change: object) => ({ ...base, scenes: { ...base.scenes, ...change } });

const probe = (name: string, rate: string) => ({
  scene: name,
  group: '16:9 draft',
  parameters: { codec: 'h264', 'frame rate': rate },
});

const link = (change: object) => ({ label: 'See', to: 'https://shop.example.com/offer', ...change });

const button = (y: number) => {
  const area = { x: 0.1, y, width: 0.3, height: 0.2 };
  return { areas: { '16:9': area, '9:16': area, '1:1': area } };
};

const codesOf = async (template: Template, options?: StoryCheckOptions): Promise<readonly string[]> => {
  const { findings } = await checkStory(template, { walks: 20, ...options });
  return [...new Set(findings.map(({ code }) => code))].sort();
};

type Mistake = readonly [FindingCode, Template, (readonly FindingCode[])?, StoryCheckOptions?];

/** For each code the tour with one thing wrong, and whatever else follows from that. */
const mistakes: readonly Mistake[] = [
  ['id-missing', withChoice('story', 'call', { id: '' })],
  ['id-duplicate', withChoice('story', 'call', { id: 'write' })],
  ['id-duplicate', { ...base, facts: { seen: { from: [], derive: () => 1 } } }],
  ['node-unknown', withNode('called', { next: 'nowhere' })],
  ['node-unknown', withStory({ start: 'nowhere' }), ['node-unreachable']],
  ['node-unknown', withChoice('menu', 'go-on', { when: { lt: [{ visits: 'nowhere' }, 3] } })],
  ['choice-unknown', withHotspot({ choice: 'nothing' })],
  ['choice-unknown', withNode('story', { decision: { locksAtFrame: 150, default: { choice: 'sing' } } })],
  ['scene-unknown', withNode('called', { scene: 'nothing' })],
  ['node-unreachable', withStory({ nodes: { ...base.story.nodes, lonely: { type: 'end' } } })],
  [
    'node-unreachable',
    withStory({
      nodes: {
        ...base.story.nodes,
        lonely: { type: 'end' },
        which: {
          type: 'router',
          next: [{ when: { lt: [{ visits: 'menu' }, 1] }, to: 'lonely' }, { to: 'ask' }],
        },
      },
    }),
  ],
  ['dead-end', withNode('called', { next: undefined })],
  ['dead-end', withNode('story', { decision: { locksAtFrame: 150 } })],
  ['end-unreachable', withNode('offer', { next: 'menu' }), ['node-unreachable', 'passive-walk-endless']],
  [
    'end-unreachable',
    withChoice('menu', 'go-on', { when: { eq: [{ var: 'plan' }, 'Plus'] } }),
    ['passive-walk-endless'],
  ],
  ['loop-without-viewer', withNode('called', { next: 'called' }), ['end-unreachable']],
  ['return-without-detour', withNode('called', { next: 'back' })],
  [
    'passive-walk-endless',
    withNode('result', { next: 'ask', choices: [{ id: 'buy', label: 'Buy', to: 'offer' }] }),
  ],
  ['no-fallback', withNode('which', { next: [{ when: { eq: [{ var: 'plan' }, 'Plus'] }, to: 'ask' }] })],
  [
    'guard-shadowed',
    withNode('which', {
      next: [{ to: 'ask' }, { when: { eq: [{ var: 'business' }, true] }, to: 'offer' }],
    }),
  ],
  [
    'choice-never-enabled',
    withChoice('menu', 'sharing', { when: { lt: [{ var: 'seats' }, 0] } }),
    ['node-unreachable'],
  ],
  [
    'choice-never-enabled',
    withChoice('menu', 'sharing', { when: { visited: 'offer' } }),
    ['node-unreachable'],
  ],
  [
    'variable-undefined',
    withChoice('menu', 'sharing', { when: { present: 'colour' } }),
    ['choice-never-enabled'],
  ],
  ['variable-undefined', withNode('compare', { inputs: { plan: { var: 'tariff' } } })],
  ['variable-undefined', withVariable('colour', { type: 'text', source: 'record', maxLength: 9 })],
  [
    'variable-undefined',
    { ...base, segments: { business: { eq: [{ var: 'tariff' }, 'Business'] } } },
    ['guard-shadowed'],
  ],
  [
    'variable-mistyped',
    withChoice('menu', 'sharing', { when: { eq: [{ var: 'plan' }, 'basic'] } }),
    ['choice-never-enabled'],
  ],
  [
    'variable-mistyped',
    withChoice('menu', 'sharing', { when: { lt: [{ var: 'seats' }, '3'] } }),
    ['choice-never-enabled'],
  ],
  ['variable-mistyped', withChoice('story', 'call', { effects: [{ set: 'style', to: 'rash' }] })],
  ['variable-mistyped', withChoice('story', 'call', { effects: [{ add: 'style', by: 1 }] })],
  ['variable-mistyped', withChoice('story', 'call', { effects: [{ set: 'style', to: { var: 'seats' } }] })],
  ['variable-mistyped', withVariable('seen', { initial: 10 })],
  [
    'variable-mistyped',
    withNode('ask', { question: { label: 'How many?', variable: 'teamSize', otherwise: 0 } }),
  ],
  ['variable-unset', withVariable('teamSize', { initial: undefined })],
  [
    'variable-never-set',
    withStory({
      variables: { ...base.story.variables, mood: { type: 'boolean', source: 'session' } },
      nodes: {
        ...base.story.nodes,
        which: { type: 'router', next: [{ when: { present: 'mood' }, to: 'offer' }, { to: 'ask' }] },
      },
    }),
  ],
  ['write-to-read-only', withChoice('story', 'call', { effects: [{ set: 'plan', to: 'Plus' }] })],
  ['write-to-read-only', withNode('ask', { question: { label: 'How many?', variable: 'seats' } })],
  ['write-back-invalid', withVariable('teamSize', { writeBack: { field: 'people', purpose: 'To know' } })],
  ['write-back-invalid', withVariable('teamSize', { max: 60 })],
  ['write-back-without-purpose', withVariable('teamSize', { writeBack: { field: 'seats', purpose: ' ' } })],
  [
    'window-impossible',
    withNode('story', { decision: { appearsAtFrame: 150, locksAtFrame: 150, default: 'first-enabled' } }),
  ],
  ['window-impossible', withNode('story', { decision: { locksAtFrame: 181, default: 'first-enabled' } })],
  ['window-impossible', withHotspot({ fromFrame: 30, toFrame: 30 })],
  ['decisions-overlap', withHotspot(area(0.3, 0.3, 0.3, 0.3))],
  ['decisions-overlap', withChoice('menu', 'sharing', { key: 'P' })],
  ['decisions-overlap', withChoice('menu', 'sharing', { key: ' ' })],
  ['hotspot-off-frame', withHotspot(area(0.9, 0.8, 0.2, 0.2))],
  ['hotspot-too-small', withHotspot(area(0.1, 0.1, 0.06, 0.2))],
  ['hotspot-too-small', withHotspot(area(0.1, 0.1, 0.2, 0.11))],
  ['hotspot-format-missing', withHotspot({ areas: { '16:9': { x: 0, y: 0, width: 0.2, height: 0.2 } } })],
  ['input-undeclared', withNode('menu', { inputs: { colour: { value: 'red' } } })],
  ['input-missing', withNode('compare', { inputs: {} })],
  ['input-refused', withNode('called', { inputs: { name: { value: 'singing' } } })],
  ['input-refused', withNode('offer', { inputs: { plan: { var: 'firstName' } } })],
  ['joint-mismatch', { ...base, fps: 29.97 }],
  ['joint-mismatch', scene({ menu: { ...base.scenes['menu'], durationInFrames: 60.5 } })],
  [
    'joint-mismatch',
    base,
    [],
    { clips: [probe('menu', '30/1'), probe('offer', '30/1'), probe('team', '25/1')] },
  ],
  ['glyph-unavailable', base, [], { undrawn: [{ file: 'copy.ts', character: 'ཀ' }] }],
  ['no-generic-clip', withNode('result', { generic: undefined })],
  [
    'no-generic-clip',
    withNode('result', {
      generic: { scene: 'team', inputs: { size: { var: 'teamSize' }, style: { value: 'bold' } } },
    }),
  ],
  ['template-failed', scene({ menu: { ...base.scenes['menu'], captions: () => [{ text: 'Menu' }] } })],
  ['captions-missing', scene({ menu: { ...base.scenes['menu'], captions: () => [] } })],
  ['label-missing', withChoice('story', 'call', { label: ' ' })],
  ['label-missing', withNode('ask', { question: { label: 'How?', variable: 'style' } })],
  ['label-missing', withVariable('teamSize', { label: undefined })],
  ['label-too-long', withChoice('story', 'call', { label: 'Call '.repeat(12) })],
  ['personal-in-link', withNode('offer', { link: link({ query: { name: { var: 'firstName' } } }) })],
  ['link-not-allowed', withNode('offer', { link: link({ to: 'https://elsewhere.example.com/' }) })],
  ['link-not-allowed', withNode('offer', { link: link({ to: 'http://shop.example.com/' }) })],
  ['link-not-allowed', withNode('offer', { link: link({ to: 'javascript:alert(1)' }) })],
  ['link-not-allowed', withNode('offer', { link: link({ field: 'firstName' }) })],
  ['link-not-allowed', withNode('offer', { link: link({ field: 'address' }) })],
  ['hotspot-off-frame', withNode('offer', { link: link({ button: button(0.9) }) })],
  ['hotspot-format-missing', withNode('offer', { link: link({ button: { areas: {} } }) })],
  ['window-impossible', withNode('offer', { link: link({ button: { ...button(0.1), fromFrame: 9_000 } }) })],
  ['translation-missing', { ...base, translations: { de: { [base.title]: 'Eine Führung' } } }],
  ['variant-explosion', withVariable('teamSize', { max: 500, writeBack: 'none' })],
];

describe('the check of a story', () => {
  it('finds nothing in the tour', async () => {
    const { findings, search, walks } = await checkStory(base);
    expect(findings).toEqual([]);
    expect(search.complete).toBe(true);
    expect(walks.ended).toBe(walks.count);
    expect(Object.values(walks.hits).every((times) => times > 0)).toBe(true);
  });

  it.each(mistakes.map(([code, template, also = [], options]) => ({ code, template, also, options })))(
    'finds $code',
    async ({ code, template, also, options }) => {
      expect(await codesOf(template, options)).toEqual([code, ...also].sort());
    },
  );

  const tier = {
    type: 'choice',
    source: 'session',
    values: ['Basic', 'Plus', 'Business'],
    initial: { var: 'plan' },
  } as const;

  it.each([
    ['a field of the record', 'plan'],
    ['a variable that begins with it', 'tier'],
  ])('says which customers run into what by %s', async (_, name) => {
    const changed = withChoice('menu', 'go-on', { when: { not: { eq: [{ var: name }, 'Basic'] } } });
    const stuck: Template = {
      ...changed,
      story: { ...changed.story, variables: { ...changed.story.variables, tier } },
    };
    async function* customers() {
      const plans = ['Plus', 'Basic', 'Business', 'Basic'];
      for (const [index, plan] of plans.entries()) {
        yield await Promise.resolve({ id: `c-${index + 1}`, record: { firstName: 'Bo', plan, seats: 2 } });
      }
    }
    const { findings, customers: looked } = await checkStory(stuck, { customers: customers() });
    expect(looked).toBe(4);
    expect(findings.map(({ code, customers: who }) => [code, who])).toEqual([
      ['end-unreachable', ['c-2', 'c-4']],
      ['passive-walk-endless', ['c-2', 'c-4']],
    ]);
  });

  it('counts the clips of all customers before anything is rendered', async () => {
    async function* customers() {
      for (let row = 0; row < 600; row += 1) {
        yield await Promise.resolve({
          id: `c-${row}`,
          record: { firstName: `N${row}`, plan: 'Plus', seats: 1 + (row % 50) },
        });
      }
    }
    const loose = {
      ...base.record,
      firstName: { ...base.record['firstName'], personal: false },
    } as Template['record'];
    const { findings, clips } = await checkStory({ ...base, record: loose }, { customers: customers() });
    expect(clips.find(({ node }) => node === 'welcome')).toMatchObject({ perCustomer: 1, total: 600 });
    expect(clips.find(({ node }) => node === 'compare')).toMatchObject({ perCustomer: 1, total: 1 });
    expect(findings.map(({ code, node }) => [code, node])).toEqual([['variant-explosion', 'welcome']]);
  });

  it('plays the same way for the same seed', async () => {
    const one = await checkStory(base, { seed: 7, walks: 30 });
    const again = await checkStory(base, { seed: 7, walks: 30 });
    const other = await checkStory(base, { seed: 8, walks: 30 });
    expect(again.walks).toEqual(one.walks);
    expect(other.walks.hits).not.toEqual(one.walks.hits);
  });

  it('has a mistake for every code', () => {
    const made = new Set(mistakes.map(([code]) => code));
    expect(Object.keys(findingKinds).filter((code) => !made.has(code as FindingCode))).toEqual([]);
  });
});
