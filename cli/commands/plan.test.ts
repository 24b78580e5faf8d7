import { expect, it } from 'vitest';
import type { CommandContext } from '../context.ts';
import { createProgram } from '../program.ts';
import { measureOf, whyNothing } from './plan.ts';

it('says why a campaign can show nothing, where its order lets one expect something', () => {
  const holdout = { share: 0.01 };
  expect(whyNothing(0, { holdout })).toContain('nobody is held out');
  expect(whyNothing(0, { baseRate: 0.03 })).toContain('add --holdout 10%');
  expect(whyNothing(0, { days: 30 })).toContain('add --holdout 10%');
  expect([whyNothing(0, {}), whyNothing(3, { holdout, baseRate: 0.03 })]).toEqual([undefined, undefined]);
});

it('says when the report judges, and how many conversions that takes', () => {
  expect(measureOf({ heldOut: 400 }, { days: 14, baseRate: 0.03 })).toEqual({ days: 14, conversions: 7 });
  expect(measureOf({ heldOut: 400 }, { days: 14 })).toEqual({ days: 14, conversions: null });
  expect(measureOf({ heldOut: 400 }, { baseRate: 0.03 })).toEqual({ days: 30, conversions: 7 });
  const variants = ['a', 'b'];
  expect(measureOf({ heldOut: 0 }, { days: 14, variants })).toEqual({ days: 14, conversions: null });
  expect(whyNothing(0, { days: 14, variants })).toBeUndefined();
  expect([measureOf({ heldOut: 400 }, {}), measureOf({ heldOut: 0 }, { days: 14 })]).toEqual([null, null]);
});

it('takes the same of a table and of an order as batch and advise', () => {
  const terminal = { paintResult: { bold: (text: string) => text } };
  const { commands } = createProgram({ terminal } as unknown as CommandContext, () => undefined);
  const flagsOf = (name: string) =>
    new Set(commands.find((each) => each.name() === name)?.options.map(({ long }) => long));
  const ofAll = [...flagsOf('batch')].filter(
    (flag) => flagsOf('plan').has(flag) && flagsOf('advise').has(flag),
  );
  // What else each takes is its own: where and how videos are made, where the advice goes.
  const own = (name: string) => [...flagsOf(name)].filter((flag) => !ofAll.includes(flag));
  expect([own('batch'), own('plan'), own('advise')]).toEqual([
    ['--concurrency', '--delimiter', '--no-bom', '--bom', '--out'],
    ['--all-pictures', '--no-pictures'],
    ['--no-pictures', '--by', '--budget', '--hour-price', '--html', '--apply'],
  ]);
});
