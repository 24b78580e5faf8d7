import { describe, expect, it } from 'vitest';
import { guardFormula, startsFormula } from './formula.ts';

describe('startsFormula', () => {
  it.each(['=1+1', '=HYPERLINK("x")', '+cmd', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '＝1', '--x'])(
    'sees %j',
    (cell) => expect(startsFormula(cell)).toBe(true),
  );
  it.each(['', 'Anna', '-', '-5', '-1,234.50', '+49 (30) 123456', "'=1", ' =1', 'a=b'])('passes %j', (cell) =>
    expect(startsFormula(cell)).toBe(false),
  );
});

describe('guardFormula', () => {
  it('puts an apostrophe before a formula of ours and leaves the rest', () => {
    expect(guardFormula('=1')).toBe("'=1");
    expect(guardFormula('-5')).toBe("'-5");
    expect(guardFormula('videos/a.mp4')).toBe('videos/a.mp4');
  });
});
