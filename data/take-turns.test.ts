import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { takeTurns } from './take-turns.ts';

it('runs one after another, also after one that fails', async () => {
  const inTurn = takeTurns();
  const events: string[] = [];
  const run = (name: string) =>
    inTurn(async () => {
      events.push(`${name} begins`);
      await setImmediate();
      events.push(`${name} ends`);
      if (name === 'b') throw new Error('b fails');
      return name;
    });
  const results = await Promise.allSettled(['a', 'b', 'c'].map(run));
  expect(events).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
