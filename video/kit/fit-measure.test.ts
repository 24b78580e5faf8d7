import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitText, type FitLimits, type MeasureText } from './fit-measure.ts';

/** Words of letters that are half as wide as they are high, broken greedily. */
function measureWords(text: string, limits: FitLimits): MeasureText {
  return ({ fontSize, wrap }) => {
    const letter = fontSize / 2;
    const line = fontSize * limits.lineHeight;
    if (wrap === 'line') return { width: text.length * letter, height: line };
    const room = Math.max(1, Math.floor(limits.width / letter));
    let lines = 1;
    let used = 0;
    let widest = 0;
    for (const word of text.split(' ')) {
      const parts = wrap === 'anywhere' ? (word.match(new RegExp(`.{1,${room}}`, 'g')) ?? ['']) : [word];
      for (const part of parts) {
        if (used > 0 && used + 1 + part.length > room) {
          lines += 1;
          used = 0;
        }
        used += part.length + (used > 0 ? 1 : 0);
        widest = Math.max(widest, used);
      }
    }
    return { width: widest * letter, height: lines * line };
  };
}

const limits: FitLimits = {
  width: 500,
  height: Number.POSITIVE_INFINITY,
  size: 100,
  minSize: 60,
  maxLines: 2,
  lineHeight: 1.2,
};

const fit = (text: string, changes: Partial<FitLimits> = {}) => {
  const own = { ...limits, ...changes };
  return fitText(measureWords(text, own), own);
};

describe('fitText', () => {
  it('leaves a text that fits as it is', () => {
    expect(fit('Anna Lindt')).toEqual({ fontSize: 100, wrap: 'line' });
  });

  it('shrinks before it wraps', () => {
    expect(fit('Anna Lindtberg')).toEqual({ fontSize: 71, wrap: 'line' });
  });

  it('wraps between words, as large as the lines allow, when shrinking is not enough', () => {
    expect(fit('Annabella Lindtberger')).toEqual({ fontSize: 90.5, wrap: 'words' });
  });

  it('goes below the minimum before it breaks a word', () => {
    expect(fit('Donaudampfschifffahrt')).toEqual({ fontSize: 47.5, wrap: 'words' });
  });

  it('breaks a word that is too long for anything else', () => {
    expect(fit('Wolfeschlegelsteinhausenbergerdorff').wrap).toBe('anywhere');
  });

  it('respects the height of the box', () => {
    const { fontSize } = fit('Annabella Lindtberger', { height: 150 });
    expect(fontSize * 2 * limits.lineHeight).toBeLessThanOrEqual(150);
  });

  it('never leaves a box that can hold the text at all', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 40, unit: fc.constantFrom('a', 'b', 'c') }), {
          minLength: 1,
          maxLength: 8,
        }),
        fc.integer({ min: 80, max: 900 }),
        (words, width) => {
          const own = { ...limits, width, height: 600 };
          const measure = measureWords(words.join(' '), own);
          const size = measure(fitText(measure, own));
          expect(size.width).toBeLessThanOrEqual(width);
          expect(size.height).toBeLessThanOrEqual(600);
        },
      ),
    );
  });
});
