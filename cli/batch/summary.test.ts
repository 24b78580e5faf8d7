import { expect, it } from 'vitest';
import { sayCuts } from './summary.ts';

it('says how far a cut is proven, or since when its scene is drawn whole and what to do', () => {
  const withdrawn = { at: '2026-11-24T09:30:00.000Z', frame: 32 };
  expect(
    sayCuts('promo', [
      { scene: 'film', proven: 1 },
      { scene: 'close', proven: 3, withdrawn },
    ]),
  ).toEqual([
    'The cut of scene film holds: 1 part drawn again with whole records, no difference.',
    'Scene close is drawn whole since 2026-11-24: its frame 32 reads more than the cut says. Add a fixture with such a record, and run `bespoke slice promo --write`.',
  ]);
});
