import {
  operatorOf,
  sidesOf,
  type Leaf,
  type Operand,
  type Operator,
  type Value,
} from '../engine/condition.ts';
import { quote } from './finding.ts';
import type { KnownVariable, KnownVariables } from './known-variables.ts';

/** Types of which a comparison needs two alike. */
type Plain = Exclude<KnownVariable['type'], 'choice' | 'date'>;

/** What a variable can be compared with. */
export const plainOf = ({ type }: Pick<KnownVariable, 'type'>): Plain =>
  type === 'choice' || type === 'date' ? 'text' : type;

const plainOfValue = (value: Value): Plain =>
  typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : 'boolean';

interface Side {
  readonly type: Plain;
  /** Whether it is a day, or may be one. */
  readonly isDay: boolean;
  readonly words: string;
  readonly values: readonly Value[] | undefined;
}

function sideOf(operand: Operand, known: KnownVariables): Side {
  if (typeof operand !== 'object') {
    const isDay = typeof operand === 'string' && isIsoDay(operand);
    return { type: plainOfValue(operand), isDay, words: JSON.stringify(operand), values: [operand] };
  }
  const number = { type: 'number', isDay: false, values: undefined } as const;
  if ('visits' in operand) return { ...number, words: `the visits of ${quote(operand.visits)}` };
  if ('length' in operand) return { ...number, words: `the length of ${quote(operand.length)}` };
  const variable = known.get(operand.var);
  if (variable === undefined || variable.type === 'unknown' || operand.item !== undefined) {
    return { type: 'unknown', isDay: true, words: quote(operand.var), values: undefined };
  }
  const { values, type } = variable;
  return { type: plainOf(variable), isDay: type === 'date', words: quote(operand.var), values };
}

const isIsoDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

/** What has no length. */
function describeLengths(leaf: Leaf, known: KnownVariables): readonly string[] {
  const operands = 'in' in leaf ? [leaf.in[0]] : 'present' in leaf || 'visited' in leaf ? [] : sidesOf(leaf);
  return operands.flatMap((operand) => {
    if (typeof operand !== 'object' || !('length' in operand)) return [];
    const type = known.get(operand.length)?.type ?? 'unknown';
    return ['list', 'text', 'choice', 'unknown'].includes(type)
      ? []
      : [`asks for the length of ${quote(operand.length)}, which is neither a list nor a text`];
  });
}

/** Why an order of days, or a containment, can never hold. */
function describeSpecial(operator: Operator, a: Side, b: Side): readonly string[] | undefined {
  if (operator === 'before' || operator === 'after') {
    const other = [a, b].find(({ isDay }) => !isDay);
    return other === undefined
      ? []
      : [`asks which day is ${operator} the other, and ${other.words} is not a day`];
  }
  if (operator !== 'contains') return undefined;
  if (a.type === 'unknown' || a.type === 'list') return [];
  if (a.type !== 'text') return [`asks what ${a.words} contains, which is neither a list nor a text`];
  return b.type === 'text' || b.type === 'unknown'
    ? []
    : [`asks whether ${a.words} contains ${b.words}, which is not a text`];
}

/** Why a comparison can never be true, as predicates. */
export function describeLeaf(leaf: Leaf, known: KnownVariables): readonly string[] {
  if ('present' in leaf || 'visited' in leaf) return [];
  const pairs: readonly (readonly [Operand, Operand])[] =
    'in' in leaf ? leaf.in[1].map((value) => [leaf.in[0], value]) : [sidesOf(leaf)];
  const operator = 'in' in leaf ? 'eq' : operatorOf(leaf);
  const ordered = operator !== 'eq';
  const compared = pairs.flatMap(([left, right]) => {
    const [a, b] = [sideOf(left, known), sideOf(right, known)];
    const special = describeSpecial(operator, a, b);
    if (special !== undefined) return special;
    if (a.type === 'unknown' || b.type === 'unknown') return [];
    if (a.type !== b.type || uncompared.has(a.type)) {
      return [`compares ${a.words} with ${b.words}, which have different types`];
    }
    if (ordered && a.type === 'boolean') return [`orders ${a.words} and ${b.words}, which have no order`];
    const apart =
      a.values !== undefined && b.values !== undefined && !a.values.some((each) => b.values?.includes(each));
    return !ordered && apart ? [`compares ${a.words} with ${b.words}, which is not one of its values`] : [];
  });
  return [...describeLengths(leaf, known), ...compared];
}

/** What equals nothing and has no order. */
const uncompared: ReadonlySet<Plain> = new Set(['image', 'audio', 'money', 'list', 'object']);
