import { describe, expect, it } from 'vitest';
import { criteria, levelAbove, levelBelow, limits, worstOf } from './criteria.ts';

describe('levels', () => {
  it('begin at their limits', () => {
    const { ready, care } = limits['rows-usable'];
    expect([ready, care, care - 0.001].map((share) => levelAbove(share, limits['rows-usable']))).toEqual([
      'ready',
      'with-care',
      'not-yet',
    ]);
    expect([0.05, 0.2, 0.21].map((share) => levelBelow(share, limits['fallbacks-noticed']))).toEqual([
      'ready',
      'with-care',
      'not-yet',
    ]);
  });

  it('are as good as the worst', () => {
    expect(worstOf([])).toBe('ready');
    expect(worstOf(['ready', 'with-care'])).toBe('with-care');
    expect(worstOf(['not-yet', 'ready', 'with-care'])).toBe('not-yet');
  });

  it.each(Object.entries(limits))('have the limits of %s in their words', (name, { ready, care }) => {
    const words = criteria[name as keyof typeof limits];
    const said = (share: number): RegExp =>
      share === 0
        ? /None/
        : share === 0.5
          ? /half/
          : new RegExp(`\\b${Math.round(100 * share)} %|the (?:time|budget)`);
    expect(words.ready).toMatch(said(ready));
    expect(words.care).toMatch(said(care));
  });
});
