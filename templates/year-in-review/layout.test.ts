import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrast } from '../../video/kit/contrast.ts';
import { frameLayout } from '../../video/kit/layout.tsx';
import { frameSize, ratios } from '../../video/story/format.ts';
import { brand } from './brand.ts';
import { patternOf } from './scenes/category.tsx';
import { stepsOf } from './scenes/tenure.tsx';
import { barRect, monthLabels, yearLook } from './scenes/year-chart.ts';

const month = fc.double({ min: 0, max: 1e9, noNaN: true });

describe('chart', () => {
  it.each(ratios)('keeps every bar of any year inside the safe margins at %s', (format) => {
    const { width, height } = frameSize(format);
    const layout = frameLayout(width, height);
    const { chart } = yearLook(layout);
    fc.assert(
      fc.property(fc.array(month, { minLength: 12, maxLength: 12 }), fc.nat(11), (months, index) => {
        const bar = barRect(chart, months, index);
        expect(bar.x).toBeGreaterThanOrEqual(layout.safe.left - 0.01);
        expect(bar.x + bar.width).toBeLessThanOrEqual(width - layout.safe.right + 0.01);
        expect(bar.y).toBeGreaterThanOrEqual(chart.y - 0.01);
        expect(bar.y + bar.height).toBeCloseTo(chart.y + chart.height);
        expect(bar.height).toBeGreaterThan(0);
      }),
    );
  });

  it('labels months shortly, or narrowly where the slots are narrow', () => {
    expect(monthLabels('en-US', 4)[0]).toBe('Jan');
    expect(monthLabels('en-US', 1)[0]).toBe('J');
  });
});

describe('stairs', () => {
  it('has a step for each year up to forty, and twelve for the first year', () => {
    expect(stepsOf({ unit: 'years', count: 7 })).toHaveLength(7);
    expect(stepsOf({ unit: 'years', count: 90 })).toHaveLength(40);
    expect(stepsOf({ unit: 'months', count: 3 }).filter(({ reached }) => reached)).toHaveLength(3);
    expect(stepsOf({ unit: 'upcoming', count: 0 }).some(({ reached }) => reached)).toBe(false);
  });
});

describe('pattern', () => {
  it('is twelve tiles for any word, and no figure is lost on its ground', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (category) => {
        const tiles = patternOf(category, 4);
        expect(tiles).toHaveLength(12);
        for (const { ground, figure } of tiles) expect(ground).not.toBe(figure);
      }),
    );
    expect(patternOf('Books', 4)).toEqual(patternOf('BOOKS', 4));
    expect(patternOf('Books', 4)).not.toEqual(patternOf('Running', 4));
  });
});

describe('colours', () => {
  const { ink, paper, companion, accent, quietOnInk, quietOnPaper, quietOnCompanion } = brand.colors;
  it.each([
    [paper, ink],
    [companion, ink],
    [accent, ink],
    [quietOnInk, ink],
    [ink, paper],
    [quietOnPaper, paper],
    [ink, companion],
    [quietOnCompanion, companion],
  ])('text %s on %s can be read', (text, ground) => {
    expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
  });
});
