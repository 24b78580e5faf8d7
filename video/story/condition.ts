import { z } from 'zod';

/** A value in a condition: a variable of the story, or a constant. */
export type Operand = { readonly var: string } | string | number | boolean;

/** A JSON expression over variables. Never evaluated as code. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly eq: readonly [Operand, Operand] }
  | { readonly lt: readonly [Operand, Operand] }
  | { readonly lte: readonly [Operand, Operand] }
  | { readonly in: readonly [Operand, readonly (string | number | boolean)[]] }
  | { readonly present: string };

const operand: z.ZodType<Operand> = z.union([
  z.strictObject({ var: z.string() }),
  z.string(),
  z.number(),
  z.boolean(),
]);
const pair = z.tuple([operand, operand]);

export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(conditionSchema) }),
    z.strictObject({ any: z.array(conditionSchema) }),
    z.strictObject({ not: conditionSchema }),
    z.strictObject({ eq: pair }),
    z.strictObject({ lt: pair }),
    z.strictObject({ lte: pair }),
    z.strictObject({ in: z.tuple([operand, z.array(z.union([z.string(), z.number(), z.boolean()]))]) }),
    z.strictObject({ present: z.string() }),
  ]),
);

export type Variables = Readonly<Record<string, unknown>>;

function valueOf(operandValue: Operand, variables: Variables): unknown {
  return typeof operandValue === 'object' ? variables[operandValue.var] : operandValue;
}

/** Order exists between two numbers or two strings; any other pair is unordered, so false. */
function compare([left, right]: readonly [Operand, Operand], variables: Variables): number | undefined {
  const a = valueOf(left, variables);
  const b = valueOf(right, variables);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return undefined;
}

/** Evaluates a condition. Unknown variables are absent: unequal to everything, unordered. */
export function holds(condition: Condition, variables: Variables): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, variables));
  if ('any' in condition) return condition.any.some((part) => holds(part, variables));
  if ('not' in condition) return !holds(condition.not, variables);
  if ('eq' in condition) return valueOf(condition.eq[0], variables) === valueOf(condition.eq[1], variables);
  if ('lt' in condition) return (compare(condition.lt, variables) ?? 0) < 0;
  if ('lte' in condition) return (compare(condition.lte, variables) ?? 1) <= 0;
  if ('in' in condition) {
    return condition.in[1].some((member) => member === valueOf(condition.in[0], variables));
  }
  if ('present' in condition) return variables[condition.present] !== undefined;
  return condition satisfies never;
}

/** Names of the variables that a condition reads. */
export function variablesRead(condition: Condition): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (part: Condition): void => {
    if ('all' in part) part.all.forEach(visit);
    else if ('any' in part) part.any.forEach(visit);
    else if ('not' in part) visit(part.not);
    else if ('present' in part) names.add(part.present);
    else {
      const operands =
        'in' in part ? [part.in[0]] : 'eq' in part ? part.eq : 'lt' in part ? part.lt : part.lte;
      for (const each of operands) if (typeof each === 'object') names.add(each.var);
    }
  };
  visit(condition);
  return names;
}
