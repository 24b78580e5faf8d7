import { expect, it } from 'vitest';
import { acceptedLanguages, choosePageLanguage, findLanguage } from './languages.ts';

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

it('finds the same language of another country', () => {
  expect(findLanguage('de-AT', ['en', 'de'])).toBe('de');
  expect(findLanguage('pt-BR', ['en', 'pt-PT'])).toBe('pt-PT');
  expect(findLanguage('zh-TW', ['zh-CN', 'zh-TW'])).toBe('zh-TW');
  expect(findLanguage('ja-JP', ['en', 'de'])).toBeUndefined();
});
