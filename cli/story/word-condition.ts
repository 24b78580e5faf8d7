import type { Condition, Operand } from '../../video/story/engine/condition.ts';

function word(operand: Operand): string {
  if (typeof operand !== 'object') return typeof operand === 'string' ? `“${operand}”` : String(operand);
  return 'var' in operand ? operand.var : `visits of ${operand.visits}`;
}

const isLeaf = (condition: Condition): boolean => !('all' in condition || 'any' in condition);

const part = (condition: Condition): string =>
  isLeaf(condition) ? wordCondition(condition) : `(${wordCondition(condition)})`;

/** A condition as a person would write it, such as `plan = “Basic” and visits of menu < 3`. */
export function wordCondition(condition: Condition): string {
  if ('all' in condition) return condition.all.map(part).join(' and ') || 'always';
  if ('any' in condition) return condition.any.map(part).join(' or ') || 'never';
  if ('not' in condition) {
    const { not } = condition;
    if ('eq' in not) return not.eq.map(word).join(' ≠ ');
    if ('present' in not) return `${not.present} is absent`;
    if ('visited' in not) return `${not.visited} not visited`;
    return `not ${part(not)}`;
  }
  if ('eq' in condition) {
    const [left, right] = condition.eq;
    if (right === true) return word(left);
    return right === false ? `not ${word(left)}` : `${word(left)} = ${word(right)}`;
  }
  if ('lt' in condition) return condition.lt.map(word).join(' < ');
  if ('lte' in condition) return condition.lte.map(word).join(' ≤ ');
  if ('in' in condition) return `${word(condition.in[0])} is ${condition.in[1].map(word).join(' or ')}`;
  if ('present' in condition) return `${condition.present} is there`;
  if ('visited' in condition) return `${condition.visited} visited`;
  return condition satisfies never;
}
