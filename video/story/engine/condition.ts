import type { conditionSchema, Infer, operandSchema } from '../story-schema.ts';

/** A plain value: what variables of a story hold and conditions compare. */
export type Value = Exclude<Operand, object>;

/** A value in a condition: a variable of the story, how often a node was entered, or a constant. */
export type Operand = Infer<typeof operandSchema>;

/** A JSON expression over variables and visits. Never evaluated as code. */
export type Condition = Infer<typeof conditionSchema>;

export type Variables = Readonly<Record<string, unknown>>;

/** How often each node was entered; a node that is missing here never was. */
export type Visits = Readonly<Record<string, number>>;

const noVisits: Visits = {};

/** The member of a record under a name that comes from outside, never one of its prototype. */
export function member<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** A part of an object, or that part of each item of a list. */
function partOf(value: unknown, item: string): unknown {
  if (Array.isArray(value)) return value.map((each) => partOf(each, item));
  return typeof value === 'object' && value !== null ? member(value as Variables, item) : undefined;
}

/** The value of one side of a condition. */
export function valueOf(operand: Operand, variables: Variables, visits: Visits): unknown {
  if (typeof operand !== 'object') return operand;
  if ('visits' in operand) return member(visits, operand.visits) ?? 0;
  if ('length' in operand) {
    const value = member(variables, operand.length);
    if (typeof value === 'string') return Array.from(value).length;
    return Array.isArray(value) ? value.length : undefined;
  }
  const value = member(variables, operand.var);
  return operand.item === undefined ? value : partOf(value, operand.item);
}

/** Order exists between two numbers or two strings; any other pair is unordered. @returns NaN then. */
function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return NaN;
}

/** The day of a day or a moment as it is written. */
const dayOf = (value: unknown): unknown => (typeof value === 'string' ? value.slice(0, 10) : undefined);

const contains = (a: unknown, b: unknown): boolean =>
  typeof a === 'string' ? typeof b === 'string' && a.includes(b) : Array.isArray(a) && a.includes(b);

/** Comparisons of two values. What has no order is neither before nor after. */
const comparisons = {
  eq: (a: unknown, b: unknown) => a === b,
  lt: (a: unknown, b: unknown) => compare(a, b) < 0,
  lte: (a: unknown, b: unknown) => compare(a, b) <= 0,
  gt: (a: unknown, b: unknown) => compare(a, b) > 0,
  gte: (a: unknown, b: unknown) => compare(a, b) >= 0,
  before: (a: unknown, b: unknown) => compare(dayOf(a), dayOf(b)) < 0,
  after: (a: unknown, b: unknown) => compare(dayOf(a), dayOf(b)) > 0,
  contains,
};

/** How a condition compares two values. */
export type Operator = keyof typeof comparisons;

/** Evaluates a condition. Unknown variables are absent: unequal to everything, unordered. */
export function holds(condition: Condition, variables: Variables, visits: Visits = noVisits): boolean {
  const test = (part: Condition) => holds(part, variables, visits);
  if ('all' in condition) return condition.all.every(test);
  if ('any' in condition) return condition.any.some(test);
  if ('not' in condition) return !test(condition.not);
  if ('in' in condition) {
    const value = valueOf(condition.in[0], variables, visits);
    return condition.in[1].some((each) => each === value);
  }
  if ('present' in condition) return member(variables, condition.present) !== undefined;
  if ('visited' in condition) return (member(visits, condition.visited) ?? 0) > 0;
  const [left, right] = sidesOf(condition);
  return comparisons[operatorOf(condition)](
    valueOf(left, variables, visits),
    valueOf(right, variables, visits),
  );
}

/** A leaf that compares two values. */
export type Comparison = Exclude<
  Leaf,
  { readonly in: unknown } | { readonly present: unknown } | { readonly visited: unknown }
>;

/** How a leaf compares its two sides. */
export const operatorOf = (condition: Comparison): Operator => Object.keys(condition)[0] as Operator;

/** The two sides of a comparison. */
export const sidesOf = (condition: Comparison): readonly [Operand, Operand] =>
  Object.values(condition)[0] as readonly [Operand, Operand];

/** The parts of a condition that have no parts themselves. */
export type Leaf = Exclude<
  Condition,
  { readonly all: unknown } | { readonly any: unknown } | { readonly not: unknown }
>;

/** All leaves of a condition's tree, from left to right. */
export function leavesOf(condition: Condition): readonly Leaf[] {
  if ('all' in condition) return condition.all.flatMap(leavesOf);
  if ('any' in condition) return condition.any.flatMap(leavesOf);
  if ('not' in condition) return leavesOf(condition.not);
  return [condition];
}

function operandsOf(leaf: Leaf): readonly Operand[] {
  if ('present' in leaf) return [{ var: leaf.present }];
  if ('visited' in leaf) return [{ visits: leaf.visited }];
  if ('in' in leaf) return [leaf.in[0]];
  return sidesOf(leaf);
}

function variableOf(operand: Operand): readonly string[] {
  if (typeof operand !== 'object' || 'visits' in operand) return [];
  return ['var' in operand ? operand.var : operand.length];
}

/** Names of the variables that a condition reads. */
export function variablesRead(condition: Condition): ReadonlySet<string> {
  const operands = leavesOf(condition).flatMap(operandsOf);
  return new Set(operands.flatMap(variableOf));
}

/** Names of the nodes whose visits a condition reads. */
export function nodesCounted(condition: Condition): ReadonlySet<string> {
  const operands = leavesOf(condition).flatMap(operandsOf);
  return new Set(
    operands.flatMap((each) => (typeof each === 'object' && 'visits' in each ? [each.visits] : [])),
  );
}
