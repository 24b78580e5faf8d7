import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookAhead } from '../../story/engine/look-ahead.ts';
import { take } from '../../story/engine/take.ts';
import { beginWalk, type Walk, type World } from '../../story/engine/walk.ts';
import { tour } from '../../story/test-tour.ts';
import { clipsAhead, clipsHere } from './clips-ahead.ts';

const { story } = tour;
const world: World = { story, facts: { firstName: 'Ada', plan: 'Plus', seats: 3, business: false } };

const own = (node: string): string => `["${node}","own",{}]`;

function go(walk: Walk, ...events: readonly Parameters<typeof take>[2][]): Walk {
  return events.reduce((at, event) => {
    const taken = take(world, at, event);
    if (!taken.ok) throw new Error(taken.refusal.reason);
    return taken.walk;
  }, walk);
}

describe('clips to fetch', () => {
  it('are those of this place first, then of what silence leads to, then of each choice in its order', () => {
    const start = beginWalk(world);
    expect(clipsAhead(world, start).slice(0, 2)).toEqual([own('welcome'), own('menu')]);
    const menu = go(start, { type: 'ended', node: 'welcome' });
    expect(clipsAhead(world, menu).slice(0, 5)).toEqual(
      ['menu', 'planning', 'sharing', 'reports', 'story'].map(own),
    );
  });

  it('put what was chosen before what silence would lead to', () => {
    const story = go(
      beginWalk(world),
      { type: 'ended', node: 'welcome' },
      { type: 'choose', node: 'menu', choice: 'go-on', frame: 0 },
    );
    expect(clipsAhead(world, story).slice(0, 2)).toEqual([own('story'), own('wrote')]);
    const picked = go(story, { type: 'choose', node: 'story', choice: 'call', frame: 40 });
    expect(clipsAhead(world, picked).slice(0, 2)).toEqual([own('story'), own('called')]);
  });

  it('hold the generic clip of what an answer leads to, before the answer is known', () => {
    const ask = go(
      beginWalk(world),
      { type: 'ended', node: 'welcome' },
      { type: 'choose', node: 'menu', choice: 'go-on', frame: 0 },
      { type: 'ended', node: 'story' },
      { type: 'ended', node: 'wrote' },
      { type: 'ended', node: 'compare' },
    );
    expect(ask.node).toBe('ask');
    expect(clipsAhead(world, ask)).toContain('["result","generic",{}]');
  });

  it('always begin with the place itself, are never twice the same, and few', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 12 }), (turns) => {
        const walk = turns.reduce<Walk>((at, turn) => {
          const ahead = lookAhead(world, at);
          return ahead[turn % Math.max(1, ahead.length)]?.walk ?? at;
        }, beginWalk(world));
        const names = clipsAhead(world, walk);
        expect(names.slice(0, clipsHere(world, walk).length)).toEqual(clipsHere(world, walk));
        expect(new Set(names).size).toBe(names.length);
        expect(names.length).toBeLessThanOrEqual(8);
      }),
    );
  });
});
