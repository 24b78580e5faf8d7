import { describe, expect, it } from 'vitest';
import { tour } from '../test-tour.ts';
import type { Link, Story } from './graph.ts';
import { isAllowedLink, linkAddress, startStory, type StoryContext } from './state.ts';
import { take } from './take.ts';

const base: Story = tour.story;
const facts = { firstName: 'Ada', plan: 'Plus', seats: 3, business: true };

const addressOf = (link: Partial<Link>, more: object = {}): string | undefined => {
  const context: StoryContext = { story: base, facts: { ...facts, ...more } };
  return linkAddress(context, startStory(context), { to: 'https://shop.example.com/offer', ...link });
};

describe('an address that a story may lead to', () => {
  it.each([
    ['https://shop.example.com/offer', true],
    ['https://shop.example.com/offer?ref=1#top', true],
    ['tel:+441632960123', true],
    ['mailto:hello@example.com', true],
    ['https://elsewhere.example.com/', false],
    ['http://shop.example.com/', false],
    ['https://user:pass@shop.example.com/', false],
    ['javascript:alert(1)', false],
    ['data:text/html,x', false],
    ['/offer', false],
  ])('%s: %s', (to, allowed) => {
    expect(isAllowedLink(base.links, to)).toBe(allowed);
  });
});

describe('the address of a call to action', () => {
  const query = { plan: { var: 'plan' }, from: { value: 'a & b' } } as const;

  it('has the parameters of the link', () => {
    expect(addressOf({ query })).toBe('https://shop.example.com/offer?plan=Plus&from=a%20%26%20b');
  });

  it('is that of the record where it has one, whose signed parameters stay as they are', () => {
    const own = 'https://other.example.com/r?c=1+2&plan=Own&sig=a%2Fb%20c#top';
    expect(addressOf({ field: 'link', query }, { link: own })).toBe(
      'https://other.example.com/r?c=1+2&plan=Own&sig=a%2Fb%20c&from=a%20%26%20b#top',
    );
    expect(addressOf({ field: 'link' }, { link: undefined })).toBe('https://shop.example.com/offer');
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'https://u:p@shop.example.com/', 'http://a.example/'])(
    'is never %s, whatever the record says',
    (link) => {
      expect(addressOf({ field: 'link' }, { link })).toBe('https://shop.example.com/offer');
    },
  );

  it('adds parameters to mails as mail programs read them, and none to calls', () => {
    const subject = { subject: { value: 'My offer' } };
    expect(addressOf({ to: 'mailto:hello@example.com', query: subject })).toBe(
      'mailto:hello@example.com?subject=My%20offer',
    );
    expect(addressOf({ to: 'tel:+441632960123', query })).toBe('tel:+441632960123');
  });

  it('is none where the story may not lead there', () => {
    expect(addressOf({ to: 'https://elsewhere.example.com/' })).toBeUndefined();
  });
});

it('can be followed when the story is over, if its last node had a link', () => {
  const scene = { type: 'scene', scene: 'compare', inputs: { plan: { var: 'plan' } }, next: 'end' } as const;
  const link = { label: 'See', to: 'https://shop.example.com/offer' };
  const over = (last: Story['nodes'][string]) => {
    const story: Story = { ...base, start: 'last', nodes: { last, end: { type: 'end' } } };
    const context = { story, facts };
    const ended = take(context, startStory(context), { type: 'ended', node: 'last' });
    if (!ended.ok) throw new Error(ended.refusal.reason);
    return take(context, ended.state, { type: 'follow', node: 'end' });
  };
  expect(over({ ...scene, type: 'cta', link })).toMatchObject({ ok: true, state: { node: 'end' } });
  expect(over(scene)).toEqual({ ok: false, refusal: { reason: 'over' } });
});
