import { describe, expect, it } from 'vitest';
import type { Story } from '../../video/story/engine/graph.ts';
import { type LogEntry, newSession, step } from '../../video/story/engine/session.ts';
import type { SessionEvent } from '../../video/story/engine/take.ts';
import { questionsOf, readAnswers } from './viewer-answers.ts';

const shown = { scene: 's', inputs: {} };
const story: Story = {
  version: 2,
  start: 'menu',
  links: [],
  variables: {
    home: { type: 'text', source: 'viewer', maxLength: 20, initial: { var: 'town' } },
    seats: { type: 'number', source: 'viewer', min: 1, max: 9, writeBack: { field: 'seats', purpose: 'p' } },
    seen: { type: 'boolean', source: 'session', initial: false },
  },
  nodes: {
    menu: {
      ...{ type: 'hub', ...shown, while: 'loop' },
      choices: [
        { id: 'sun', label: 'Sun', to: 'where', effects: [{ set: 'seen', to: true }] },
        { id: 'rain', label: 'Rain', to: 'where' },
      ],
    },
    where: {
      ...{ type: 'form', ...shown, while: 'hold', next: 'many' },
      question: { label: 'Where?', variable: 'home', optional: true },
    },
    many: {
      ...{ type: 'form', ...shown, while: 'hold', next: 'menu' },
      question: { label: 'How many?', variable: 'seats', optional: true },
    },
  },
};
const context = { story, facts: { town: 'Hof' } };

/** The log of a session in which these events happen. */
function logOf(...events: readonly SessionEvent[]): readonly LogEntry[] {
  let session = newSession;
  return events.map((event) => {
    const next = step(context, session, event);
    if (!next.ok) throw new Error(`${event.type}: ${next.refusal.reason}`);
    session = next.session;
    return next.entry;
  });
}

const start: SessionEvent = { type: 'start' };
const undo: SessionEvent = { type: 'undo' };
const choose = (choice: string, visit: number): SessionEvent => ({
  ...{ type: 'choose', node: 'menu', visit, frame: 0, choice },
});
const answer = (node: string, value: string | number, visit = 1): SessionEvent => ({
  ...{ type: 'answer', node, visit, frame: 0, value },
});
const saidIn = (...events: readonly SessionEvent[]) => {
  const { choices, values } = readAnswers(context, logOf(...events));
  return { choices: Object.fromEntries(choices), values: Object.fromEntries(values) };
};

describe('what a viewer said', () => {
  it('has a column for each question of the story', () => {
    expect(questionsOf(story)).toEqual({
      nodes: ['menu'],
      variables: ['home', 'seats'],
      consents: ['seats'],
    });
  });

  it('is the last choice and the last answer', () => {
    const events = [start, choose('sun', 1), answer('where', 'Ulm'), answer('many', 2), choose('rain', 2)];
    expect(saidIn(...events)).toMatchObject({ choices: { menu: 'rain' }, values: { home: 'Ulm', seats: 2 } });
    expect(saidIn(...events, answer('where', 'Bonn', 2)).values).toMatchObject({ home: 'Bonn', seats: 2 });
  });

  it('is no value that the record has, before it is given as an answer', () => {
    expect(saidIn(start)).toEqual({ choices: {}, values: {} });
    expect(saidIn(start, choose('rain', 1)).values).toEqual({});
    expect(saidIn(start, choose('rain', 1), answer('where', 'Hof')).values).toEqual({ home: 'Hof' });
  });

  it('is not what was undone', () => {
    const events = [start, choose('rain', 1), answer('where', 'Ulm'), answer('many', 2)];
    expect(saidIn(...events, undo).values).toEqual({ home: 'Ulm' });
    expect(saidIn(...events, undo, undo, undo)).toEqual({ choices: {}, values: {} });
    expect(saidIn(...events, undo, { type: 'redo' }).values).toEqual({ home: 'Ulm', seats: 2 });
  });

  it('is what was said before the story changed', () => {
    const log = logOf(start, choose('sun', 1), answer('where', 'Ulm'), answer('many', 2));
    const { many: _many, ...nodes } = story.nodes;
    const where = nodes['where'];
    if (where?.type !== 'form') throw new Error('No form.');
    const changed = { ...story, nodes: { ...nodes, where: { ...where, next: 'menu' } } };
    const { choices, values } = readAnswers({ ...context, story: changed }, log);
    expect([...choices, ...values]).toEqual([['menu', 'sun']]);
  });
});
