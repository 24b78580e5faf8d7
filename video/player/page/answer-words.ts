import { longestAnswer, type VariableDeclaration } from '../../story/engine/graph.ts';
import type { AnswerProblem } from '../../story/engine/check-answer.ts';
import { words } from './words.ts';

/** Most characters that an answer may have; `undefined` where it is no text. */
export function mostCharacters(declaration: VariableDeclaration): number | undefined {
  return declaration.type === 'text' ? Math.min(declaration.maxLength, longestAnswer) : undefined;
}

/** What a viewer is told of an answer that cannot be taken. */
export function sayProblem(problem: AnswerProblem, declaration: VariableDeclaration): string {
  if (problem === 'out-of-range' && declaration.type === 'number')
    return words.problems['out-of-range'](declaration.min, declaration.max);
  if (problem === 'too-long') return words.problems['too-long'](mostCharacters(declaration) ?? longestAnswer);
  if (problem === 'wrong-type' && declaration.type !== 'number') return words.problems['not-an-option'];
  return problem === 'out-of-range' ? words.problems['wrong-type'] : words.problems[problem];
}

/** Characters as a reader counts them. */
export function countCharacters(text: string): number {
  return [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)].length;
}
