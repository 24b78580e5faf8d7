import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storyContextOf } from './bind.ts';
import { viewerMoves } from './check/explore.ts';
import { StoryFault, startStory, type StoryContext } from './engine/state.ts';
import { take } from './engine/take.ts';
import { clipName } from './engine/viewer-protocol.ts';
import { recordViews } from './record-views.ts';
import { anyFacts, anyStory, testSamples } from './test-stories.ts';
import { tour } from './test-tour.ts';

const named = (record: object): readonly string[] =>
  recordViews(
    storyContextOf(tour, { firstName: 'Ada', seats: 2, ...record }, {}, { asOf: '2026-01-31' }),
  ).map(({ node, which }) => `${node} ${which}`);

describe('views that depend on the record alone', () => {
  it('are all that viewers can reach, except those that read an answer', () => {
    expect(named({ plan: 'Plus' })).toEqual([
      'welcome own',
      'menu own',
      'planning own',
      'sharing own',
      'reports own',
      'story own',
      'called own',
      'wrote own',
      'compare own',
      'ask own',
      'result generic',
      'offer own',
    ]);
  });

  it('leave out what the record rules out', () => {
    expect(named({ plan: 'Basic' })).not.toContain('reports own');
    expect(named({ plan: 'Business' })).not.toContain('ask own');
    expect(named({ plan: 'Business' })).toContain('offer own');
  });

  /** Plays as `moves` say. @returns the names of nodes that were shown. */
  function wander(context: StoryContext, moves: readonly number[]): readonly string[] {
    let state = startStory(context);
    const shown = [state.node];
    for (const move of moves) {
      const open = viewerMoves(context, state, testSamples);
      const event = open[move % Math.max(1, open.length)];
      const taken = event && take(context, state, event);
      if (taken?.ok !== true) continue;
      state = taken.state;
      shown.push(state.node);
    }
    return shown;
  }

  it('are known before any viewer reaches them', () => {
    fc.assert(
      fc.property(anyStory, anyFacts, fc.array(fc.nat(20), { maxLength: 12 }), (story, facts, moves) => {
        const context: StoryContext = { story, facts };
        let shown: readonly string[];
        try {
          shown = wander(context, moves);
        } catch (error) {
          if (error instanceof StoryFault) return;
          throw error;
        }
        const known = new Set(recordViews(context).map(({ node }) => node));
        expect(shown.filter((node) => story.nodes[node]?.type !== 'end' && !known.has(node))).toEqual([]);
      }),
    );
  });
});

it('names clips by the variables that they read', () => {
  const variables = { teamSize: 3, style: 'bold', seen: 2 };
  expect(clipName(tour.story, 'welcome', variables)).toBe('["welcome","own",{}]');
  expect(clipName(tour.story, 'result', variables)).toBe('["result","own",{"style":"bold","teamSize":3}]');
  expect(clipName(tour.story, 'result', {})).toBe('["result","own",{"style":null,"teamSize":null}]');
  expect(clipName(tour.story, 'result', variables, 'generic')).toBe('["result","generic",{}]');
  expect(() => clipName(tour.story, 'end', variables)).toThrow('shows nothing');
});
