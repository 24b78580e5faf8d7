import { expect, it } from 'vitest';
import { registry } from '../../../tests/fixtures/shipped-templates.ts';
import { pageLanguages } from '../../story/languages.ts';
import * as ar from './ar.ts';
import * as de from './de.ts';
import * as en from './en.ts';
import * as es from './es.ts';
import * as fr from './fr.ts';
import { privacyWords } from './privacy-words.ts';
import { laterWords } from './later-words.ts';

it('has no empty text in any language', () => {
  const textsIn = (value: unknown): readonly unknown[] =>
    typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [value];
  const pages = { en: en.words, de: de.words, fr: fr.words, es: es.words, ar: ar.words };
  for (const language of pageLanguages) {
    const texts = [pages[language], privacyWords[language], laterWords[language]].flatMap(textsIn);
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((text) => text === '' || text === undefined)).toEqual([]);
  }
});

it('never breaks a line in French between a word and the sign after it', () => {
  // Functions give their text for a label or a number.
  const textsIn = (value: unknown): readonly string[] => {
    if (typeof value === 'string') return [value];
    if (typeof value === 'function') return [String((value as (given: unknown) => unknown)(['a']))];
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
  };
  const translations = registry.map(({ template }) => template.translations?.fr ?? {});
  const texts = [fr.words, privacyWords.fr, laterWords.fr, ...translations].flatMap(textsIn);
  expect(texts.some((text) => text.includes('\u00a0:'))).toBe(true);
  expect(texts.filter((text) => / [:;?!»]|« /.test(text))).toEqual([]);
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
