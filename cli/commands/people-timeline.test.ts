import { expect, it } from 'vitest';
import { describeDetails } from './people-timeline.ts';

it('says what an event holds as a person reads it', () => {
  const say = (details: Record<string, unknown>) => describeDetails({ details });
  expect(say({ node: 'storm', visit: 1, choice: 'keep-warm', by: 'viewer', afterMs: 1707 })).toBe(
    'node storm, choice keep-warm, by viewer, after 1.7 s',
  );
  expect(say({ node: 'house', visit: 3, clip: 'k', clipFrames: 20, seconds: 4.2 })).toBe(
    'node house, visit 3, 4.2 s seen',
  );
  expect([say({ resumed: false }), say({ resumed: true })]).toEqual(['', 'resumed']);
  expect(say({ name: 'bought', value: 49.9, currency: 'EUR' })).toBe('name bought, value 49.9, currency EUR');
});
