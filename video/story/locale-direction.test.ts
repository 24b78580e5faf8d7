import { expect, it } from 'vitest';
import { localeDirection } from './locale-direction.ts';

it('knows the languages whose sentences run from the right', () => {
  expect(localeDirection('ar-EG')).toBe('rtl');
  expect(localeDirection('he')).toBe('rtl');
  expect(localeDirection('de-AT')).toBe('ltr');
});
