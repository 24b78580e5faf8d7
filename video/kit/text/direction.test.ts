import { describe, expect, it } from 'vitest';
import { directionOf } from './direction.ts';

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
