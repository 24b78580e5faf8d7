import { describe, expect, it } from 'vitest';
import { formatCompact, formatDate, formattedCharacters, formatNumber, monthName } from './locale-format.ts';

describe('locale-format', () => {
  it('writes numbers as the locale does', () => {
    expect(formatNumber(12345.5, 'de-DE')).toBe('12.345,5');
    expect(formatNumber(12345, 'en-IN')).toBe('12,345');
    expect(formatCompact(12300, 'en')).toBe('12.3K');
  });

  it('writes a day without shifting it into another time zone', () => {
    expect(formatDate('2021-03-01', 'en-GB')).toBe('1 March 2021');
    expect(formatDate('2021-03-01', 'fr', { month: 'long', year: 'numeric' })).toBe('mars 2021');
  });

  it('keeps the Gregorian calendar where the locale has its own', () => {
    expect(formatDate('2021-03-01', 'fa-IR-u-nu-latn', { year: 'numeric' })).toContain('2021');
    expect(formatDate('2021-03-01', 'th-TH-u-nu-latn', { year: 'numeric' })).toContain('2021');
  });

  it('names months', () => {
    expect(monthName(0, 'en')).toBe('January');
    expect(monthName(11, 'de', 'short')).toBe('Dez');
    expect(monthName(2, 'ja', 'short')).toBe('3月');
  });

  it('falls back to English for a tag that is none', () => {
    expect(formatNumber(1.5, 'not a locale')).toBe('1.5');
  });

  it.each(['hi-IN', 'th-TH', 'mr-IN', 'bn-BD', 'ar-EG', 'fa-IR', 'de-CH', 'am-ET', 'ja-JP', 'sv-SE'])(
    'knows every character that it may write for %s',
    (locale) => {
      const characters = new Set(formattedCharacters(locale) ?? '');
      const days = Array.from({ length: 370 }, (_, day) =>
        new Date(Date.UTC(2027, 0, 1 + day)).toISOString().slice(0, 10),
      );
      const texts = [
        ...days.flatMap((day) =>
          (['full', 'long', 'medium', 'short'] as const).map((dateStyle) =>
            formatDate(day, locale, { dateStyle }),
          ),
        ),
        ...days.map((day) => formatDate(day, locale, { month: 'long', year: 'numeric' })),
        ...Array.from({ length: 12 }, (_, month) =>
          (['long', 'short', 'narrow'] as const).map((width) => monthName(month, locale, width)),
        ).flat(),
        ...[0, 7, 12, 345, 6789, 12_345.5, -1_234_567.89, 9e8, 3e12].flatMap((value) => [
          formatNumber(value, locale),
          formatCompact(value, locale),
          formatNumber(value, locale, { style: 'currency', currency: 'EUR' }),
          formatNumber(value, locale, { style: 'percent' }),
        ]),
      ];
      expect([...new Set(texts.join(''))].filter((character) => !characters.has(character))).toEqual([]);
    },
  );
});
