import { describe, expect, it } from 'vitest';
import { hmacWith } from './hmac.ts';
import { isHeldOut } from './holdout.ts';

const hmac = hmacWith(Buffer.alloc(32, 1));
const people = Array.from({ length: 20_000 }, (_, index) => `person-${index}`);
const heldOut = (share: number, key = 'spring') =>
  new Set(people.filter((person) => isHeldOut(hmac, { share, key }, person)));

describe('a control group', () => {
  it('has its share of the customers, in any order and at any time the same', () => {
    const group = heldOut(0.1);
    // Four standard deviations of a binomial distribution.
    expect(Math.abs(group.size - 2_000)).toBeLessThan(4 * Math.sqrt(20_000 * 0.1 * 0.9));
    expect(heldOut(0.1)).toEqual(group);
  });

  it('is independent from that of another key, and grows with its share', () => {
    const group = heldOut(0.1);
    const both = [...heldOut(0.1, 'summer')].filter((person) => group.has(person)).length;
    expect(Math.abs(both - 200)).toBeLessThan(4 * Math.sqrt(20_000 * 0.01 * 0.99));
    const larger = heldOut(0.3);
    expect([...group].every((person) => larger.has(person))).toBe(true);
  });

  it('has its share within each audience segment, too, closely enough to lose no precision', () => {
    const widths = Array.from({ length: 200 }, (_, segment) => {
      const held = Array.from({ length: 1_000 }, (_each, at) => `s${segment}-${at}`).filter((person) =>
        isHeldOut(hmac, { share: 0.1, key: 'spring' }, person),
      ).length;
      // A difference of two rates is as uncertain as the root of this, for equal rates.
      return Math.sqrt((1 / held + 1 / (1_000 - held)) / (1 / 100 + 1 / 900));
    });
    expect(Math.max(...widths)).toBeLessThan(1.2);
    expect(widths.reduce((sum, width) => sum + width, 0) / widths.length).toBeLessThan(1.01);
  });

  it('holds out nobody whom the input does not name', () => {
    expect(isHeldOut(hmac, { share: 0.9, key: 'spring' }, undefined)).toBe(false);
  });
});
