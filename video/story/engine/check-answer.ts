import { collapseText, parseText } from '../../../data/values/parse-text.ts';
import type { Value } from './condition.ts';
import { longestAnswer, type VariableDeclaration } from './graph.ts';

/** Why an answer cannot be taken. What a viewer is told is the player's to word. */
export type AnswerProblem =
  'wrong-type' | 'not-an-option' | 'out-of-range' | 'not-whole' | 'empty' | 'too-long' | 'not-drawable';

export type AnswerCheck =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: AnswerProblem };

const refuse = (problem: AnswerProblem): AnswerCheck => ({ ok: false, problem });

/** Most characters that a variable takes, as a reader counts them. */
function checkText(value: string, maxLength: number, covers: (codePoint: number) => boolean): AnswerCheck {
  const text = collapseText(value);
  if (text === '') return refuse('empty');
  const parsed = parseText(text, Math.min(maxLength, longestAnswer));
  // A text that is fine at any length was refused for its length.
  if (!parsed.ok) return refuse(parseText(text, text.length).ok ? 'too-long' : 'not-drawable');
  const drawn = [...parsed.value].every((character) => covers(character.codePointAt(0) ?? 0));
  return drawn ? { ok: true, value: parsed.value } : refuse('not-drawable');
}

/** Checks what a viewer answered against the variable that it goes into; texts are put in order. */
export function checkAnswer(
  declaration: VariableDeclaration,
  value: Value,
  covers: (codePoint: number) => boolean = () => true,
): AnswerCheck {
  switch (declaration.type) {
    case 'boolean':
      return typeof value === 'boolean' ? { ok: true, value } : refuse('wrong-type');
    case 'choice':
      if (typeof value !== 'string') return refuse('wrong-type');
      return declaration.values.includes(value) ? { ok: true, value } : refuse('not-an-option');
    case 'number':
      if (typeof value !== 'number') return refuse('wrong-type');
      // Also refuses what is not a number at all.
      if (!(value >= declaration.min && value <= declaration.max)) return refuse('out-of-range');
      if (declaration.integer === true && !Number.isInteger(value)) return refuse('not-whole');
      return { ok: true, value };
    case 'text':
      if (typeof value !== 'string') return refuse('wrong-type');
      return checkText(value, declaration.maxLength, covers);
    default:
      return declaration satisfies never;
  }
}
