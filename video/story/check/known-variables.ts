import { z } from 'zod';
import { personalVariables } from '../bind.ts';
import {
  leavesOf,
  member,
  sidesOf,
  variablesRead,
  type Condition,
  type Leaf,
  type Operand,
  type Value,
} from '../engine/condition.ts';
import { choicesOf, type Edges, type Story } from '../engine/graph.ts';
import type { Template } from '../template.ts';
import { type AnyRecord, type Field, type FieldKind, isFetched } from '../../../data/record.ts';
import { absentImage } from '../scene.ts';

/** What is known of a variable without a record. */
export interface KnownVariable {
  readonly type:
    | 'boolean'
    | 'number'
    | 'text'
    | 'date'
    | 'choice'
    | 'image'
    | 'audio'
    | 'money'
    | 'list'
    | 'object'
    | 'unknown';
  readonly owner: 'record' | 'fact' | 'segment' | 'story';
  readonly personal: boolean;
  /** Whether it can be absent. */
  readonly optional: boolean;
  /** All values, where they are few and known. */
  readonly values: readonly Value[] | undefined;
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
}

export type KnownVariables = ReadonlyMap<string, KnownVariable>;

const range = z.object({
  enum: z.array(z.string()).optional(),
  minimum: z.number().default(-Infinity),
  maximum: z.number().default(Infinity),
  type: z.unknown(),
});

const unbounded = { min: -Infinity, max: Infinity, integer: false, values: undefined };

/** What conditions and inputs take a field of a kind for. */
function typeOf(kind: FieldKind): KnownVariable['type'] {
  switch (kind) {
    case 'number':
    case 'boolean':
    case 'choice':
    case 'image':
    case 'audio':
    case 'money':
    case 'list':
    case 'object':
      return kind;
    case 'date':
      return kind;
    default:
      return 'text';
  }
}

/** All variables that a story can use, by name. Those of the record take precedence. */
export function knownVariables(template: Template): KnownVariables {
  const personal = personalVariables(template);
  const known = new Map<string, KnownVariable>();
  for (const [name, variable] of Object.entries(template.story.variables)) {
    const { type, source, initial } = variable;
    if (source === 'record') continue;
    known.set(name, {
      ...unbounded,
      ...(type === 'number' && { min: variable.min, max: variable.max, integer: variable.integer === true }),
      ...(type === 'choice' && { values: variable.values }),
      ...(type === 'boolean' && { values: [false, true] }),
      type,
      owner: 'story',
      personal: personal.has(name),
      optional: initial === undefined || typeof initial === 'object',
    });
  }
  for (const [name, { kind, jsonSchema, required, fallback }] of Object.entries(template.record)) {
    const { enum: values, minimum: min, maximum: max, type } = range.parse(jsonSchema);
    known.set(name, {
      type: typeOf(kind),
      owner: 'record',
      personal: personal.has(name),
      optional: !required && fallback === undefined && !isFetched({ kind }),
      values: kind === 'boolean' ? [false, true] : values,
      min,
      max,
      integer: type === 'integer',
    });
  }
  const fact = { ...unbounded, type: 'unknown', owner: 'fact', optional: false } as const;
  for (const name of Object.keys(template.facts)) known.set(name, { ...fact, personal: personal.has(name) });
  for (const name of Object.keys(template.segments)) {
    const segment = { owner: 'segment', type: 'boolean', values: [false, true], optional: false } as const;
    known.set(name, { ...unbounded, ...segment, personal: false });
  }
  return known;
}

const conditionsOf = (edges: Edges | undefined): readonly Condition[] =>
  edges === undefined || typeof edges === 'string' ? [] : edges.flatMap(({ when }) => when ?? []);

/** Every condition of a story, with its node and choice. */
export function storyConditions(
  story: Story,
): readonly { readonly node: string; readonly choice: string | undefined; readonly condition: Condition }[] {
  return Object.entries(story.nodes).flatMap(([node, of]) => [
    ...('next' in of ? conditionsOf(of.next) : []).map((condition) => ({
      node,
      choice: undefined,
      condition,
    })),
    ...choicesOf(of).flatMap(({ id, when, to }) =>
      [...(when === undefined ? [] : [when]), ...conditionsOf(to)].map((condition) => ({
        node,
        choice: id,
        condition,
      })),
    ),
  ]);
}

/** Constants that conditions compare an operand with. */
export function comparedConstants(
  conditions: readonly Condition[],
  side: Exclude<Operand, Value>,
): readonly Value[] {
  const name = JSON.stringify(side);
  const constants = new Set<Value>();
  for (const leaf of conditions.flatMap(leavesOf)) {
    if ('in' in leaf) {
      if (JSON.stringify(leaf.in[0]) === name) leaf.in[1].forEach((value) => constants.add(value));
    } else if (!('present' in leaf) && !('visited' in leaf)) {
      const [left, right] = sidesOf(leaf);
      if (JSON.stringify(left) === name && typeof right !== 'object') constants.add(right);
      if (JSON.stringify(right) === name && typeof left !== 'object') constants.add(left);
    }
  }
  return [...constants];
}

/** The parts of a variable's items that conditions read. */
function partsRead(conditions: readonly Condition[], name: string): readonly string[] {
  const operands = conditions
    .flatMap(leavesOf)
    .flatMap((leaf) => ('in' in leaf ? [leaf.in[0]] : sidesIn(leaf)));
  return [
    ...new Set(
      operands.flatMap((each) =>
        typeof each === 'object' && 'var' in each && each.var === name ? (each.item ?? []) : [],
      ),
    ),
  ];
}

const sidesIn = (leaf: Leaf): readonly Operand[] =>
  'in' in leaf || 'present' in leaf || 'visited' in leaf ? [] : sidesOf(leaf);

/** Lists of the lengths, and with the parts, that conditions ask for. */
function lists(conditions: readonly Condition[], name: string): readonly unknown[] {
  const lengths = comparedConstants(conditions, { length: name }).filter((each) => typeof each === 'number');
  const counts = new Set([0, 1, ...lengths.flatMap((each) => [each - 1, each, each + 1])]);
  return [
    ...[...counts]
      .filter((count) => Number.isInteger(count) && count >= 0 && count < 100)
      .map((count) => Array.from({ length: count }, () => ({}))),
    ...objects(conditions, name).map((item) => [item]),
  ];
}

/** Objects with the parts that conditions ask for. */
const objects = (conditions: readonly Condition[], name: string): readonly AnyRecord[] =>
  partsRead(conditions, name).flatMap((item) =>
    comparedConstants(conditions, { var: name, item }).map((value) => ({ [item]: value })),
  );

const msInDay = 86_400_000;

/** Each day, and those before and after it. */
const daysAround = (constants: readonly string[]): readonly string[] =>
  constants.flatMap((each) => {
    const ms = Date.parse(each.slice(0, 10));
    return Number.isNaN(ms)
      ? []
      : [-1, 0, 1].map((days) => new Date(ms + days * msInDay).toISOString().slice(0, 10));
  });

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
 * Sample values of a variable: each represents the values for which all conditions have the same result. Exact if
 * conditions compare the variable with constants.
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
    case 'date':
      return [...new Set([...daysAround(textual), ...texts(textual)]), ...absent];
    case 'list':
      return lists(conditions, name);
    case 'object':
      return [...objects(conditions, name), {}, ...absent];
    case 'image':
    case 'audio':
      return [absentImage];
    case 'money':
      return [{ amount: 12.5, currency: 'EUR' }, ...absent];
    case 'unknown': {
      const booleans = constants.some((each) => typeof each === 'boolean') ? [false, true] : [];
      const isList =
        partsRead(conditions, name).length > 0 || comparedConstants(conditions, { length: name }).length > 0;
      return [
        ...booleans,
        ...(numeric.length > 0 ? numbers(known, numeric) : []),
        ...texts(textual),
        ...(isList ? lists(conditions, name) : []),
      ];
    }
    default:
      return known.type satisfies never;
  }
}

/** Whether a value can be an answer. */
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

/** Those names, and those that give variables their initial values: all that decides which edges can be taken. */
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

/** Fields of the record that a field, fact or segment depends on. */
function fieldsBehind({ record, facts, segments }: Template, name: string): readonly string[] {
  if (Object.hasOwn(record, name)) return [name];
  const from = member(facts, name)?.from;
  if (from !== undefined) return from;
  const segment = member(segments, name);
  const read = segment === undefined ? [] : [...variablesRead(segment)];
  return read.flatMap((each) => (Object.hasOwn(record, each) ? [each] : (member(facts, each)?.from ?? [])));
}

/** Sample values of a field, from fixtures, its kind and the story's constants. */
function fieldValues(template: Template, name: string, field: Field): readonly unknown[] {
  const known = knownVariables(template).get(name);
  const fromFixtures = Object.values(template.fixtures).map(({ record }) => record[name]);
  const sampled = known === undefined ? [] : sampleValues(known, name, allConditions(template));
  const values = [...fromFixtures, ...sampled].flatMap((value) => {
    if (value === undefined) return [];
    const parsed = field.parse(value);
    return parsed.ok ? [parsed.value] : [];
  });
  return [...new Set([...values, ...(field.required ? [] : [field.fallback])])];
}

const mostCombined = 96;

/** Sample records: combinations of the fields that decide edges, up to a limit; then each field varied alone. */
export function sampleRecords(template: Template): readonly AnyRecord[] {
  const { record, fixtures } = template;
  const typical = fixtures.typical.record;
  const values = new Map(
    Object.entries(record)
      .filter(([, field]) => !isFetched(field))
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
