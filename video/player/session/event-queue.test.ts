import { describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../story/engine/take.ts';
import type { AppendEvents, EventsAppended } from '../../story/engine/viewer-protocol.ts';
import { EventQueue } from './event-queue.ts';

const ended = (node: string): SessionEvent => ({ type: 'ended', node });

/** A server that answers on command. */
function newBench() {
  const sent: { readonly append: AppendEvents; readonly keepalive: boolean }[] = [];
  const answers: ((outcome: Error | Exclude<EventsAppended['outcome'], 'refused'>) => void)[] = [];
  const pauses: { readonly ms: number; readonly end: () => void }[] = [];
  const reported: string[] = [];
  let ids = 0;
  const queue = new EventQueue(
    {
      send: (append, keepalive) =>
        new Promise((resolve, reject) => {
          sent.push({ append, keepalive });
          answers.push((outcome) => {
            if (outcome instanceof Error) return reject(outcome);
            const log = append.events.map(({ event }) => ({ event, to: 'x' }));
            resolve({ outcome, log: outcome === 'appended' ? log : [], clips: {} });
          });
        }),
      newId: () => `id-${(ids += 1)}`,
      pause: (ms) => new Promise((resolve) => void pauses.push({ ms, end: resolve })),
      answered: ({ outcome }) => reported.push(outcome),
      stuck: (isStuck) => reported.push(isStuck ? 'stuck' : 'free'),
      refused: (error) => reported.push(`refused: ${String(error)}`),
      mayPass: (error) => !String(error).includes('over'),
    },
    5,
  );
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  return { queue, sent, answers, pauses, reported, settle };
}

const idsOf = ({ append }: { readonly append: AppendEvents }): readonly string[] =>
  append.events.map(({ id }) => id);

describe('events for the server', () => {
  it('are sent in order, one request at a time, behind the lines that are known', async () => {
    const { queue, sent, answers, settle } = newBench();
    queue.add(ended('a'));
    queue.add(ended('b'));
    queue.add(ended('c'));
    expect(sent.map(idsOf)).toEqual([['id-1']]);
    answers[0]?.('appended');
    await settle();
    expect(sent.map(idsOf)).toEqual([['id-1'], ['id-2', 'id-3']]);
    expect(sent.map(({ append }) => append.after)).toEqual([5, 6]);
    answers[1]?.('appended');
    await settle();
    expect([queue.length, queue.lines]).toEqual([0, 8]);
  });

  it('are sent again, the same ones, until the network is back', async () => {
    const { queue, sent, answers, pauses, reported, settle } = newBench();
    queue.add(ended('a'));
    for (const attempt of [0, 1, 2]) {
      answers[attempt]?.(new TypeError('no network'));
      await settle();
      pauses[attempt]?.end();
      await settle();
    }
    expect(pauses.map(({ ms }) => ms)).toEqual([1000, 2000, 4000]);
    expect(new Set(sent.flatMap(idsOf))).toEqual(new Set(['id-1']));
    answers[3]?.('appended');
    await settle();
    expect(reported).toEqual(['stuck', 'stuck', 'stuck', 'free', 'appended']);
    expect(queue.length).toBe(0);
  });

  it('end where the server will have none of them', async () => {
    const { queue, sent, answers, reported, settle } = newBench();
    queue.add(ended('a'));
    answers[0]?.(new Error('over'));
    await settle();
    queue.add(ended('b'));
    expect(sent).toHaveLength(1);
    expect(reported).toEqual(['refused: Error: over']);
  });

  it('are handed over while the page goes, though a request is under way', () => {
    const { queue, sent } = newBench();
    queue.handOver();
    expect(sent).toHaveLength(0);
    queue.add(ended('a'));
    queue.add(ended('b'));
    queue.handOver();
    expect(sent[1]).toMatchObject({ keepalive: true });
    expect(sent.map(idsOf)).toEqual([['id-1'], ['id-1', 'id-2']]);
  });

  it('are forgotten when another log is gone on with', async () => {
    const { queue, sent, answers, settle } = newBench();
    queue.add(ended('a'));
    queue.reset(9);
    answers[0]?.('behind');
    await settle();
    queue.add(ended('b'));
    expect(sent.at(-1)?.append.after).toBe(9);
    expect(sent.at(-1)?.append.events.map(({ event }) => event)).toEqual([ended('b')]);
  });
});
