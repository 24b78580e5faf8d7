import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionSchema } from './story-schema.ts';
import { holds, variablesRead, type Condition } from './engine/condition.ts';

const operand = fc.oneof(
  fc.record({ var: fc.constantFrom('a', 'b', 'c') }),
  fc.record({ var: fc.constantFrom('a', 'b', 'c'), item: fc.constantFrom('name', 'length') }),
  fc.record({ length: fc.constantFrom('a', 'b', 'c') }),
  fc.integer(),
  fc.string(),
  fc.boolean(),
);
const pair = fc.tuple(operand, operand);
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    fc.record({ eq: pair }),
    fc.record({ lt: pair }),
    fc.record({ lte: pair }),
    fc.record({ gt: pair }),
    fc.record({ gte: pair }),
    fc.record({ before: pair }),
    fc.record({ after: pair }),
    fc.record({ contains: pair }),
    fc.record({ present: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ in: fc.tuple(operand, fc.array(fc.oneof(fc.integer(), fc.string()))) }),
    fc.record({ not: tie('condition') }),
    fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
  ),
}));
const variables = fc.record(
  { a: fc.integer(), b: fc.string(), c: fc.array(fc.record({ name: fc.string() })) },
  { requiredKeys: [] },
);

describe('holds', () => {
  it('compares variables with constants', () => {
    expect(holds({ eq: [{ var: 'plan' }, 'Plus'] }, { plan: 'Plus' })).toBe(true);
    expect(holds({ lt: [{ var: 'years' }, 2] }, { years: 2 })).toBe(false);
    expect(holds({ lte: [{ var: 'years' }, 2] }, { years: 2 })).toBe(true);
    expect(holds({ in: [{ var: 'plan' }, ['Basic', 'Plus']] }, { plan: 'Premium' })).toBe(false);
  });

  it('orders nothing that is not a pair of numbers or of strings', () => {
    expect(holds({ lt: [{ var: 'unknown' }, 2] }, {})).toBe(false);
    expect(holds({ lte: [{ var: 'unknown' }, 2] }, {})).toBe(false);
    expect(holds({ lt: ['1', 2] }, {})).toBe(false);
  });

  it('compares the other way round', () => {
    fc.assert(
      fc.property(pair, variables, ([left, right], values) => {
        expect(holds({ gt: [left, right] }, values)).toBe(holds({ lt: [right, left] }, values));
        expect(holds({ gte: [left, right] }, values)).toBe(holds({ lte: [right, left] }, values));
        expect(holds({ after: [left, right] }, values)).toBe(holds({ before: [right, left] }, values));
      }),
    );
  });

  it('orders days', () => {
    const facts = { day: '2026-06-01' };
    expect(holds({ before: [{ var: 'day' }, '2026-06-02'] }, facts)).toBe(true);
    expect(holds({ before: [{ var: 'day' }, { var: 'day' }] }, facts)).toBe(false);
    expect(holds({ after: [{ var: 'day' }, '2026-05-31'] }, facts)).toBe(true);
    expect(holds({ after: [{ var: 'unknown' }, '2026-05-31'] }, facts)).toBe(false);
  });

  it('looks into texts, lists and the items of lists', () => {
    const facts = {
      name: 'Anna',
      tags: ['a', 'b'],
      products: [{ name: 'Mug' }, { name: 'Cap' }],
      address: { city: 'Wien' },
    };
    const contains = (left: object, right: string) =>
      holds({ contains: [left as { var: string }, right] }, facts);
    expect(contains({ var: 'name' }, 'nn')).toBe(true);
    expect(contains({ var: 'tags' }, 'b')).toBe(true);
    expect(contains({ var: 'products', item: 'name' }, 'Cap')).toBe(true);
    expect(contains({ var: 'products', item: 'name' }, 'Ca')).toBe(false);
    expect(contains({ var: 'products', item: 'constructor' }, 'Ca')).toBe(false);
    expect(contains({ var: 'unknown' }, 'undefined')).toBe(false);
    expect(contains({ var: 'address' }, 'city')).toBe(false);
    expect(holds({ eq: [{ var: 'address', item: 'city' }, 'Wien'] }, facts)).toBe(true);
    expect(holds({ eq: [{ length: 'products' }, 2] }, facts)).toBe(true);
    expect(holds({ gte: [{ length: 'unknown' }, 0] }, facts)).toBe(false);
  });

  it('obeys the law of De Morgan', () => {
    fc.assert(
      fc.property(fc.array(condition, { maxLength: 3 }), variables, (parts, values) => {
        const negated = parts.map((part) => ({ not: part }));
        expect(holds({ not: { all: parts } }, values)).toBe(holds({ any: negated }, values));
      }),
    );
  });

  it('depends on nothing but the variables it says it reads', () => {
    fc.assert(
      fc.property(condition, variables, (each, values) => {
        const read = variablesRead(each);
        const needed = Object.fromEntries(Object.entries(values).filter(([name]) => read.has(name)));
        expect(holds(each, needed)).toBe(holds(each, values));
      }),
    );
  });

  it('survives the way through JSON and the schema', () => {
    fc.assert(
      fc.property(condition, (each) => {
        const plain: unknown = JSON.parse(JSON.stringify(each));
        expect(conditionSchema.parse(plain)).toEqual(plain);
      }),
    );
  });
});
