import { describe, expect, it } from 'vitest';
import { bindPathOf, storyContextOf } from '../bind.ts';
import { tour } from '../test-tour.ts';
import { lookAhead, type SessionEvent } from './take.ts';
import type { Story } from './graph.ts';
import { linkAddress, enabledChoices, pathOf, type StoryState, type StoryContext } from './state.ts';
import { passivePlaythrough } from '../playthrough.ts';
import { replay, newSession, step, type LogEntry, type Session } from './session.ts';

const asOf = { asOf: '2026-01-01' };
const contextFor = (plan: string, seats = 3) =>
  storyContextOf(tour, { firstName: 'Ada', plan, seats }, {}, asOf);
const plus = contextFor('Plus');

const ended = (node: string): SessionEvent => ({ type: 'ended', node });
const choose = (node: string, choice: string, frame = 60): SessionEvent => ({
  type: 'choose',
  node,
  choice,
  frame,
});
const start: SessionEvent = { type: 'start' };
const toMenu = [start, ended('welcome')];
const toStory = [...toMenu, choose('menu', 'go-on')];
const toForm = [...toStory, choose('story', 'call'), ended('story'), ended('called'), ended('compare')];

/** Plays events that must all be taken. */
function play(context: StoryContext, events: readonly SessionEvent[], from: Session = newSession) {
  const log: LogEntry[] = [];
  let session = from;
  for (const event of events) {
    const next = step(context, session, event);
    if (!next.ok) throw new Error(`${JSON.stringify(event)} was refused: ${next.refusal.reason}`);
    session = next.session;
    log.push(next.entry);
  }
  if (session.state === undefined) throw new Error('Nothing was played.');
  return { session, state: session.state, log };
}

function refusalOf(context: StoryContext, events: readonly SessionEvent[], last: SessionEvent) {
  const next = step(context, events.length === 0 ? newSession : play(context, events).session, last);
  return next.ok ? undefined : next.refusal;
}

const nodesOf = (state: StoryState) => pathOf(state).map(({ node }) => node);
const withNodes = (nodes: Partial<Story['nodes']>): StoryContext => ({
  ...plus,
  story: { ...tour.story, nodes: { ...tour.story.nodes, ...nodes } as Story['nodes'] },
});

describe('a session of the tour', () => {
  it('comes back to the hub from each feature', () => {
    const { state } = play(plus, [...toMenu, choose('menu', 'planning'), ended('planning')]);
    expect(nodesOf(state)).toEqual(['welcome', 'menu', 'planning', 'menu']);
    expect(state).toMatchObject({ returns: [], variables: { seen: 1 }, visits: { menu: 2, back: 1 } });
  });

  it('lets the scene end before a choice counts, and the viewer think again until it locks', () => {
    const { session, state } = play(plus, [
      ...toStory,
      choose('story', 'call', 30),
      choose('story', 'write', 149),
    ]);
    expect(state).toMatchObject({ node: 'story', pick: 'write' });
    expect(play(plus, [ended('story')], session).state.node).toBe('wrote');
  });

  it('takes the default if the viewer does nothing', () => {
    const { state } = play(plus, [...toStory, ended('story')]);
    expect(state).toMatchObject({ node: 'wrote', variables: { style: 'careful' } });
  });

  it('waits instead where time is not limited, and takes late choices', () => {
    const patient = play(plus, [start, { type: 'time-limits', on: false }, ...toStory.slice(1)]);
    const waiting = play(plus, [ended('story')], patient.session);
    expect(waiting.state).toMatchObject({ node: 'story', waiting: true });
    expect(play(plus, [choose('story', 'call', 9_000)], waiting.session).state.node).toBe('called');
  });

  it('asks, checks and remembers', () => {
    const { state, log } = play(plus, [...toForm, { type: 'answer', node: 'ask', value: 12, frame: 5 }]);
    expect(state).toMatchObject({ node: 'result', variables: { teamSize: 12, style: 'bold' } });
    expect(log.at(-1)).toMatchObject({ to: 'result', set: { teamSize: 12 } });
    expect(bindPathOf(tour, plus, state).at(-1)).toMatchObject({
      inputs: { size: 12, style: 'bold' },
      personal: true,
    });
  });

  it('keeps what the record said where a question is passed over', () => {
    const { state } = play(plus, [...toForm, { type: 'skip', node: 'ask', frame: 5 }]);
    expect(state.variables.teamSize).toBe(3);
  });

  it('comes back from a detour to what follows it, and lets data pick the way', () => {
    const rest = toForm.slice(0, -1);
    expect(play(contextFor('Business'), [...rest, ended('compare')]).state.node).toBe('offer');
    expect(play(plus, [...rest, ended('compare')]).state.node).toBe('ask');
  });

  it('writes what the viewer saw and what it led to into the log', () => {
    expect(play(plus, [...toStory, choose('story', 'call'), ended('story')]).log.slice(2)).toEqual([
      { event: choose('menu', 'go-on'), to: 'story', says: 'That is enough' },
      { event: choose('story', 'call'), to: 'story', says: 'Call at once' },
      { event: ended('story'), to: 'called', set: { style: 'bold' } },
    ]);
  });
});

describe('going back', () => {
  it('leads to the last decision as it was on arrival, effects undone', () => {
    const { session } = play(plus, [...toStory, choose('story', 'call'), ended('story'), ended('called')]);
    const once = play(plus, [{ type: 'back' }], session);
    expect(once.state).toMatchObject({ node: 'story', pick: undefined, variables: { style: 'careful' } });
    const twice = play(plus, [{ type: 'back' }], once.session);
    expect(twice.state.node).toBe('menu');
    expect(step(plus, twice.session, { type: 'back' })).toMatchObject({
      refusal: { reason: 'nothing-to-go-back-to' },
    });
  });

  it('is a step that can be undone', () => {
    const played = play(plus, [...toStory, choose('story', 'call'), ended('story')]);
    const again = play(plus, [{ type: 'back' }, { type: 'undo' }], played.session);
    expect(again.state).toEqual(played.state);
  });

  it('offers the choice again that was left to silence', () => {
    expect(play(plus, [...toStory, ended('story'), { type: 'back' }]).state.node).toBe('story');
  });
});

describe('an event that does not fit', () => {
  it.each<[string, StoryContext, readonly SessionEvent[], SessionEvent]>([
    ['not-started', plus, [], ended('welcome')],
    ['already-started', plus, toMenu, start],
    ['not-here', plus, toMenu, ended('welcome')],
    ['not-here', plus, toMenu, { type: 'choose', node: 'menu', choice: 'go-on', frame: 1, visit: 2 }],
    ['choice-unknown', plus, toMenu, choose('menu', 'constructor')],
    [
      'choice-changed',
      plus,
      toMenu,
      { type: 'choose', node: 'menu', choice: 'go-on', frame: 1, says: 'Stay' },
    ],
    ['choice-disabled', contextFor('Basic'), toMenu, choose('menu', 'reports')],
    ['too-early', plus, toStory, choose('story', 'call', 29)],
    ['too-early', plus, toStory, choose('story', 'call', Number.NaN)],
    ['too-late', plus, toStory, choose('story', 'call', 150)],
    ['not-expired', plus, toMenu, { type: 'expire', node: 'menu', frame: 1e6 }],
    ['nothing-to-end', plus, toMenu, ended('menu')],
    ['not-a-form', plus, toMenu, { type: 'answer', node: 'menu', value: 1, frame: 0 }],
    ['no-link', plus, toMenu, { type: 'follow', node: 'menu' }],
    ['nothing-to-undo', plus, [start], { type: 'undo' }],
    ['unknown-node', { ...plus, story: { ...plus.story, start: 'nowhere' } }, [], start],
    ['nothing-to-redo', plus, toMenu, { type: 'redo' }],
  ])('is refused: %s', (reason, context, before, event) => {
    expect(refusalOf(context, before, event)).toEqual({ reason });
  });

  it.each([
    [0, 'out-of-range'],
    [51, 'out-of-range'],
    [Number.NaN, 'out-of-range'],
    [2.5, 'not-whole'],
    ['3', 'wrong-type'],
  ] as const)('is refused: the answer %s is %s', (value, problem) => {
    expect(refusalOf(plus, toForm, { type: 'answer', node: 'ask', value, frame: 0 })).toEqual({
      reason: 'answer-refused',
      problem,
    });
  });
});

describe('a story that changed while a session was open', () => {
  const { log, session } = play(plus, [...toStory, choose('story', 'call'), ended('story')]);
  const story = tour.story.nodes.story;
  if (story?.type !== 'scene') throw new Error('The tour has no story.');
  const changed = (change: object) =>
    withNodes({ story: { ...story, choices: story.choices?.map((each) => ({ ...each, ...change })) } });

  it('continues exactly if nothing that happened is affected', () => {
    const more = withNodes({ extra: { type: 'end' }, result: { type: 'end' } });
    expect(replay(more, log)).toEqual({ ok: true, session });
  });

  it.each<[string, StoryContext, number, string]>([
    ['words', changed({ label: 'Hang up' }), 3, 'leads-elsewhere'],
    ['target', changed({ to: 'plans' }), 4, 'leads-elsewhere'],
    ['effect', changed({ effects: [] }), 4, 'leads-elsewhere'],
    ['name', changed({ id: 'ring' }), 3, 'choice-unknown'],
    ['condition', changed({ when: { visited: 'offer' } }), 3, 'choice-disabled'],
    ['node', withNodes({ story: { ...story, choices: [] } }), 3, 'choice-unknown'],
    ['default', withNodes({ menu: { type: 'router', next: 'gone' } }), 1, 'unknown-node'],
  ])('starts again where a choice has another %s', (_, context, line, reason) => {
    expect(replay(context, log)).toEqual({ ok: false, line, reason });
  });
});

describe('a story without a viewer', () => {
  it('shows each feature once and takes defaults', () => {
    expect(nodesOf(passivePlaythrough(plus))).toEqual([
      ...['welcome', 'menu', 'planning', 'menu', 'sharing', 'menu', 'reports', 'menu'],
      ...['story', 'wrote', 'compare', 'ask', 'result', 'offer', 'end'],
    ]);
  });

  it('is refused where it never ends', () => {
    const context = withNodes({ wrote: { type: 'scene', scene: 'dilemma', inputs: {}, next: 'story' } });
    expect(() => passivePlaythrough(context)).toThrow(/returns to node "(story|wrote)" without end/);
  });
});

describe('what a player asks', () => {
  it('is which clips may come next', () => {
    const { state } = play(plus, toStory);
    expect(lookAhead(plus, state).map(({ choice, state: { node } }) => [choice, node])).toEqual([
      [undefined, 'wrote'],
      ['call', 'called'],
      ['write', 'wrote'],
    ]);
    const picked = play(plus, [...toStory, choose('story', 'write')]).state;
    expect(lookAhead(plus, picked)[0]).toMatchObject({ choice: 'write', state: { node: 'wrote' } });
  });

  it('is what can be taken', () => {
    const { state } = play(contextFor('Basic'), toMenu);
    expect(enabledChoices(contextFor('Basic'), state).map(({ id }) => id)).toEqual([
      'planning',
      'sharing',
      'go-on',
    ]);
  });

  it('is where a call to action leads, on the story’s own sites only', () => {
    const { state } = play(plus, toMenu);
    const link = { label: 'Go', to: 'https://shop.example.com/x', query: { p: { var: 'plan' } } };
    expect(linkAddress(plus, state, link)).toBe('https://shop.example.com/x?p=Plus');
    for (const to of ['https://evil.example/', 'http://shop.example.com/', 'javascript:alert(1)', 'x'])
      expect(linkAddress(plus, state, { ...link, to })).toBeUndefined();
  });
});
