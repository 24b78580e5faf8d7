import { expect, it } from 'vitest';
import { storyContextOf } from '../../video/story/bind.ts';
import { newSession, step } from '../../video/story/engine/session.ts';
import type { Condition } from '../../video/story/engine/condition.ts';
import type { StoryNode } from '../../video/story/engine/graph.ts';
import { clipName } from '../../video/story/engine/viewer-protocol.ts';
import { anna, images, shop } from '../../video/story/test-shop.ts';
import { contextFor, factsRead, type ViewerStory, viewsAhead, viewsOfRecord } from './viewer-story.ts';

const whole = storyContextOf(shop, anna, images, { asOf: '2026-06-01' });

const storyWith = (context: ViewerStory['context']): ViewerStory => ({
  ...{ render: 'r', name: 'n', context },
  entry: { template: shop, directory: '' },
  source: { terms: {}, record: anna, images, link: undefined } as never,
});

it.each(['owner', 'play'] as const)('has a clip for each item on the page of a viewer (%s)', (rights) => {
  const story = storyWith(contextFor(whole, rights));
  const nameOf = (node: string) => clipName(story.context.story, node, {});
  const views = new Map(viewsOfRecord(story).map(({ name, bound }) => [name, bound]));
  expect(views.get(nameOf('product~2'))?.inputs).toMatchObject({ name: 'Cap' });

  let session = newSession;
  const seen: string[] = [];
  for (const event of [
    { type: 'start' },
    ...['hello', 'product', 'product~2', 'product~3', 'all'].map((node) => ({
      type: 'ended',
      node,
      visit: 1,
    })),
  ] as const) {
    const next = step(story.context, session, event as Parameters<typeof step>[2]);
    if (!next.ok) throw new Error(JSON.stringify(next.refusal));
    session = next.session;
    const [here, ahead] = session.state === undefined ? [] : viewsAhead(story, session.state);
    seen.push(
      `${here?.bound.node ?? 'end'} ${ahead?.name === undefined ? '' : views.has(ahead.name)}`.trim(),
    );
  }
  expect(seen).toEqual(['hello true', 'product true', 'product~2 true', 'product~3 true', 'all', 'end']);
});

it('gives a player no more of a list than its conditions read', () => {
  const reading = (...conditions: readonly Condition[]) => {
    const edges = [...conditions.map((when) => ({ when, to: 'end' })), { to: 'end' }];
    const nodes = { ...whole.story.nodes, all: { ...whole.story.nodes['all'], next: edges } as StoryNode };
    return factsRead({ ...whole, story: { ...whole.story, nodes } });
  };
  const names: Condition = { contains: [{ var: 'products', item: 'name' }, 'Mug'] };
  expect(reading()).toEqual({});
  expect(reading({ gt: [{ length: 'products' }, 1] })).toEqual({ products: [{}, {}, {}] });
  expect(reading(names, { gt: [{ length: 'firstName' }, 1] })).toEqual({
    ...{ products: [{ name: 'Mug' }, { name: 'Cap' }, { name: 'Pen' }], firstName: 'Anna' },
  });
  expect(reading({ present: 'address' })).toEqual({ address: { city: 'Wien' } });
});
