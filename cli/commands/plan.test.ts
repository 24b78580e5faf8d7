import { expect, it } from 'vitest';
import { whyNothing } from './plan.ts';

it('says why a campaign can show nothing, where its order lets one expect something', () => {
  const holdout = { share: 0.01 };
  expect(whyNothing(0, { holdout })).toContain('nobody is held out');
  expect(whyNothing(0, { baseRate: 0.03 })).toContain('add --holdout 10%');
  expect([whyNothing(0, {}), whyNothing(3, { holdout, baseRate: 0.03 })]).toEqual([undefined, undefined]);
});
