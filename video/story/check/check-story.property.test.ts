import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { choice } from '../../../data/fields.ts';
import { newSession, step, type Session } from '../engine/session.ts';
import type { Story } from '../engine/graph.ts';
import { nodeOf, type StoryState, type StoryContext } from '../engine/state.ts';
import { passivePlaythrough } from '../playthrough.ts';
import { take } from '../engine/take.ts';
import { defineScene } from '../scene.ts';
import type { Template } from '../template.ts';
import { anyFacts, anyStory, testSamples } from '../test-stories.ts';
import { tour } from '../test-tour.ts';
import { checkStory } from './check-story.ts';
import { viewerMoves } from './explore.ts';

const sample = { record: { plan: 'Plus' }, images: {} };

/** A template around a story that was drawn. */
const templateOf = (story: Story): Template => ({
  ...tour,
  record: { plan: choice(['Basic', 'Plus'], { label: 'Plan', personal: false }) },
  segments: {},
  scenes: {
    plain: defineScene({
      inputs: z.object({}),
      durationInFrames: 40,
      captions: () => [{ fromFrame: 0, toFrame: 40, text: 'Plain' }],
    }),
  },
  story,
  fixtures: {
    typical: sample,
    'empty-optionals': sample,
    longest: sample,
    'right-to-left': sample,
    'emoji-and-cjk': sample,
    'missing-image': sample,
  },
});

async function passes(story: Story): Promise<boolean> {
  const { findings } = await checkStory(templateOf(story), { walks: 10 });
  return findings.every(({ severity }) => severity === 'warning');
}

/** Plays as a viewer whose decisions are drawn, who goes back and forth too. @throws StoryFault */
function play(context: StoryContext, draws: readonly number[]): Session {
  const others = ['back', 'undo', 'redo'] as const;
  let session = newSession;
  for (const draw of [0, ...draws]) {
    const { state } = session;
    const moves =
      state === undefined ? [{ type: 'start' } as const] : viewerMoves(context, state, testSamples);
    const back = draw % 5 === 4 ? [{ type: others[draw % 3] ?? 'back' } as const] : [];
    const events = [...back, ...moves];
    const event = back[0] ?? events[draw % events.length];
    if (event === undefined) break;
    const next = step(context, session, event);
    if (next.ok) session = next.session;
  }
  return session;
}

/** Whether an end can be reached from a state, searching a few thousand states. */
function canEnd(context: StoryContext, from: StoryState): boolean {
  const open = [from];
  const seen = new Set<string>();
  for (const state of open) {
    if (nodeOf(context.story, state.node).type === 'end') return true;
    if (open.length > 5_000) throw new Error('No end within 5,000 states.');
    for (const move of viewerMoves(context, state, testSamples)) {
      const taken = take(context, state, move);
      if (!taken.ok) continue;
      const { node, variables, visits, returns, waiting, pick, taken: times } = taken.state;
      const name = JSON.stringify([node, variables, visits, returns, waiting, pick, times]);
      if (seen.has(name)) continue;
      seen.add(name);
      open.push(taken.state);
    }
  }
  return false;
}

describe('a story that passes the check', () => {
  it('ends: from every state a path leads to an end, and viewers who only watch reach one', async () => {
    const draws = fc.array(fc.nat(1_000), { maxLength: 30 });
    const law = fc.asyncProperty(anyStory, anyFacts, draws, async (story, facts, some) => {
      fc.pre(await passes(story));
      const context: StoryContext = { story, facts };
      const { state } = play(context, some);
      expect(state !== undefined && canEnd(context, state)).toBe(true);
      expect(nodeOf(story, passivePlaythrough(context).node).type).toBe('end');
    });
    // One of twenty to thirty stories passes.
    await fc.assert(law, { numRuns: 12, maxSkipsPerRun: 200 });
  });
});
