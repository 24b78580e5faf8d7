import { expect, it } from 'vitest';
import { writeCuts } from './write-cuts.ts';

const source = `export const promo = defineTemplate({
  id: 'promo',
  scenes: {},
});
`;
const first = `export const promo = defineTemplate({
  id: 'promo',
  scenes: {},
  cuts: {
    film: [
      { until: 30, reads: [] },
      { until: 90, reads: ['name', 'plan'] },
    ],
  },
});
`;

it('adds cuts to a template, and replaces those it has', () => {
  const parts = [
    { until: 30, reads: [] },
    { until: 90, reads: ['name', 'plan'] },
  ];
  const written = writeCuts(source, { film: parts });
  expect(written).toBe(first);
  expect(writeCuts(first, { film: parts })).toBe(first);
  expect(writeCuts(first, { film: [{ until: 90, reads: [] }] })).toContain('film: [\n      { until: 90');
});

it('leaves a source alone that it does not understand', () => {
  expect(writeCuts('export const promo = defineTemplate(parts);', {})).toBeUndefined();
});
