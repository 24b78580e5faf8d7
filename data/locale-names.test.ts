import { expect, it } from 'vitest';
import { findLocale } from './locale-names.ts';

it.each([
  ['German', 'de-DE'],
  ['Deutsch (Schweiz)', 'de-CH'],
  ['English - United Kingdom', 'en-GB'],
  ['English (US)', 'en-US'],
  ['français', 'fr-FR'],
  ['Portugués', 'pt-BR'],
  ['日本語', 'ja-JP'],
])('reads %s as %s', (text, locale) => expect(findLocale(text)).toBe(locale));

it.each(['de-DE', 'en_GB', 'tr', 'Klingon', 'German (Narnia)', ''])('leaves %j to others', (text) =>
  expect(findLocale(text)).toBeUndefined(),
);
