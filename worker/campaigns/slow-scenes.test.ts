import { expect, it } from 'vitest';
import type { Clips } from '../core/clips.ts';
import type { DrawnJob, JobQueue } from '../core/ports.ts';
import { slowScenes } from './slow-scenes.ts';

const now = new Date('2026-11-24T10:00:00Z');
const since = (secondsAgo: number) => new Date(now.getTime() - secondsAgo * 1000);
const clips = {
  awaited: (of: object, keys: readonly string[]) =>
    Promise.resolve(
      new Map(keys.flatMap((key) => ('render' in of && key !== 'of-others' ? [[key, `scene-${key}`]] : []))),
    ),
} as unknown as Clips;
const ask = (drawn: () => Promise<readonly DrawnJob[]>) =>
  slowScenes({ queue: { drawn } as JobQueue, clips, clock: { now: () => now } }, { render: 'r' });

it('lists scenes that have been drawn for more than 30 seconds, oldest first', async () => {
  const drawn = [
    { clip: 'fresh', since: since(30) },
    { clip: 'a', since: since(31) },
    { clip: 'of-others', since: since(90) },
    { clip: 'b', since: since(60) },
  ];
  expect(await ask(() => Promise.resolve(drawn))).toEqual([
    { scene: 'scene-b', since: '2026-11-24T09:59:00.000Z' },
    { scene: 'scene-a', since: '2026-11-24T09:59:29.000Z' },
  ]);
});

it('lists none where the queue does not answer', async () => {
  expect(await ask(() => Promise.reject(new Error('away')))).toEqual([]);
  expect(await ask(() => new Promise(() => undefined))).toEqual([]);
});
