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

function valueOf(operand: Operand, variables: Variables, visits: Visits): unknown {
  if (typeof operand !== 'object') return operand;
  return 'var' in operand ? member(variables, operand.var) : (member(visits, operand.visits) ?? 0);
}

/** Order exists between two numbers or two strings; any other pair is unordered, so false. */
function compare(
  [left, right]: readonly [Operand, Operand],
  variables: Variables,
  visits: Visits,
): number | undefined {
  const a = valueOf(left, variables, visits);
  const b = valueOf(right, variables, visits);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return undefined;
}

/** Evaluates a condition. Unknown variables are absent: unequal to everything, unordered. */
export function holds(condition: Condition, variables: Variables, visits: Visits = noVisits): boolean {
  const test = (part: Condition) => holds(part, variables, visits);
  if ('all' in condition) return condition.all.every(test);
  if ('any' in condition) return condition.any.some(test);
  if ('not' in condition) return !test(condition.not);
  if ('eq' in condition) {
    const [left, right] = condition.eq;
    return valueOf(left, variables, visits) === valueOf(right, variables, visits);
  }
  if ('lt' in condition) return (compare(condition.lt, variables, visits) ?? 0) < 0;
  if ('lte' in condition) return (compare(condition.lte, variables, visits) ?? 1) <= 0;
  if ('in' in condition) {
    const value = valueOf(condition.in[0], variables, visits);
    return condition.in[1].some((each) => each === value);
  }
  if ('present' in condition) return member(variables, condition.present) !== undefined;
  if ('visited' in condition) return (member(visits, condition.visited) ?? 0) > 0;
  return condition satisfies never;
}

type Comparison = Extract<
  Condition,
  { readonly eq: unknown } | { readonly lt: unknown } | { readonly lte: unknown }
>;

/** The two sides of a comparison. */
export function sidesOf(condition: Comparison): readonly [Operand, Operand] {
  return 'eq' in condition ? condition.eq : 'lt' in condition ? condition.lt : condition.lte;
}

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

/** Names of the variables that a condition reads. */
export function variablesRead(condition: Condition): ReadonlySet<string> {
  const operands = leavesOf(condition).flatMap(operandsOf);
  return new Set(operands.flatMap((each) => (typeof each === 'object' && 'var' in each ? [each.var] : [])));
}

/** Names of the nodes whose visits a condition reads. */
export function nodesCounted(condition: Condition): ReadonlySet<string> {
  const operands = leavesOf(condition).flatMap(operandsOf);
  return new Set(
    operands.flatMap((each) => (typeof each === 'object' && 'visits' in each ? [each.visits] : [])),
  );
}
