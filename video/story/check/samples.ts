import type { AnyRecord, Field } from '../../../data/record.ts';
import { member, variablesRead, type Condition, type Value } from '../engine/condition.ts';
import { choicesOf } from '../engine/graph.ts';
import { absentImage } from '../image.ts';
import type { Template } from '../template.ts';
import { comparedConstants, knownVariables, storyConditions, type KnownVariable } from './known-variables.ts';

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

/** A plain value of several, for answers. */
export const isValue = (value: unknown): value is Value =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Conditions of a template: those of its story and those of its segments. */
export function allConditions({ story, segments }: Template): readonly Condition[] {
  return [...storyConditions(story).map(({ condition }) => condition), ...Object.values(segments)];
}

/** Names of the record's fields, facts and segments that conditions and effects read. */
export function guardingNames(template: Template): readonly string[] {
  const { story } = template;
  const read = storyConditions(story).flatMap(({ condition }) => [...variablesRead(condition)]);
  for (const node of Object.values(story.nodes)) {
    for (const effect of choicesOf(node).flatMap(({ effects = [] }) => effects)) {
      if ('set' in effect && typeof effect.to === 'object') read.push(effect.to.var);
    }
  }
  return [...new Set(read)].filter((name) => !isOwn(template, name)).sort();
}

/** Those names, and those that variables begin with: all that decides which ways of a story can be gone. */
export function steeringNames(template: Template): readonly string[] {
  const initial = Object.values(template.story.variables).flatMap(({ initial: from }) =>
    typeof from === 'object' && !isOwn(template, from.var) ? [from.var] : [],
  );
  return [...new Set([...guardingNames(template), ...initial])].sort();
}

function isOwn({ story }: Template, name: string): boolean {
  const declaration = member(story.variables, name);
  return declaration !== undefined && declaration.source !== 'record';
}

/** Fields of the record that a field, fact or segment rests on. */
function fieldsBehind({ record, facts, segments }: Template, name: string): readonly string[] {
  if (Object.hasOwn(record, name)) return [name];
  const from = member(facts, name)?.from;
  if (from !== undefined) return from;
  const segment = member(segments, name);
  const read = segment === undefined ? [] : [...variablesRead(segment)];
  return read.flatMap((each) => (Object.hasOwn(record, each) ? [each] : (member(facts, each)?.from ?? [])));
}

/** What a field may hold, as far as fixtures, its kind and the story's constants tell. */
function fieldValues(template: Template, name: string, field: Field): readonly unknown[] {
  const known = knownVariables(template).get(name);
  const fromFixtures = Object.values(template.fixtures).map(({ record }) => record[name]);
  const sampled = known === undefined ? [] : sampleValues(known, name, allConditions(template));
  const values = [...fromFixtures, ...sampled].flatMap((value) => {
    if (value === undefined) return [];
    const parsed = field.schema.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });
  return [...new Set([...values, ...(field.required ? [] : [field.fallback])])];
}

const mostCombined = 96;

/** Records that differ in all that steers, as far as that is not too much; then each field for itself. */
export function sampleRecords(template: Template): readonly AnyRecord[] {
  const { record, fixtures } = template;
  const typical = fixtures.typical.record;
  const values = new Map(
    Object.entries(record)
      .filter(([, field]) => field.kind !== 'image')
      .map(([name, field]) => [name, fieldValues(template, name, field)] as const),
  );
  const steering = new Set(steeringNames(template).flatMap((name) => fieldsBehind(template, name)));
  let combined: readonly AnyRecord[] = [typical];
  for (const name of steering) {
    const own = values.get(name) ?? [];
    if (own.length === 0 || combined.length * own.length > mostCombined) continue;
    combined = combined.flatMap((each) => own.map((value) => ({ ...each, [name]: value })));
  }
  const varied = [...values].flatMap(([name, own]) => own.map((value) => ({ ...typical, [name]: value })));
  const samples = [...Object.values(fixtures).map((each) => each.record), ...combined, ...varied];
  return [...new Map(samples.map((each) => [JSON.stringify(each), each])).values()];
}
