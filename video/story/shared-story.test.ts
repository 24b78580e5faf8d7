import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { registry } from '../../tests/fixtures/shipped-templates.ts';
import { storyContextOf } from './bind.ts';
import { viewerMoves } from './check/explore.ts';
import type { Variables } from './engine/condition.ts';
import type { Story } from './engine/graph.ts';
import { startStory, type StoryContext, StoryFault } from './engine/state.ts';
import { newSession, step, type LogEntry } from './engine/session.ts';
import { sharedStory } from './shared-story.ts';
import { anyStory, testSamples } from './test-stories.ts';
import { tour } from './test-tour.ts';

/** Puts the record into what stories of the generator compare, set and begin with. */
function readingRecord(story: Story): Story {
  const text = JSON.stringify(story)
    .replaceAll('[{"var":"taste"},"salty"]', '[{"var":"taste"},{"var":"favourite"}]')
    .replaceAll('[{"var":"count"},2]', '[{"var":"seats"},{"var":"count"}]')
    .replaceAll('"set":"taste","to":"sweet"', '"set":"taste","to":{"var":"favourite"}')
    .replaceAll('"set":"taste","to":"salty"', '"set":"mine","to":{"var":"taste"}');
  const read = z.custom<Story>().parse(JSON.parse(text));
  const mine = { type: 'choice', source: 'session', values: ['sweet', 'salty'] } as const;
  return { ...read, variables: { ...read.variables, mine: { ...mine, initial: { var: 'favourite' } } } };
}

const anyFacts: fc.Arbitrary<Variables> = fc.record(
  {
    plan: fc.constantFrom('Basic', 'Plus'),
    favourite: fc.constantFrom('sweet', 'salty'),
    seats: fc.integer({ min: 0, max: 3 }),
  },
  { requiredKeys: ['plan'] },
);

/** Plays as moves say, in the story of a shared link, and plays the same events in other contexts. */
function walkBeside(given: StoryContext, others: readonly StoryContext[], moves: readonly number[]) {
  let session = newSession;
  const log: LogEntry[] = [];
  const besides = others.map(() => ({ session: newSession, log: [] as (LogEntry | string)[] }));
  for (const move of moves) {
    const open = session.state === undefined ? [] : viewerMoves(given, session.state, testSamples);
    const event =
      session.state === undefined ? ({ type: 'start' } as const) : open[move % Math.max(1, open.length)];
    if (event === undefined) break;
    const next = step(given, session, event);
    for (const [index, beside] of besides.entries()) {
      const context = others[index];
      const taken = context && step(context, beside.session, event);
      if (taken?.ok === true) beside.session = taken.session;
      if (next.ok) beside.log.push(taken?.ok === true ? taken.entry : 'refused');
      else expect(taken?.ok).toBe(false);
    }
    if (!next.ok) continue;
    session = next.session;
    log.push(next.entry);
  }
  return { log, others: besides.map((beside) => beside.log) };
}

const wayOf = (log: readonly (LogEntry | string)[]) =>
  log.map((entry) => (typeof entry === 'string' ? entry : [entry.to, entry.says]));

describe('a story for viewers by a shared link', () => {
  it('leads where the whole story leads, and reads no facts', () => {
    let steps = 0;
    fc.assert(
      fc.property(anyStory, anyFacts, fc.array(fc.nat(20), { maxLength: 12 }), (any, facts, moves) => {
        const context: StoryContext = { story: readingRecord(any), facts };
        try {
          const story = sharedStory(context);
          const { log, others } = walkBeside({ story, facts: {} }, [{ story, facts }, context], moves);
          expect(others[0]).toEqual(log);
          expect(wayOf(others[1] ?? [])).toEqual(wayOf(log));
          steps += log.length;
        } catch (error) {
          // Most stories of the generator are wrong somewhere; the whole one must be wrong there, too.
          if (!(error instanceof StoryFault)) throw error;
        }
      }),
      { numRuns: 2_000 },
    );
    expect(steps).toBeGreaterThan(1_000);
  });

  it.each(registry.map(({ template }) => [template.id, template] as const))(
    'names nothing of a record of %s, and neither its facts nor its segments',
    (_id, template) => {
      const names = [template.record, template.facts, template.segments].flatMap((each) => Object.keys(each));
      for (const [fixture, { record }] of Object.entries(template.fixtures)) {
        const context = storyContextOf(template, record, {}, { asOf: '2026-11-25' });
        const text = JSON.stringify(sharedStory(context));
        for (const name of names) expect(text, `${fixture}: ${name}`).not.toContain(`{"var":"${name}"}`);
        expect(startStory({ story: sharedStory(context), facts: {} }).node).toBe(startStory(context).node);
      }
    },
  );

  const shared = (record: object) =>
    sharedStory(storyContextOf(tour, { firstName: 'Ada', seats: 2, ...record }, {}, { asOf: '2026-01-31' }));

  it('does not say of which segment a customer is', () => {
    const offer = registry.find(({ template }) => template.id === 'renewal-offer');
    const { template } = z.custom<NonNullable<typeof offer>>().parse(offer);
    const { record } = z.custom<{ record: object }>().parse(Object.values(template.fixtures)[0]);
    const context = storyContextOf(template, { ...record, segment: 'at-risk' }, {}, { asOf: '2026-11-25' });
    const story = sharedStory(context);
    expect(context.facts['atRisk']).toBe(true);
    expect(story.nodes['open']).toEqual({ type: 'router', next: [{ to: 'comeback' }] });
    expect(JSON.stringify(story)).not.toMatch(/risk|loyal|segment|business/i);
  });

  it('has no nodes that the record rules out, and still shows the choices that lead there', () => {
    const without = shared({ plan: 'Basic' });
    expect(Object.keys(without.nodes)).not.toContain('reports');
    expect(without.nodes['menu']).toMatchObject({
      choices: [{ id: 'planning' }, { id: 'sharing' }, { label: 'Reports', to: [], when: { any: [] } }, {}],
    });
    expect(Object.keys(shared({ plan: 'Plus' }).nodes)).toContain('reports');
  });

  const question: Story = {
    version: 2,
    start: 'ask',
    links: ['https://shop.example'],
    variables: {
      town: { type: 'text', source: 'viewer', maxLength: 20, initial: { var: 'home' } },
      shown: { type: 'text', source: 'session', maxLength: 20, initial: { var: 'name' } },
      kept: { type: 'text', source: 'session', maxLength: 20, initial: { var: 'secret' } },
    },
    nodes: {
      ask: {
        type: 'form',
        scene: 'plain',
        inputs: {},
        while: 'hold',
        question: { label: 'Where?', variable: 'town' },
        next: [{ when: { eq: [{ var: 'secret' }, 'gold'] }, to: 'offer' }, { to: 'end' }],
      },
      offer: {
        type: 'cta',
        scene: 'plain',
        inputs: { who: { var: 'shown' }, tone: { value: 'for gold' } },
        link: {
          label: 'Book',
          to: 'https://shop.example/book',
          query: { customer: { var: 'secret' }, town: { var: 'town' }, from: { value: 'film' } },
        },
        next: 'end',
      },
      end: { type: 'end' },
    },
  };

  it('holds values of the record only where the film shows them, and none in addresses', () => {
    const story = sharedStory({ story: question, facts: { secret: 'gold', home: 'Ulm', name: 'Zoë' } });
    expect(story.variables).toEqual({
      town: { type: 'text', source: 'viewer', maxLength: 20 },
      shown: { type: 'text', source: 'session', maxLength: 20, initial: 'Zoë' },
    });
    expect(story.nodes['ask']).toMatchObject({ next: [{ to: 'offer' }] });
    expect(story.nodes['offer']).toMatchObject({
      inputs: { who: { var: 'shown' } },
      link: { query: { town: { var: 'town' }, from: { value: 'film' } } },
    });
    expect(JSON.stringify(story)).not.toMatch(/gold|secret|Ulm|customer/);
  });
});
