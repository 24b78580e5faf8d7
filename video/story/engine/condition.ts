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
  return Array.isArray(value)
    ? value.map((each) => partOf(each, item))
    : member(Object(value) as Variables, item);
}

/** The value of one side of a condition. */
export function valueOf(operand: Operand, variables: Variables, visits: Visits): unknown {
  if (typeof operand !== 'object') return operand;
  if ('visits' in operand) return member(visits, operand.visits) ?? 0;
  if ('length' in operand) {
    const value = member(variables, operand.length);
    return value === undefined ? value : Array.from(value as string | unknown[]).length;
  }
  const value = member(variables, operand.var);
  return operand.item === undefined ? value : partOf(value, operand.item);
}

/** Which comparisons hold of two values. Order exists between two numbers or two texts, such as days. */
function compare(a: unknown, b: unknown) {
  const ordered = typeof a === typeof b && (typeof a === 'number' || typeof a === 'string');
  const [less, more] = [ordered && (a as number) < (b as number), ordered && (a as number) > (b as number)];
  return {
    eq: a === b,
    lt: less,
    lte: ordered && !more,
    gt: more,
    gte: ordered && !less,
    before: less,
    after: more,
    contains:
      (Array.isArray(a) || ordered) &&
      (a as { includes?: (part: unknown) => boolean }).includes?.(b) === true,
  };
}

/** How a condition compares two values. */
export type Operator = keyof ReturnType<typeof compare>;

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
  const [left, right] = sidesOf(condition).map((side) => valueOf(side, variables, visits));
  return compare(left, right)[operatorOf(condition)];
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

/** What a leaf compares, apart from constants of a list. */
export function operandsOf(leaf: Leaf): readonly Operand[] {
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
