import { expect, it } from 'vitest';
import { nameClips } from './name-clips.ts';

const clip = (key: string, inputs: Readonly<Record<string, unknown>>) => ({
  ...{ clip: key, inputs, entered: 1, stayed: 1, seconds: [] },
});

it('names clips by the inputs in which they differ', () => {
  const clips = [
    clip('a'.repeat(64), { offer: 'Plus', year: 2026, seats: 3 }),
    clip('b'.repeat(64), { offer: 'Basic', year: 2026, seats: 3 }),
    clip('c'.repeat(64), { offer: 'Basic', year: 2026 }),
  ];
  expect(nameClips(clips)).toEqual(['offer: Plus, seats: 3', 'offer: Basic, seats: 3', 'offer: Basic']);
});

it('names clips by their keys where nothing is known of them', () => {
  expect(nameClips([clip('a'.repeat(64), {}), clip('b'.repeat(64), {})])).toEqual([
    'a'.repeat(12),
    'b'.repeat(12),
  ]);
});
