import { describe, expect, it } from 'vitest';
import type { AnyRecord } from '../../data/record.ts';
import { storyContextOf } from './bind.ts';
import { chosenPlaythrough, passivePlaythrough } from './playthrough.ts';
import { pathOf } from './engine/state.ts';
import { tour } from './test-tour.ts';

const ada: AnyRecord = { firstName: 'Ada', plan: 'Plus', seats: 3 };
const context = (record: AnyRecord = ada) => storyContextOf(tour, record, {}, { asOf: '2026-01-01' });

function shown(steps: readonly string[], record?: AnyRecord): readonly string[] {
  return pathOf(chosenPlaythrough(steps)(context(record))).map(({ node }) => node);
}

describe('a chosen playthrough', () => {
  it('is the passive playthrough if nothing is chosen', () => {
    expect(chosenPlaythrough([])(context())).toEqual(passivePlaythrough(context()));
  });

  it('takes choices in order at the nodes that have any, and defaults after them', () => {
    expect(shown(['sharing', 'go-on', 'call'])).toEqual([
      ...[
        'welcome',
        'menu',
        'sharing',
        'menu',
        'story',
        'called',
        'compare',
        'ask',
        'result',
        'offer',
        'end',
      ],
    ]);
    expect(shown(['go-on'])).toContain('wrote');
  });

  it('takes what is meant for a node there, and only watches before', () => {
    const state = chosenPlaythrough(['story=call', 'ask=12'])(context());
    expect(state.variables).toMatchObject({ style: 'bold', teamSize: 12 });
    expect(state.visits).toMatchObject({ planning: 1, called: 1 });
  });

  it('leaves a form that may be left', () => {
    expect(chosenPlaythrough(['go-on', 'ask='])(context()).variables).toMatchObject({ teamSize: 3 });
  });

  it.each([
    [
      ['sharin'],
      'At node "menu" the path takes "sharin", which is not a choice there. Did you mean "sharing"?',
    ],
    [['menu=call'], 'It takes planning, sharing, reports, go-on.'],
    [['mnu=sharing'], 'Step "mnu=sharing" of the path: the story has no node "mnu". Did you mean "menu"?'],
    [['go-on', 'ask=many'], 'At form "ask" the path gives an answer that is out of range.'],
    [['go-on', 'ask=1.5'], 'that is not a whole number. It takes a whole number from 1 to 50, or nothing.'],
    [['go-on', 'write', 'write'], 'Step "write" of the path was not used: the story reached its end "end"'],
  ])('refuses %j', (steps, words) => {
    expect(() => shown(steps)).toThrow(words);
  });

  it('refuses a choice that is not enabled for the record', () => {
    const words = 'which is not enabled there for this record. It takes planning, sharing, go-on.';
    expect(() => shown(['reports'], { ...ada, plan: 'Basic' })).toThrow(words);
    expect(shown(['reports', 'go-on'])).toContain('reports');
  });
});
