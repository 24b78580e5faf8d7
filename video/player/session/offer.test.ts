import { describe, expect, it } from 'vitest';
import type { Story } from '../../story/engine/graph.ts';
import { take } from '../../story/engine/take.ts';
import { startStory, type StoryState, type StoryContext } from '../../story/engine/state.ts';
import { tour } from '../../story/test-tour.ts';
import { noOffer, offerAt } from './offer.ts';

const story: Story = tour.story;
const context: StoryContext = {
  story,
  facts: { firstName: 'Ada', plan: 'Basic', seats: 3, business: false },
};
const moment = { frame: 0, limits: true, format: '16:9', reading: false } as const;

function at(...events: readonly Parameters<typeof take>[2][]): StoryState {
  return events.reduce((state, event) => {
    const taken = take(context, state, event);
    if (!taken.ok) throw new Error(taken.refusal.reason);
    return taken.state;
  }, startStory(context));
}

const toMenu = [{ type: 'ended', node: 'welcome' }] as const;
const toStory = [...toMenu, { type: 'choose', node: 'menu', choice: 'go-on', frame: 0 }] as const;
const toForm = [
  ...toStory,
  ...['story', 'wrote', 'compare'].map((node) => ({ type: 'ended', node }) as const),
];

describe('what a viewer can do', () => {
  it('is nothing while a scene only plays', () => {
    expect(offerAt(context, at(), moment)).toEqual({ ...noOffer });
  });

  it('names the choices in their order, those that are off too where the story shows them', () => {
    const { choices, spots, window } = offerAt(context, at(...toMenu), moment);
    expect(choices.map(({ choice, enabled, key }) => [choice.id, enabled, key])).toEqual([
      ['planning', true, 'p'],
      ['sharing', true, 's'],
      ['reports', false, 'r'],
      ['go-on', true, 'g'],
    ]);
    expect(spots.map(({ choice, area }) => [choice.id, area.x])).toEqual([
      ['planning', 0.1],
      ['sharing', 0.4],
    ]);
    expect(window).toBeUndefined();
  });

  it('appears and locks with the decision, unless there are no limits', () => {
    const state = at(...toStory);
    const offered = (frame: number, limits = true) =>
      offerAt(context, state, { ...moment, frame, limits }).choices.map(({ key }) => key);
    expect([29, 30, 149, 150].map((frame) => offered(frame).length)).toEqual([0, 2, 2, 0]);
    expect(offered(150, false)).toEqual(['1', '2']);
    expect(offerAt(context, state, { ...moment, frame: 40 }).window).toEqual({ fromFrame: 30, toFrame: 150 });
    expect(offerAt(context, state, { ...moment, frame: 40, limits: false }).window).toBeUndefined();
  });

  it('has neither time limits nor hotspots for readers', () => {
    const reading = { ...moment, reading: true };
    expect(offerAt(context, at(...toStory), { ...reading, frame: 0 })).toMatchObject({
      choices: [{ key: '1' }, { key: '2' }],
      window: undefined,
    });
    expect(offerAt(context, at(...toMenu), reading).spots).toEqual([]);
  });

  it('is a question with the answer that is held', () => {
    expect(offerAt(context, at(...toForm), moment).form).toMatchObject({
      question: { variable: 'teamSize' },
      declaration: { type: 'number', max: 50 },
      held: 3,
    });
  });

  it('is a link, beside the scene', () => {
    const state = at(
      ...toForm,
      { type: 'answer', node: 'ask', value: 4, frame: 0 },
      { type: 'ended', node: 'result' },
    );
    expect(offerAt(context, state, moment).link).toMatchObject({
      label: 'See the offer',
      address: 'https://shop.example.com/offer?plan=Basic',
    });
  });
});
