import { describe, expect, it } from 'vitest';
import { registry } from '../../tests/fixtures/shipped-templates.ts';
import type { Template } from '../../video/story/template.ts';
import { qualities } from './campaigns.ts';
import { hmacWith } from './hmac.ts';
import { isHeldOut } from './holdout.ts';
import { createPlanners, variantFor, variantNames } from './variants.ts';

const hmac = hmacWith(Buffer.alloc(32, 1));
const people = Array.from({ length: 20_000 }, (_, index) => `person-${index}`);
const assign = (names: readonly string[], key = 'spring') =>
  people.map((person) => variantFor(hmac, { names, key }, person)?.name);

const templateOf = (id: string): Template => {
  const found = registry.find(({ template }) => template.id === id)?.template;
  if (found === undefined) throw new Error(`No template ${id}.`);
  return found;
};
const offer = templateOf('renewal-offer');
const { record } = offer.fixtures.typical;

/** Four standard deviations of a binomial distribution. */
const tolerance = (people_: number, share: number): number => 4 * Math.sqrt(people_ * share * (1 - share));

describe('variants', () => {
  it.each([2, 3, 10])('divide customers in equal shares between %d, always in the same way', (size) => {
    const names = Array.from({ length: size }, (_, index) => `v${index}`);
    const assigned = assign(names);
    for (const name of names) {
      const count = assigned.filter((each) => each === name).length;
      expect(Math.abs(count - 20_000 / size)).toBeLessThan(tolerance(20_000, 1 / size));
    }
    expect(assign(names)).toEqual(assigned);
  });

  it('are independent of the control group, and of those of another key', () => {
    const assigned = assign(['a', 'b']);
    const other = assign(['a', 'b'], 'summer');
    const same = assigned.filter((each, index) => each === other[index]).length;
    expect(Math.abs(same - 10_000)).toBeLessThan(tolerance(20_000, 0.5));
    const held = people.filter((person) => isHeldOut(hmac, { share: 0.5, key: 'spring' }, person));
    const first = held.filter(
      (person) => variantFor(hmac, { names: ['a', 'b'], key: 'spring' }, person)?.name === 'a',
    );
    expect(Math.abs(first.length - held.length / 2)).toBeLessThan(tolerance(held.length, 0.5));
  });

  it('are not assigned to anyone whom the input does not name', () => {
    expect(variantFor(hmac, { names: ['a', 'b'], key: 'spring' }, undefined)).toBeUndefined();
  });

  it('are audience segments, and facts that are true or false in all fixtures', () => {
    const fact = (derive: (values: Readonly<Record<string, unknown>>) => unknown) => ({
      ...{ from: ['segment'], derive: derive as never },
    });
    const facts = {
      isLoyal: fact(({ segment }) => segment === 'loyal'),
      letters: fact(({ segment }) => String(segment).length),
      mixed: fact(({ segment }) => (segment === 'loyal' ? true : 'no')),
    };
    expect(variantNames({ ...offer, facts })).toEqual([...Object.keys(offer.segments), 'isLoyal']);
    const broken = {
      bad: fact(() => {
        throw new Error('no');
      }),
    };
    expect(variantNames({ ...offer, facts: broken })).toEqual(Object.keys(offer.segments));
  });

  it('hold in the story whatever the record says, while the record stays in its own segments', () => {
    const codeHashes = new Map(Object.keys(offer.scenes).map((scene) => [scene, 'code']));
    const context = {
      ...({ template: offer, format: '16:9', encoding: qualities.draft, asOf: '2026-06-01' } as const),
      ...{ engineVersion: '1', codeHashes },
    };
    const plannerFor = createPlanners(context, hmac, { names: ['atRisk', 'loyal'], key: 'spring' });
    const plain = createPlanners(context, hmac, undefined)(people[0]);
    expect(plannerFor(undefined).terms).toEqual(plain.terms);
    for (const person of people.slice(0, 20)) {
      const planner = plannerFor(person);
      const { path, segments } = planner.render(record, {});
      expect(segments).toEqual(['loyal']);
      expect(planner.segments(record)).toEqual(['loyal']);
      const name = planner.terms.variant?.name;
      expect(path[0]?.node).toBe(name === 'atRisk' ? 'comeback' : 'opening-loyal');
      expect(planner.terms.id).not.toBe(plain.terms.id);
    }
  });
});
