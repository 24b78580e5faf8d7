import { expect, it } from 'vitest';
import { storyContextOf } from '../../video/story/bind.ts';
import { newSession, step } from '../../video/story/engine/session.ts';
import { clipName } from '../../video/story/engine/viewer-protocol.ts';
import { anna, images, shop } from '../../video/story/test-shop.ts';
import { contextFor, type ViewerStory, viewsAhead, viewsOfRecord } from './viewer-story.ts';

const whole = storyContextOf(shop, anna, images, { asOf: '2026-06-01' });

const storyWith = (context: ViewerStory['context']): ViewerStory => ({
  ...{ render: 'r', name: 'n', context },
  entry: { template: shop, directory: '', loadComponents: async () => ({ components: {} }) },
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
