import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { ClipViews } from '../../story/engine/viewer-protocol.ts';
import { ClipCache, clipsAhead, clipsHere } from './clip-cache.ts';
import { lookAhead, take } from '../../story/engine/take.ts';
import { startStory, type StoryState, type StoryContext } from '../../story/engine/state.ts';
import { tour } from '../../story/test-tour.ts';

const viewOf = (name: string): ClipViews[string] => ({
  url: `/${name}`,
  ref: name,
  state: 'stored',
  shared: true,
  durationInFrames: 10,
  cues: [],
  sounds: [],
});
const views = (...names: readonly string[]): ClipViews =>
  Object.fromEntries(names.map((name) => [name, viewOf(name)]));

/** A server that answers on command. */
function newBench(...names: readonly string[]) {
  const asked: string[] = [];
  const answers = new Map<string, (response: Response | Error) => void>();
  const aborted: string[] = [];
  const pauses: number[] = [];
  const gone: string[] = [];

  const cache = new ClipCache(views(...names), {
    fetch: (url, signal) =>
      new Promise((resolve, reject) => {
        asked.push(url);
        answers.set(url, (response) => (response instanceof Error ? reject(response) : resolve(response)));
        signal.addEventListener('abort', () => {
          aborted.push(url);
          reject(new DOMException('', 'AbortError'));
        });
      }),
    pause: async (ms) => void pauses.push(ms),
    changed: () => undefined,
    gone: () => void gone.push('gone'),
  });
  const answer = async (url: string, response: Response | Error): Promise<void> => {
    answers.get(url)?.(response);
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { cache, asked, aborted, pauses, gone, answer };
}

const clip = (): Response => new Response(new Uint8Array(10), { headers: { 'content-length': '10' } });

describe('the cache', () => {
  it('fetches what is likeliest first, two at a time', async () => {
    const { cache, asked, answer } = newBench('a', 'b', 'c');
    cache.want(['a', 'b', 'c']);
    expect(asked).toEqual(['/a', '/b']);
    await answer('/a', clip());
    expect(asked).toEqual(['/a', '/b', '/c']);
    expect(cache.load('a')).toMatchObject({ whole: true, byteLength: 10 });
    cache.want(['a', 'b', 'c']);
    expect(asked).toHaveLength(3);
  });

  it('drops clips that are no longer wanted, for the one that the viewer waits for', async () => {
    const { cache, asked, aborted } = newBench('a', 'b', 'c');
    cache.want(['a', 'b']);
    cache.want(['c', 'b']);
    expect(aborted).toEqual(['/a']);
    expect(asked).toEqual(['/a', '/b', '/c']);
    expect(cache.load('a')).toBeUndefined();
  });

  it('fetches a clip once the server has described it', () => {
    const { cache, asked } = newBench();
    cache.want(['a']);
    expect(asked).toEqual([]);
    cache.learn(views('a'));
    expect(asked).toEqual(['/a']);
  });

  it('repeats the request for one that is being made, as often as the server says', async () => {
    const { cache, asked, pauses, answer } = newBench('a');
    cache.want(['a']);
    await answer('/a', new Response(null, { status: 202, headers: { 'retry-after': '3' } }));
    expect(asked).toEqual(['/a', '/a']);
    expect(pauses).toEqual([3000]);
    await answer('/a', clip());
    expect(cache.load('a')?.whole).toBe(true);
  });

  it('tries again after the network failed, and gives up what the server refuses', async () => {
    const { cache, asked, answer } = newBench('a');
    cache.want(['a']);
    await answer('/a', new TypeError('no network'));
    expect([asked.length, cache.isGone('a')]).toEqual([2, false]);
    for (let refusals = 0; refusals < 3; refusals += 1)
      await answer('/a', new Response(null, { status: 404 }));
    expect([asked.length, cache.isGone('a')]).toEqual([4, true]);
  });

  it('asks for a new description of a stored clip that is gone, and fetches it from there', async () => {
    const { cache, asked, gone, answer } = newBench('a');
    cache.want(['a']);
    await answer('/a', new Response(null, { status: 404 }));
    expect(gone).toEqual(['gone']);
    cache.learn({ a: { ...viewOf('made/a'), state: 'making' } });
    await answer('/a', new Response(null, { status: 404 }));
    expect(asked.at(-1)).toBe('/made/a');
    await answer('/made/a', clip());
    expect(cache.load('a')?.whole).toBe(true);
  });
});

const { story } = tour;
const context: StoryContext = { story, facts: { firstName: 'Ada', plan: 'Plus', seats: 3, business: false } };

const own = (node: string): string => `["${node}","own",{}]`;

function go(state: StoryState, ...events: readonly Parameters<typeof take>[2][]): StoryState {
  return events.reduce((at, event) => {
    const taken = take(context, at, event);
    if (!taken.ok) throw new Error(taken.refusal.reason);
    return taken.state;
  }, state);
}

describe('clips to fetch', () => {
  it('are those of the current node first, then of what follows without a choice, then of each choice in order', () => {
    const start = startStory(context);
    expect(clipsAhead(context, start).slice(0, 2)).toEqual([own('welcome'), own('menu')]);
    const menu = go(start, { type: 'ended', node: 'welcome' });
    expect(clipsAhead(context, menu).slice(0, 5)).toEqual(
      ['menu', 'planning', 'sharing', 'reports', 'story'].map(own),
    );
  });

  it('put what was chosen before what silence would lead to', () => {
    const story = go(
      startStory(context),
      { type: 'ended', node: 'welcome' },
      { type: 'choose', node: 'menu', choice: 'go-on', frame: 0 },
    );
    expect(clipsAhead(context, story).slice(0, 2)).toEqual([own('story'), own('wrote')]);
    const picked = go(story, { type: 'choose', node: 'story', choice: 'call', frame: 40 });
    expect(clipsAhead(context, picked).slice(0, 2)).toEqual([own('story'), own('called')]);
  });

  it('hold the generic clip of what an answer leads to, before the answer is known', () => {
    const ask = go(
      startStory(context),
      { type: 'ended', node: 'welcome' },
      { type: 'choose', node: 'menu', choice: 'go-on', frame: 0 },
      { type: 'ended', node: 'story' },
      { type: 'ended', node: 'wrote' },
      { type: 'ended', node: 'compare' },
    );
    expect(ask.node).toBe('ask');
    expect(clipsAhead(context, ask)).toContain('["result","generic",{}]');
  });

  it('always start with the current node, have no duplicates, and are few', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 12 }), (turns) => {
        const state = turns.reduce<StoryState>((at, turn) => {
          const ahead = lookAhead(context, at);
          return ahead[turn % Math.max(1, ahead.length)]?.state ?? at;
        }, startStory(context));
        const names = clipsAhead(context, state);
        expect(names.slice(0, clipsHere(context, state).length)).toEqual(clipsHere(context, state));
        expect(new Set(names).size).toBe(names.length);
        expect(names.length).toBeLessThanOrEqual(8);
      }),
    );
  });
});
