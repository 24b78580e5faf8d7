import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionSchema } from './story-schema.ts';
import { holds, variablesRead, type Condition } from './engine/condition.ts';

const operand = fc.oneof(
  fc.record({ var: fc.constantFrom('a', 'b', 'c') }),
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
    fc.record({ present: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ in: fc.tuple(operand, fc.array(fc.oneof(fc.integer(), fc.string()))) }),
    fc.record({ not: tie('condition') }),
    fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
  ),
}));
const variables = fc.record({ a: fc.integer(), b: fc.string() }, { requiredKeys: [] });

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
