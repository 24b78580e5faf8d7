import { variablesRead } from '../engine/condition.ts';
import { choicesOf, type Effect, type Story } from '../engine/graph.ts';
import { picturesOf } from './states.ts';
import type { Place } from './finding.ts';
import { storyConditions } from './known-variables.ts';

/** Something that a story does with a variable. */
export interface VariableUse {
  readonly name: string;
  readonly place: Place;
  /** In words, such as `a condition of node "menu"`. */
  readonly where: string;
}

const of = (node: string, choice?: string): string =>
  choice === undefined ? `node "${node}"` : `node "${node}", choice "${choice}"`;

/** The variable that an effect changes. */
const changedBy = (effect: Effect): string =>
  'set' in effect ? effect.set : 'add' in effect ? effect.add : effect.toggle;

/** Every place where a story reads a variable. */
export function variableReads(story: Story): readonly VariableUse[] {
  const reads: VariableUse[] = storyConditions(story).flatMap(({ node, choice, condition }) =>
    [...variablesRead(condition)].map((name) => ({
      name,
      place: { node, choice },
      where: `A condition of ${of(node, choice)}`,
    })),
  );
  for (const [name, { initial }] of Object.entries(story.variables)) {
    if (typeof initial !== 'object') continue;
    reads.push({ name: initial.var, place: {}, where: `The initial value of variable "${name}"` });
  }
  for (const [node, each] of Object.entries(story.nodes)) {
    const bindings = picturesOf(story, node).flatMap(({ inputs }) => Object.entries(inputs));
    if (each.type === 'cta') bindings.push(...Object.entries(each.link.query ?? {}));
    for (const [input, binding] of bindings) {
      if (!('var' in binding)) continue;
      reads.push({ name: binding.var, place: { node }, where: `Input "${input}" of ${of(node)}` });
    }
    for (const { id, effects = [] } of choicesOf(each)) {
      for (const effect of effects) {
        if (!('set' in effect) || typeof effect.to !== 'object') continue;
        reads.push({
          name: effect.to.var,
          place: { node, choice: id },
          where: `An effect of ${of(node, id)}`,
        });
      }
    }
  }
  return reads;
}

/** Every place where a story sets a variable. */
export function variableWrites(story: Story): readonly VariableUse[] {
  return Object.entries(story.nodes).flatMap(([node, each]) => [
    ...choicesOf(each).flatMap(({ id, effects = [] }) =>
      effects.map((effect) => ({
        name: changedBy(effect),
        place: { node, choice: id },
        where: `An effect of ${of(node, id)}`,
      })),
    ),
    ...(each.type === 'form'
      ? [{ name: each.question.variable, place: { node }, where: `The question of ${of(node)}` }]
      : []),
  ]);
}
