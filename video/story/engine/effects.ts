import { member, type Value } from './condition.ts';
import type { Effect, VariableDeclaration } from './graph.ts';
import { readVariables, type Walk, type World } from './walk.ts';

/** Whether a variable can hold a value. */
export function fits(declaration: VariableDeclaration, value: unknown): value is Value {
  switch (declaration.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'number':
      return (
        typeof value === 'number' &&
        value >= declaration.min &&
        value <= declaration.max &&
        (declaration.integer !== true || Number.isInteger(value))
      );
    case 'choice':
      return typeof value === 'string' && declaration.values.includes(value);
    case 'text':
      return typeof value === 'string';
    default:
      return declaration satisfies never;
  }
}

function valueAfter(
  world: World,
  variables: Walk['variables'],
  effect: Effect,
): readonly [string, Value] | undefined {
  const name = 'set' in effect ? effect.set : 'add' in effect ? effect.add : effect.toggle;
  const declaration = member(world.story.variables, name);
  if (declaration === undefined || declaration.source === 'record') return undefined;
  const before = member(variables, name);
  if ('add' in effect) {
    if (declaration.type !== 'number') return undefined;
    const sum = (typeof before === 'number' ? before : declaration.min) + effect.by;
    return [name, Math.min(declaration.max, Math.max(declaration.min, sum))];
  }
  if ('toggle' in effect) return [name, before !== true];
  const { to } = effect;
  const value = typeof to === 'object' ? member(readVariables(world, variables), to.var) : to;
  return fits(declaration, value) ? [name, value] : undefined;
}

/**
 * The story's variables after a choice's effects, in their order. Sums stay within the variable's range;
 * what a variable cannot hold is not put into it.
 */
export function applyEffects(
  world: World,
  variables: Walk['variables'],
  effects: readonly Effect[] = [],
): Walk['variables'] {
  return effects.reduce((before, effect) => {
    const change = valueAfter(world, before, effect);
    return change === undefined ? before : { ...before, [change[0]]: change[1] };
  }, variables);
}
