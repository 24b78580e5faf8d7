import { expect, it } from 'vitest';
import * as ar from './ar.ts';
import * as de from './de.ts';
import * as en from './en.ts';
import * as es from './es.ts';
import * as fr from './fr.ts';
import { acceptedLanguages, choosePageLanguage, pageLanguages } from './languages.ts';
import { notices } from './notices.ts';
import { privacyWords } from './privacy-words.ts';

it('speaks the first language that it knows', () => {
  expect(choosePageLanguage(['de-AT'])).toBe('de');
  expect(choosePageLanguage([undefined, 'ja-JP', 'ar-EG', 'fr'])).toBe('ar');
  expect(choosePageLanguage(['ja'])).toBe('en');
  expect(choosePageLanguage([])).toBe('en');
});

it.each([
  ['fr-CA, fr;q=0.8, en;q=0.5', ['fr-CA', 'fr', 'en']],
  ['en;q=0.2, de;q=0.9, es', ['es', 'de', 'en']],
  ['de;q=0, *;q=0.1, <script>, en', ['en']],
  ['', []],
] as const)('reads the languages that a browser asks for: %s', (header, languages) => {
  expect(acceptedLanguages(header)).toEqual(languages);
});

it('has no empty text in any language', () => {
  const textsIn = (value: unknown): readonly unknown[] =>
    typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [value];
  const pages = { en: en.words, de: de.words, fr: fr.words, es: es.words, ar: ar.words };
  for (const language of pageLanguages) {
    const texts = [pages[language], privacyWords[language], notices[language]].flatMap(textsIn);
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((text) => text === '' || text === undefined)).toEqual([]);
  }
});

it('counts in Arabic as Arabic does', () => {
  const { words } = ar;
  expect([1, 2, 3, 11].map(words.secondsLeft)).toEqual([
    'المتبقي: ثانية واحدة',
    'المتبقي: ثانيتان',
    'المتبقي: 3 ثوانٍ',
    'المتبقي: 11 ثانية',
  ]);
});
