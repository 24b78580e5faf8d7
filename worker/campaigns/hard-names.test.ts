import { expect, it } from 'vitest';
import { whyHard } from './hard-names.ts';

it.each([
  ['Anna', 'en'],
  ['O’Neill', 'en'],
  ['Mary-Jane Smith', 'en-GB'],
  ['McDonald', 'en'],
  ['Jürgen Groß', 'de-AT'],
  ['Zoë', 'nl'],
  ['Анна', 'ru'],
  ['Łukasz', 'hr'],
])('%s is said well in %s', (name, language) => {
  expect(whyHard(name, language)).toBeUndefined();
});

it.each([
  ['李娜', 'en', 'script'],
  ['Anna', 'ru', 'script'],
  ['Anna 2', 'en', 'digits'],
  ['Krk', 'en', 'vowel'],
  ['J. Smith', 'en', 'initial'],
  ['JP', 'en', 'vowel'],
  ['AJ Smith', 'en', 'initial'],
  ['Zoë', 'en', '"ë"'],
  ['Łukasz', 'de', '"ł"'],
  ['Nguyen', 'en', 'rarely'],
  ['Qasim', 'en', 'rarely'],
  ['Hirschsprung', 'en', 'consonants'],
])('%s may be said wrongly in %s: %s', (name, language, why) => {
  expect(whyHard(name, language)?.why).toContain(why);
});
