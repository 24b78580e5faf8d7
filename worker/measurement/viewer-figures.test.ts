import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventContent, PageEvent, PageView, Watching } from '../core/viewer-events.ts';
import { figureName, viewerFigures } from './viewer-figures.ts';

const viewer: Watching['viewer'] = {
  ...{ session: 's', campaign: 'c', render: 'r', rights: 'owner', template: 'tour', format: '16:9' },
  ...{ fps: 10, filmFrames: 100, segments: ['loyal', 'young'], variant: 'calm' },
};

const noon = new Date('2026-11-30T12:00:00.000Z');

const pageOf = (contents: readonly EventContent[], changes: Partial<PageView> = {}): PageView => ({
  page: 'page-1',
  openedAt: noon,
  device: 'phone',
  events: contents.map((content, seq) => ({ seq, ms: seq * 2_000, content })),
  ...changes,
});

const figures = (pages: readonly PageView[], changes: Partial<Watching['viewer']> = {}) =>
  viewerFigures({ viewer: { ...viewer, ...changes }, pages }).figures;

const of = (pages: readonly PageView[], ...name: readonly (string | number)[]): number =>
  figures(pages).get(figureName(...name)) ?? 0;

const touched: EventContent = { type: 'interacted' };
const entered = (node: string, visit = 1, clip = 'clip-a'): EventContent => ({
  ...{ type: 'entered', node, visit, clip, clipFrames: 50 },
});
const watched = (node: string, fromFrame: number, toFrame: number, clip = 'clip-a'): EventContent => ({
  ...{ type: 'watched', node, visit: 1, clip, clipFrames: 50, fromFrame, toFrame },
});
const chosen = (
  choice: string,
  visit = 1,
  by: 'viewer' | 'timer' | 'default' = 'viewer',
  afterMs = 2_400,
): EventContent => ({ type: 'chosen', node: 'menu', visit, choice, by, afterMs });

describe('the share of a film that was watched', () => {
  it('counts frames once, however often they were seen', () => {
    const page = pageOf([touched, watched('a', 0, 30), watched('a', 20, 40), watched('a', 0, 10)]);
    expect(of([page], 'viewers', 'share')).toBe(400);
    expect(of([page], 'viewers', 'watched25')).toBe(1);
    expect(of([page], 'viewers', 'watched50')).toBe(0);
  });

  it('adds up what was watched on several days, and is never more than the whole', () => {
    const tomorrow = new Date('2026-12-01T08:00:00.000Z');
    const first = pageOf([touched, watched('a', 0, 50), watched('b', 0, 30, 'clip-b')]);
    const second = pageOf([touched, watched('b', 20, 50, 'clip-b'), watched('c', 0, 50, 'clip-c')], {
      page: 'page-2',
      openedAt: tomorrow,
    });
    expect(of([first, second], 'viewers', 'share')).toBe(1000);
    expect(of([first, second], 'viewers', 'returned')).toBe(1);
    expect(of([first, second], 'group', 'day', '2026-11-30', 'watched95')).toBe(1);
    expect(of([first, second], 'group', 'day', '2026-12-01', 'opened')).toBe(0);
  });
});

describe('a viewer', () => {
  it('belongs to each of their groups', () => {
    const page = pageOf([touched]);
    for (const group of [
      ['day', '2026-11-30'],
      ['segment', 'loyal'],
      ['segment', 'young'],
      ['format', '16:9'],
      ['device', 'phone'],
      ['variant', 'calm'],
    ])
      expect(of([page], 'group', ...group, 'opened')).toBe(1);
  });

  it('has stayed in a scene that they saw to its end, or left by going on', () => {
    const page = pageOf([
      ...[touched, entered('a'), watched('a', 0, 20)],
      ...[entered('b', 1, 'clip-b'), watched('b', 0, 10, 'clip-b')],
    ]);
    const scene = (node: string) => ['entered', 'stayed'].map((what) => of([page], 'scene', node, what));
    expect([scene('a'), scene('b'), of([page], 'left', 'b')]).toEqual([[1, 1], [1, 0], 1]);
    expect(of([page], 'clip', 'b', 'clip-b', 'stayed')).toBe(0);
    expect([0, 1, 2].map((second) => of([page], 'scene', 'a', 'second', second))).toEqual([1, 1, 0]);
  });

  it('left nowhere once the story has ended for them', () => {
    const page = pageOf([touched, entered('a'), watched('a', 0, 10), { type: 'ended', node: 'a' }]);
    expect([of([page], 'left', 'a'), of([page], 'scene', 'a', 'stayed')]).toEqual([0, 1]);
    expect(of([page], 'way', 'a', '', 'first')).toBe(1);
  });

  it('counts with the last decision of a visit, and apart where they come again', () => {
    const page = pageOf([touched, chosen('one'), chosen('two'), chosen('two', 2), chosen('one', 3, 'timer')]);
    const choice = (name: string, by: string) =>
      ['first', 'later'].map((when) => of([page], 'choice', 'menu', name, by, when));
    expect(choice('two', 'viewer')).toEqual([1, 1]);
    expect(choice('one', 'viewer')).toEqual([0, 0]);
    expect(choice('one', 'timer')).toEqual([1, 0]);
    expect(of([page], 'decided', 'menu', 3)).toBe(1);
    expect(of([page], 'offered', 'menu')).toBe(1);
  });

  it('goes a way once for each time that they enter its end', () => {
    const page = pageOf([
      touched,
      entered('a'),
      entered('b'),
      entered('a', 2),
      entered('b', 2),
      entered('b', 2),
    ]);
    expect([of([page], 'way', 'a', 'b', 'first'), of([page], 'way', 'a', 'b', 'later')]).toEqual([1, 1]);
    expect(of([page], 'way', 'b', 'b', 'first')).toBe(0);
  });

  it('adds no more however often they repeat a way', () => {
    const again = Array.from({ length: 2_000 }, (_, visit) =>
      entered(visit % 2 === 0 ? 'a' : 'b', visit + 1),
    );
    const most = Math.max(...figures([pageOf([touched, ...again])]).values());
    expect(most).toBeLessThanOrEqual(20);
  });

  it('who came by a shared link is counted apart, in total alone', () => {
    const page = pageOf([touched, entered('a'), watched('a', 0, 50)]);
    const names = [...figures([page], { rights: 'play' }).keys()].map((name) => name.split('"')[1]);
    expect(new Set(names)).toEqual(new Set(['guests']));
  });
});

describe('a page', () => {
  it.each([
    ['that nobody has touched', pageOf([{ type: 'opened' }]), ['unconfirmed']],
    ['of a machine', pageOf([touched, { type: 'machine', reason: 'user-agent' }]), ['machine', 'user-agent']],
    [
      'on which an hour was watched within a second',
      pageOf([touched, ...Array.from({ length: 9 }, () => watched('a', 0, 5_000))], {
        events: [touched, watched('a', 0, 36_000)].map((content, seq) => ({ seq, ms: 1_000, content })),
      }),
      ['machine', 'impossible-timing'],
    ],
  ])('%s moves no other figure', (_what, page, name) => {
    expect([...figures([page])]).toEqual([[figureName(...name), 1]]);
  });
});

const anyContent: fc.Arbitrary<EventContent> = fc.oneof(
  fc.constant(touched),
  fc.record({ type: fc.constant('started' as const), resumed: fc.boolean() }),
  fc
    .tuple(fc.constantFrom('a', 'b', 'menu'), fc.integer({ min: 1, max: 3 }))
    .map(([node, visit]) => entered(node, visit)),
  fc
    .tuple(fc.constantFrom('a', 'b'), fc.nat(40), fc.integer({ min: 1, max: 10 }))
    .map(([node, from, length]) => watched(node, from, from + length)),
  fc
    .tuple(fc.constantFrom('one', 'two'), fc.integer({ min: 1, max: 3 }))
    .map(([choice, visit]) => chosen(choice, visit)),
  fc.constant<EventContent>({ type: 'ended', node: 'b' }),
  fc.constant<EventContent>({ type: 'link-followed', node: 'b' }),
);

const anyPages = fc
  .array(fc.array(fc.tuple(anyContent, fc.nat(60_000)), { maxLength: 12 }), { minLength: 1, maxLength: 3 })
  .map((pages) =>
    pages.map((events, index): PageView => ({
      page: `page-${index}`,
      openedAt: new Date(noon.getTime() + (index % 2) * 1_000),
      device: 'desktop',
      events: events.map(([content, ms], seq): PageEvent => ({ seq, ms, content })),
    })),
  );

it('figures are the same in whatever order events and pages come', () => {
  fc.assert(
    fc.property(anyPages, fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), (pages, draws) => {
      const shuffled = <T>(list: readonly T[]): T[] =>
        list
          .map((each, index) => ({ each, at: draws[index % draws.length] ?? 0 }))
          .toSorted((one, other) => one.at - other.at)
          .map(({ each }) => each);
      const other = shuffled(pages).map((page) => ({ ...page, events: shuffled(page.events) }));
      expect(figures(other)).toEqual(figures(pages));
    }),
  );
});
