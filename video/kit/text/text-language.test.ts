import { describe, expect, it } from 'vitest';
import { textLanguage } from './text-language.ts';

describe('textLanguage', () => {
  it.each([
    ['王小明', 'en-GB', 'zh-Hans'],
    ['陳大文', 'zh-TW', 'zh-TW'],
    ['佐藤', 'ja-JP', 'ja-JP'],
    ['佐藤さくら', 'en', 'ja'],
    ['김지혜', 'de', 'ko'],
    ['نور', 'fa-IR', 'fa-IR'],
    ['نور', 'en', 'ar'],
    ['Олена', 'uk', 'uk'],
    ['Anna', 'sv', 'sv'],
    ['Anna', 'ja', 'ja'],
  ])('takes %s with locale %s for %s', (text, locale, expected) => {
    expect(textLanguage(text, locale)).toBe(expected);
  });
});
