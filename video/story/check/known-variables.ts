import { z } from 'zod';
import { personalVariables } from '../bind.ts';
import { leavesOf, sidesOf, type Condition, type Value } from '../engine/condition.ts';
import { choicesOf, type Edges, type Story } from '../engine/graph.ts';
import type { Template } from '../template.ts';

/** What is known of a variable before any record is. */
export interface KnownVariable {
  readonly type: 'boolean' | 'number' | 'text' | 'choice' | 'image' | 'unknown';
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

/** All that a story can name, by name. A story's own variable hides none of the record. */
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
      type: kind === 'number' || kind === 'choice' || kind === 'image' ? kind : 'text',
      owner: 'record',
      personal: personal.has(name),
      optional: !required && fallback === undefined && kind !== 'image',
      values,
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

/** Every condition of a story, with the node where it stands. */
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

/** Constants that conditions compare a variable, or a node's visits, with. */
export function comparedConstants(
  conditions: readonly Condition[],
  side: { readonly var: string } | { readonly visits: string },
): readonly Value[] {
  const name = JSON.stringify(side);
  const constants = new Set<Value>();
  for (const leaf of conditions.flatMap(leavesOf)) {
    if ('in' in leaf) {
      if (JSON.stringify(leaf.in[0]) === name) leaf.in[1].forEach((value) => constants.add(value));
    } else if ('eq' in leaf || 'lt' in leaf || 'lte' in leaf) {
      const [left, right] = sidesOf(leaf);
      if (JSON.stringify(left) === name && typeof right !== 'object') constants.add(right);
      if (JSON.stringify(right) === name && typeof left !== 'object') constants.add(left);
    }
  }
  return [...constants];
}
