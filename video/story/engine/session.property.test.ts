import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { viewerMoves } from '../check/explore.ts';
import { storySchema } from '../story-schema.ts';
import { anyFacts, anyStory, testSamples } from '../test-stories.ts';
import type { SessionEvent } from './take.ts';
import { replay, newSession, step, type LogEntry, type Session } from './session.ts';
import type { StoryContext } from './state.ts';

const others: readonly SessionEvent[] = [
  { type: 'back' },
  { type: 'undo' },
  { type: 'redo' },
  { type: 'time-limits', on: false },
  { type: 'time-limits', on: true },
  { type: 'choose', node: 'a', choice: 'one', frame: 0 },
  { type: 'ended', node: 'b', visit: 2 },
];

interface Played {
  readonly session: Session;
  readonly log: readonly LogEntry[];
}

/** Plays as a viewer whose decisions are drawn beforehand; stops where the story is wrong. */
function play(
  context: StoryContext,
  draws: readonly number[],
  from: Played = { session: newSession, log: [] },
): Played {
  let { session } = from;
  const log = [...from.log];
  for (const draw of draws) {
    const moves = session.state === undefined ? [] : viewerMoves(context, session.state, testSamples);
    const events: readonly SessionEvent[] =
      session.state === undefined ? [{ type: 'start' }] : [...moves, ...moves, ...others];
    const event = events[draw % events.length];
    if (event === undefined) break;
    const next = step(context, session, event);
    if (!next.ok) continue;
    session = next.session;
    log.push(next.entry);
  }
  return { session, log };
}

const draws = fc.array(fc.nat(1_000), { maxLength: 40 });
const context = fc.record({ story: anyStory, facts: anyFacts });

describe('a session', () => {
  it('is what its log says, read back from JSON', () => {
    fc.assert(
      fc.property(context, draws, (of, some) => {
        const { session, log } = play(of, some);
        const stored = JSON.parse(JSON.stringify(log)) as LogEntry[];
        expect(replay(of, stored)).toEqual({ ok: true, session });
      }),
      { numRuns: 300 },
    );
  });

  it('is in the same state after undo and redo', () => {
    fc.assert(
      fc.property(context, draws, (of, some) => {
        const { session } = play(of, some);
        const undone = step(of, session, { type: 'undo' });
        if (!undone.ok) return;
        const redone = step(of, undone.session, { type: 'redo' });
        expect(redone.ok && redone.session).toEqual(session);
      }),
      { numRuns: 300 },
    );
  });

  it('comes back to its start by undoing everything, and on again by redoing everything', () => {
    fc.assert(
      fc.property(context, draws, (of, some) => {
        const { session } = play(of, some);
        let now = session;
        let steps = 0;
        for (let undone = step(of, now, { type: 'undo' }); undone.ok; steps += 1) {
          now = undone.session;
          undone = step(of, now, { type: 'undo' });
        }
        expect(now.past).toBeUndefined();
        for (; steps > 0; steps -= 1) {
          const redone = step(of, now, { type: 'redo' });
          if (!redone.ok) throw new Error(redone.refusal.reason);
          now = redone.session;
        }
        expect(now.state).toEqual(session.state);
      }),
      { numRuns: 200 },
    );
  });

  it('never changes what it was given', () => {
    fc.assert(
      fc.property(context, draws, draws, (of, some, more) => {
        const played = play(of, some);
        const before = JSON.stringify(played);
        const text = JSON.stringify(of);
        play(of, more, played);
        expect(JSON.stringify(played)).toBe(before);
        expect(JSON.stringify(of)).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  it('continues in another story only if that leads to the same state', () => {
    fc.assert(
      fc.property(context, anyStory, draws, (of, story, some) => {
        const { session, log } = play(of, some);
        const resumed = replay({ ...of, story }, log);
        if (!resumed.ok) return;
        expect(resumed.session.state?.node).toBe(session.state?.node);
        expect(resumed.session.state?.variables).toEqual(session.state?.variables);
      }),
      { numRuns: 300 },
    );
  });
});

it('the schema accepts every story of these types unchanged', () => {
  fc.assert(
    fc.property(anyStory, (story) => {
      expect(storySchema.parse(JSON.parse(JSON.stringify(story)))).toEqual(JSON.parse(JSON.stringify(story)));
    }),
  );
});

it('a story of another version is refused with a plain reason', () => {
  const read = storySchema.safeParse({ version: 1, start: 'end', nodes: { end: { type: 'end' } } });
  expect(read.error?.issues.map(({ message }) => message)).toEqual(['A story must have version 2.']);
});
