import { describe, expect, it } from 'vitest';
import { directionOf, initialsOf, textLanguage } from './script.ts';

describe('directionOf', () => {
  it.each([
    ['Anna', 'ltr'],
    ['ليلى', 'rtl'],
    ['שרה Cohen', 'rtl'],
    ['Sara שרה', 'ltr'],
    ['12 محمد', 'rtl'],
    ['👩🏽‍🚀 نور', 'rtl'],
    ['王小明', 'ltr'],
  ])('sets %s from its first letter', (text, expected) => {
    expect(directionOf(text)).toBe(expected);
  });

  it('leaves text without letters to its surroundings', () => {
    expect(directionOf('2025 – 🎉', 'rtl')).toBe('rtl');
    expect(directionOf('')).toBe('ltr');
  });
});

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
    ['क्षेत्रज्ञ', 'en', 'hi'],
    ['श्रीकांत', 'mr-IN', 'mr-IN'],
    ['শ্রীকান্ত', 'as', 'as'],
    ['สมชาย', 'en', 'th'],
    ['አማርኛ', 'ti-ER', 'ti-ER'],
    ['Anna', 'sv', 'sv'],
    ['Anna', 'ja', 'ja'],
  ])('takes %s with locale %s for %s', (text, locale, expected) => {
    expect(textLanguage(text, locale)).toBe(expected);
  });
});

it.each([
  ['Anna Lindt', 'AL'],
  ['anna', 'A'],
  ['X', 'X'],
  ['Seán O’Brien-Łukasiewicz', 'SO'],
  ['Jean-Luc', 'JL'],
  ['Élodie', 'É'],
  ['Ελένη Παπαδοπούλου', 'ΕΠ'],
  ['王小明', '王'],
  ['佐藤 さくら', '佐'],
  ['김지혜', '김'],
  ['محمد عبد الرحمن', 'م'],
  ['เกษม ใจดี', 'ก'],
  ['ໄຊຍະ', 'ຊ'],
  ['தமிழ்ச்செல்வி', 'த'],
  ['ქეთევან', 'ქ'.toUpperCase()],
  ['葛\u{e0100}城', '葛\u{e0100}'],
  ['👩🏽‍🚀', '👩🏽‍🚀'],
  ['🇩🇪 Zoë', '🇩🇪'],
  ['“Bo” Ek', 'BE'],
  ['n\u0303a', 'N\u0303'],
  ['', ''],
])('stands for %s with %s', (name, expected) => {
  expect(initialsOf(name)).toBe(expected);
});
