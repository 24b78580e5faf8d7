import { expect, it } from 'vitest';
import { proposeCuts } from './propose-cuts.ts';

/** `"..nn"` reads nothing in two frames, then name. */
const frames = (drawn: string) =>
  [...drawn].map(
    (letter) => new Set<string>({ n: ['name'], p: ['plan'], b: ['name', 'plan'] }[letter] ?? []),
  );
const personal = new Set(['name']);

it('cuts where what frames read changes', () => {
  expect(proposeCuts(frames('....nnnn....pppp'), personal, 3)).toEqual([
    { until: 4, reads: [] },
    { until: 8, reads: ['name'] },
    { until: 12, reads: [] },
    { until: 16, reads: ['plan'] },
  ]);
  expect(proposeCuts(frames('bbbb'), personal, 3)).toEqual([{ until: 4, reads: ['name', 'plan'] }]);
});

it('adds a short part to the neighbour with which fewer frames become personal', () => {
  expect(proposeCuts(frames('......nnpppppp'), personal, 3)).toEqual([
    { until: 8, reads: ['name'] },
    { until: 14, reads: ['plan'] },
  ]);
  expect(proposeCuts(frames('nnnnnn..pppppp'), personal, 3)).toEqual([
    { until: 6, reads: ['name'] },
    { until: 14, reads: ['plan'] },
  ]);
  expect(proposeCuts(frames('n.'), personal, 5)).toEqual([{ until: 2, reads: ['name'] }]);
});
