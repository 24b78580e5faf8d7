import {
  holds,
  member,
  sidesOf,
  type Condition,
  type Leaf,
  type Operand,
  type Value,
} from './engine/condition.ts';
import type { World } from './engine/walk.ts';

/** What one record makes of a story is read from here. */
export interface Known {
  readonly world: World;
  /** Nodes that a walk may come to. */
  readonly reachable: ReadonlySet<string>;
}

/** A condition of which only what a walk decides is left, or what the record makes of it. */
export type Residue = Condition | boolean;

/** Whether a variable of a story can hold it. */
export const isValue = (value: unknown): value is Value =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Whether a variable is the story's own, so that a walk may change it. */
export function isOwn({ world }: Known, name: string): boolean {
  const declared = member(world.story.variables, name);
  return declared !== undefined && declared.source !== 'record';
}

/** Whether a walk decides what an operand is. */
function isOpen(known: Known, operand: Operand): boolean {
  if (typeof operand !== 'object') return false;
  return 'var' in operand ? isOwn(known, operand.var) : known.reachable.has(operand.visits);
}

/** What an operand is that no walk decides. */
function settled({ world }: Known, operand: Operand): unknown {
  if (typeof operand !== 'object') return operand;
  return 'var' in operand ? member(world.facts, operand.var) : 0;
}

function comparison(
  known: Known,
  leaf: Extract<Leaf, { eq: unknown } | { lt: unknown } | { lte: unknown }>,
): Residue {
  const [left, right] = sidesOf(leaf);
  const compare = (pair: readonly [Operand, Operand]): Condition =>
    'eq' in leaf ? { eq: pair } : 'lt' in leaf ? { lt: pair } : { lte: pair };
  if (isOpen(known, left) === isOpen(known, right))
    return isOpen(known, left) ? leaf : holds(leaf, known.world.facts);
  const open = isOpen(known, left) ? left : right;
  const value = settled(known, open === left ? right : left);
  if (isValue(value)) return compare(open === left ? [left, value] : [value, right]);
  // What is absent equals what is absent and has no order; a picture is like nothing that a walk holds.
  const absent = 'eq' in leaf && value === undefined && typeof open === 'object' && 'var' in open;
  return absent ? { not: { present: open.var } } : false;
}

/** @param neutral what changes nothing among the parts: true of `all`, false of `any`. */
function join(parts: readonly Residue[], neutral: boolean): Residue {
  if (parts.includes(!neutral)) return !neutral;
  const open = parts.filter((part) => typeof part !== 'boolean');
  if (open.length === 0) return neutral;
  return neutral ? { all: open } : { any: open };
}

/** Puts what the record says into a condition. */
export function residueOf(known: Known, condition: Condition): Residue {
  const each = (parts: readonly Condition[]) => parts.map((part) => residueOf(known, part));
  if ('all' in condition) return join(each(condition.all), true);
  if ('any' in condition) return join(each(condition.any), false);
  if ('not' in condition) {
    const inner = residueOf(known, condition.not);
    return typeof inner === 'boolean' ? !inner : { not: inner };
  }
  if ('visited' in condition) return known.reachable.has(condition.visited) && condition;
  if ('present' in condition)
    return isOwn(known, condition.present) ? condition : holds(condition, known.world.facts);
  if ('in' in condition)
    return isOpen(known, condition.in[0]) ? condition : holds(condition, known.world.facts);
  return comparison(known, condition);
}
