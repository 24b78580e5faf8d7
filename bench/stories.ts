import { checkStory, answerSamples } from '../video/story/check/check-story.ts';
import { viewerMoves } from '../video/story/check/explore.ts';
import { storyContextOf } from '../video/story/bind.ts';
import type { Story, StoryNode } from '../video/story/engine/graph.ts';
import { replay, newSession, step, type LogEntry } from '../video/story/engine/session.ts';
import { tour } from '../video/story/test-tour.ts';

/** What the engine and the check of stories take. */
export interface StoryFigures {
  readonly engine: {
    /** Events that sessions of the tour were given, their moves looked up. */
    readonly steps: number;
    readonly stepsPerSecond: number;
    /** Lines of the longest log, and what replaying it took. */
    readonly longestLog: number;
    readonly replayMs: number;
  };
  readonly check: {
    readonly nodes: number;
    readonly states: number;
    readonly complete: boolean;
    readonly findings: number;
    readonly seconds: number;
  };
}

const chapterLength = 8;

/** Nodes of one chapter: a hub with three features that come back, a router and a timed decision. */
function chapter(number: number, next: string): Readonly<Record<string, StoryNode>> {
  const name = (part: string): string => `${part}-${number}`;
  const feature = (what: string): StoryNode => ({
    type: 'scene',
    scene: 'feature',
    inputs: { name: { value: what } },
    next: 'back',
  });
  const looks = ['planning', 'sharing', 'reports'] as const;
  return {
    [name('hub')]: {
      type: 'hub',
      scene: 'menu',
      inputs: {},
      while: 'loop',
      decision: { locksAtFrame: 600, default: { choice: 'on' } },
      choices: [
        ...looks.map((what) => ({ id: what, label: what, to: name(what), comesBack: true })),
        { id: 'on', label: 'On', to: name('which') },
      ],
    },
    ...Object.fromEntries(looks.map((what) => [name(what), feature(what)])),
    [name('which')]: {
      type: 'router',
      next: [{ when: { eq: [{ var: 'plan' }, 'Plus'] }, to: name('story') }, { to: name('compare') }],
    },
    [name('story')]: {
      type: 'scene',
      scene: 'dilemma',
      inputs: {},
      decision: { appearsAtFrame: 30, locksAtFrame: 150, default: 'first-enabled' },
      choices: [
        { id: 'call', label: 'Call', to: next, effects: [{ set: 'style', to: 'bold' }] },
        { id: 'write', label: 'Write', to: next, effects: [{ set: 'style', to: 'careful' }] },
      ],
    },
    [name('compare')]: {
      type: 'scene',
      scene: 'compare',
      inputs: { plan: { var: 'plan' } },
      next: name('pass'),
    },
    [name('pass')]: { type: 'router', next },
  };
}

/** A story of at least so many nodes. */
function longStory(nodes: number): Story {
  const chapters = Math.ceil((nodes - 3) / chapterLength);
  const all = Array.from({ length: chapters }, (_, index) =>
    chapter(index, index + 1 < chapters ? `hub-${index + 1}` : 'result'),
  );
  const { style } = tour.story.variables;
  const result: StoryNode = {
    type: 'scene',
    scene: 'team',
    inputs: { size: { value: 3 }, style: { var: 'style' } },
    generic: { scene: 'menu', inputs: {} },
    next: 'end',
  };
  return {
    version: 2,
    start: 'hub-0',
    links: [],
    variables: style === undefined ? {} : { style },
    nodes: {
      ...Object.fromEntries(all.flatMap((each) => Object.entries(each))),
      back: { type: 'return' },
      result,
      end: { type: 'end' },
    },
  };
}

function measureEngine(): StoryFigures['engine'] {
  const world = storyContextOf(tour, tour.fixtures.typical.record, {}, { asOf: '2026-01-01' });
  const samples = answerSamples(tour);
  let chance = 1;
  let steps = 0;
  let longest: readonly LogEntry[] = [];
  const began = performance.now();
  while (performance.now() - began < 3_000) {
    const log: LogEntry[] = [];
    let session = newSession;
    for (let at = 0; at < 200; at += 1) {
      const moves = session.state === undefined ? [] : viewerMoves(world, session.state, samples);
      chance = (Math.imul(chance, 1_664_525) + 1_013_904_223) >>> 0;
      const event = session.state === undefined ? ({ type: 'start' } as const) : moves[chance % moves.length];
      if (event === undefined) break;
      const next = step(world, session, event);
      steps += 1;
      if (!next.ok) continue;
      session = next.session;
      log.push(next.entry);
    }
    if (log.length > longest.length) longest = log;
  }
  const stepsPerSecond = (steps / (performance.now() - began)) * 1000;
  const replayBegan = performance.now();
  if (!replay(world, longest).ok) throw new Error('A log did not lead where it had led.');
  return {
    steps,
    stepsPerSecond: Math.round(stepsPerSecond),
    longestLog: longest.length,
    replayMs: performance.now() - replayBegan,
  };
}

/** Measures the engine's steps, and the check of a story of 1,000 nodes. */
export async function measureStories(say: (text: string) => void): Promise<StoryFigures> {
  say('Stories: steps of the engine');
  const engine = measureEngine();
  const story = longStory(1_000);
  say(`Stories: a check of ${Object.keys(story.nodes).length} nodes`);
  const began = performance.now();
  const { findings, search } = await checkStory({ ...tour, story });
  return {
    engine,
    check: {
      nodes: Object.keys(story.nodes).length,
      states: search.states,
      complete: search.complete,
      findings: findings.length,
      seconds: (performance.now() - began) / 1000,
    },
  };
}
