import { describe, expect, it } from 'vitest';
import { checkAnswer } from './take.ts';
import type { VariableDeclaration } from './graph.ts';

const text: VariableDeclaration = { type: 'text', source: 'viewer', maxLength: 200 };
const latin = (codePoint: number) => codePoint < 0x250;

describe('an answer in words', () => {
  it('is put in order', () => {
    expect(checkAnswer(text, '  Ada \n Lovelace ')).toEqual({ ok: true, value: 'Ada Lovelace' });
  });

  it('has forty characters at most, counted as a reader does', () => {
    expect(checkAnswer(text, 'x'.repeat(40)).ok).toBe(true);
    expect(checkAnswer(text, '👩🏽‍🚀'.repeat(40)).ok).toBe(true);
    expect(checkAnswer(text, 'x'.repeat(41))).toEqual({ ok: false, problem: 'too-long' });
    expect(checkAnswer({ ...text, maxLength: 3 }, 'four')).toEqual({ ok: false, problem: 'too-long' });
  });

  it.each([
    ['', 'empty'],
    ['\u200b \u00ad', 'empty'],
    ['a\u0007b', 'not-drawable'],
    ['a\ufffdb', 'not-drawable'],
    ['名前', 'not-drawable'],
    [7, 'wrong-type'],
  ])('is refused: %j is %s', (value, problem) => {
    expect(checkAnswer(text, value, latin)).toEqual({ ok: false, problem });
  });
});

it('of a list or of two is taken only as declared', () => {
  const taste: VariableDeclaration = { type: 'choice', source: 'viewer', values: ['sweet'] };
  expect(checkAnswer(taste, 'sweet').ok).toBe(true);
  expect(checkAnswer(taste, 'sour')).toEqual({ ok: false, problem: 'not-an-option' });
  expect(checkAnswer({ type: 'boolean', source: 'viewer' }, 'true')).toEqual({
    ok: false,
    problem: 'wrong-type',
  });
});
