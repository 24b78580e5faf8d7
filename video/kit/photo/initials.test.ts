import { expect, it } from 'vitest';
import { initialsOf } from './initials.ts';

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
  ['👩🏽‍🚀', '👩🏽‍🚀'],
  ['🇩🇪 Zoë', '🇩🇪'],
  ['“Bo” Ek', 'BE'],
  ['n\u0303a', 'N\u0303'],
  ['', ''],
])('stands for %s with %s', (name, expected) => {
  expect(initialsOf(name)).toBe(expected);
});
