import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { registry } from '../../tests/fixtures/shipped-templates.ts';
import { tour } from '../../video/story/test-tour.ts';
import { hmacWith } from './hmac.ts';
import { createPlanner, type PlanContext } from './plan-render.ts';
import { qualities } from './campaigns.ts';

const hmac = hmacWith(Buffer.alloc(32, 1));

function contextOf(id: string, change: Partial<PlanContext> = {}): PlanContext {
  const template = registry.find((entry) => entry.template.id === id)?.template;
  if (template === undefined) throw new Error(`no template ${id}`);
  const codeHashes = new Map(Object.keys(template.scenes).map((scene) => [scene, `code of ${scene}`]));
  return {
    template,
    format: '16:9',
    encoding: qualities.draft,
    asOf: '2026-06-01',
    engineVersion: '1',
    codeHashes,
    ...change,
  };
}

const context = contextOf('year-in-review');
const record = context.template.fixtures.typical.record;
const keysOf = (change: Partial<PlanContext>, values: Readonly<Record<string, unknown>> = {}) =>
  createPlanner(contextOf('year-in-review', change), hmac).render({ ...record, ...values }, {});

describe('audience segments', () => {
  const { template, ...offer } = contextOf('renewal-offer');
  const loyal = template.fixtures.typical.record;

  it('are those that hold for the record, whether it gets a video or not', () => {
    const planner = createPlanner({ template, ...offer }, hmac);
    expect(planner.render(loyal, {}).segments).toEqual(['loyal']);
    expect(planner.segments({ ...loyal, segment: 'at-risk' })).toEqual(['atRisk']);
    expect(createPlanner(context, hmac).segments(record)).toEqual([]);
  });

  it('fail for a record for which a fact fails, so that such rows are in neither group', () => {
    const fact = { from: ['segment'], derive: () => NaN };
    const planner = createPlanner({ template: { ...template, facts: { fact } }, ...offer }, hmac);
    expect(() => planner.segments(loyal)).toThrow(/"fact" returns NaN/);
  });
});

describe('a planned video', () => {
  const base = keysOf({});

  it('has the same keys whenever it is planned', () => {
    expect(keysOf({})).toEqual(base);
  });

  it('shares all clips but the personal ones with another person of the same kind', () => {
    const other = keysOf({}, { firstName: 'Zoë' });
    base.clips.forEach((clip, index) => {
      const reads = Object.values(clip.inputs).includes(record['firstName']);
      expect(other.clips[index]?.key === clip.key, clip.scene).toBe(!reads);
    });
  });

  it('changes only the keys of a scene whose code was edited', () => {
    const codeHashes = new Map([...context.codeHashes, ['greeting', 'edited']]);
    const edited = keysOf({ codeHashes });
    expect(
      base.clips.filter((clip, index) => clip.key !== edited.clips[index]?.key).map(({ scene }) => scene),
    ).toEqual(['greeting']);
    expect(edited.key).not.toBe(base.key);
  });

  it.each([
    ['format', { format: '1:1' }],
    ['quality', { encoding: qualities.standard }],
    ['engine', { engineVersion: '2' }],
  ] as const)('changes every key with the %s', (_name, change) => {
    const changed = new Set(keysOf(change).clips.map(({ key }) => key));
    expect(base.clips.filter(({ key }) => changed.has(key))).toEqual([]);
  });

  it('gives other keys under another secret', () => {
    const other = createPlanner(context, hmacWith(Buffer.alloc(32, 2))).render(record, {});
    expect(other.clips.map(({ key }) => key)).not.toContain(base.clips[0]?.key);
  });

  it('never keys a fallback as the photo', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f]{64}$/), (hash) => {
        const planner = createPlanner(context, hmac);
        expect(planner.render(record, { photoUrl: { kind: 'stored', hash } }).key).not.toBe(
          planner.render(record, {}).key,
        );
      }),
      { numRuns: 10 },
    );
  });

  it('tells a story that cannot be bound apart from an unexpected failure', () => {
    const nodes = { ...context.template.story.nodes, intro: { type: 'router' as const, next: 'nowhere' } };
    const template = { ...context.template, story: { ...context.template.story, nodes } };
    const plan = () => createPlanner({ ...context, template }, hmac).render(record, {});
    expect(plan).toThrow(expect.objectContaining({ code: 'template-failed' }));
    expect(plan).toThrow('The story has no node "nowhere".');
  });
});

describe('a story that its viewer steers', () => {
  const codeHashes = new Map(Object.keys(tour.scenes).map((scene) => [scene, scene]));
  const planner = createPlanner({ ...contextOf('year-in-review'), template: tour, codeHashes }, hmac);
  const plan = (changes: object) =>
    planner.render({ firstName: 'Ada', plan: 'Plus', seats: 3, ...changes }, {});

  it('wants the pictures that the record decides, beside those of the path', () => {
    const { clips, beside } = plan({});
    const scenes = (drafts: typeof clips) =>
      drafts.map(({ scene, inputs }) => `${scene} ${JSON.stringify(inputs)}`);
    const path = new Set(scenes(clips));
    const others = scenes(beside).filter((each) => !path.has(each));
    expect([...path]).toContain('team {"size":3,"style":"careful"}');
    expect(others).toEqual(['feature {"name":"calls"}']);
    expect(plan({ plan: 'Basic' }).beside.every(({ personal }) => !personal)).toBe(true);
  });

  it('shares them with everybody whom they are not about', () => {
    const keys = (of: ReturnType<typeof plan>) => of.beside.map(({ key }) => key);
    expect(keys(plan({ firstName: 'Zoë', seats: 9 }))).toEqual(keys(plan({})));
  });
});
