import {
  holds,
  nodesCounted,
  variablesRead,
  type Condition,
  type Value,
  type Variables,
  type Visits,
} from '../engine/condition.ts';
import { absentImage } from '../image.ts';
import { comparedConstants, type KnownVariable, type KnownVariables } from './known-variables.ts';

/** A case: values of variables, and visits of nodes, that stand for all that conditions tell apart. */
export interface Case {
  readonly variables: Variables;
  readonly visits: Visits;
}

const fewNumbers = 12;

function numbers({ min, max, integer }: KnownVariable, constants: readonly number[]): readonly number[] {
  if (integer && max - min < fewNumbers) {
    return Array.from({ length: Math.max(0, max - min + 1) }, (_, index) => min + index);
  }
  const around = integer ? 1 : 0.5;
  const middle = Number.isFinite(min) ? min : Number.isFinite(max) ? max : 0;
  const all = [min, max, middle, ...constants.flatMap((each) => [each - around, each, each + around])];
  return [...new Set(all)].filter((each) => Number.isFinite(each) && each >= min && each <= max);
}

/** Strings below, at and above each constant, as comparisons order them. */
const texts = (constants: readonly string[]): readonly string[] => [
  ...new Set(['', ...constants.flatMap((each) => [each, `${each}\u0001`]), 'Ada']),
];

/**
 * Values of a variable of which each stands for all that conditions do not tell apart from it; exact
 * where conditions compare it with constants.
 */
export function sampleValues(
  known: KnownVariable,
  name: string,
  conditions: readonly Condition[],
): readonly unknown[] {
  const constants = comparedConstants(conditions, { var: name });
  const numeric = constants.filter((each) => typeof each === 'number');
  const textual = constants.filter((each) => typeof each === 'string');
  const absent = known.optional ? [undefined] : [];
  switch (known.type) {
    case 'boolean':
    case 'choice':
      return [...(known.values ?? [false, true]), ...absent];
    case 'number':
      return [...numbers(known, numeric), ...absent];
    case 'text':
      return [...texts(textual), ...absent];
    case 'image':
      return [absentImage];
    case 'unknown': {
      const booleans = constants.some((each) => typeof each === 'boolean') ? [false, true] : [];
      return [...booleans, ...(numeric.length > 0 ? numbers(known, numeric) : []), ...texts(textual)];
    }
    default:
      return known.type satisfies never;
  }
}

/** Variables that conditions rest on: those they read, and those that the segments among them read. */
export function baseVariables(
  conditions: readonly Condition[],
  segments: Readonly<Record<string, Condition>>,
): ReadonlySet<string> {
  const read = new Set(conditions.flatMap((each) => [...variablesRead(each)]));
  return new Set(
    [...read].flatMap((name) => {
      const segment = Object.hasOwn(segments, name) ? segments[name] : undefined;
      return segment === undefined ? [name] : [...variablesRead(segment)];
    }),
  );
}

/** All combinations of one value for each name; `undefined` where there are more than `most`. */
function combinations(
  domains: Readonly<Record<string, readonly unknown[]>>,
  most: number,
): readonly Variables[] | undefined {
  const entries = Object.entries(domains);
  if (entries.reduce((product, [, values]) => product * values.length, 1) > most) return undefined;
  return entries.reduce<readonly Variables[]>(
    (all, [name, values]) => all.flatMap((each) => values.map((value) => ({ ...each, [name]: value }))),
    [{}],
  );
}

/** A case's variables with the segments that follow from them. */
function withSegments(variables: Variables, segments: Readonly<Record<string, Condition>>): Variables {
  const derived = Object.entries(segments).map(([name, when]) => [name, holds(when, variables)] as const);
  return { ...variables, ...Object.fromEntries(derived) };
}

const mostCases = 5_000;

/** Every case that conditions at a node tell apart; `undefined` where there are too many. */
export function casesAt(
  node: string,
  conditions: readonly Condition[],
  known: KnownVariables,
  segments: Readonly<Record<string, Condition>>,
): readonly Case[] | undefined {
  const all = [...conditions, ...Object.values(segments)];
  const domains: Record<string, readonly unknown[]> = {};
  for (const name of baseVariables(conditions, segments)) {
    const variable = known.get(name);
    domains[name] = variable === undefined ? [undefined] : sampleValues(variable, name, all);
  }
  const counted = new Set(conditions.flatMap((each) => [...nodesCounted(each)]));
  const visits: Record<string, readonly number[]> = {};
  for (const name of counted) {
    const constants = comparedConstants(conditions, { visits: name }).filter(
      (each) => typeof each === 'number',
    );
    const least = name === node ? 1 : 0;
    const near = [least, least + 1, ...constants.flatMap((each) => [each - 1, each, each + 1])];
    visits[name] = [...new Set(near)].filter((each) => each >= least && Number.isInteger(each));
  }
  const variables = combinations(domains, mostCases);
  const counts = combinations(visits, mostCases);
  if (variables === undefined || counts === undefined) return undefined;
  if (variables.length * counts.length > mostCases) return undefined;
  return variables.flatMap((each) =>
    counts.map((count) => ({ variables: withSegments(each, segments), visits: count as Visits })),
  );
}

/** A case in words, such as `plan is "Basic"`. */
export function describeCase({ variables, visits }: Case, only: Iterable<string>): string {
  const words = [...only].map((name) => `${name} is ${JSON.stringify(variables[name]) ?? 'absent'}`);
  const counts = Object.entries(visits).map(([name, count]) => `${name} was visited ${count} times`);
  return [...words, ...counts].join(' and ') || 'nothing else is known';
}

/** A plain value of several, for answers. */
export const isValue = (value: unknown): value is Value =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
