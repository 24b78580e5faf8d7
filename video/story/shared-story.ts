import {
  holds,
  member,
  operatorOf,
  sidesOf,
  valueOf,
  type Comparison,
  type Condition,
  type Operand,
  type Value,
  variablesRead,
} from './engine/condition.ts';
import type { StoryContext } from './engine/state.ts';
import { fits } from './engine/take.ts';
import {
  choicesOf,
  hasView,
  type Bindings,
  type Choice,
  type Edge,
  type Edges,
  type Effect,
  type Link,
  type Story,
  type StoryNode,
  type VariableDeclaration,
  variablesLinked,
} from './engine/graph.ts';
import { reachableNodes } from './record-views.ts';

/** What is known when one record's conditions are resolved. */
interface Known {
  readonly context: StoryContext;
  /** Nodes that viewers can reach. */
  readonly reachable: ReadonlySet<string>;
}

/** What remains of a condition once the record is known: the viewer's part of it, or its value. */
type Residue = Condition | boolean;

/** Whether a variable of a story can hold it. */
const isValue = (value: unknown): value is Value =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Whether a variable is the story's own, so that viewers may change it. */
function isOwn({ context }: Known, name: string): boolean {
  const declared = member(context.story.variables, name);
  return declared !== undefined && declared.source !== 'record';
}

/** Whether an operand depends on the viewer. */
function isOpen(known: Known, operand: Operand): boolean {
  if (typeof operand !== 'object') return false;
  if ('visits' in operand) return known.reachable.has(operand.visits);
  return isOwn(known, 'var' in operand ? operand.var : operand.length);
}

function comparison(known: Known, leaf: Comparison): Residue {
  const [left, right] = sidesOf(leaf);
  const operator = operatorOf(leaf);
  const compare = (pair: readonly [Operand, Operand]): Condition => ({ [operator]: pair }) as Comparison;
  if (isOpen(known, left) === isOpen(known, right))
    return isOpen(known, left) ? leaf : holds(leaf, known.context.facts);
  const open = isOpen(known, left) ? left : right;
  // A node that nobody reaches was never visited.
  const value = valueOf(open === left ? right : left, known.context.facts, {});
  if (isValue(value)) return compare(open === left ? [left, value] : [value, right]);
  if (operator === 'contains' && open === right && Array.isArray(value)) {
    return { in: [right, value.filter(isValue)] };
  }
  // Absent equals absent and has no order; an image equals no value of a variable.
  const absent = 'eq' in leaf && value === undefined && typeof open === 'object' && 'var' in open;
  return absent ? { not: { present: open.var } } : false;
}

/** @param neutral the value that changes nothing among the parts: true for `all`, false for `any`. */
function join(parts: readonly Residue[], neutral: boolean): Residue {
  if (parts.includes(!neutral)) return !neutral;
  const open = parts.filter((part) => typeof part !== 'boolean');
  if (open.length === 0) return neutral;
  return neutral ? { all: open } : { any: open };
}

/** Evaluates what the record decides of a condition. */
function residueOf(known: Known, condition: Condition): Residue {
  const each = (parts: readonly Condition[]) => parts.map((part) => residueOf(known, part));
  if ('all' in condition) return join(each(condition.all), true);
  if ('any' in condition) return join(each(condition.any), false);
  if ('not' in condition) {
    const inner = residueOf(known, condition.not);
    return typeof inner === 'boolean' ? !inner : { not: inner };
  }
  if ('visited' in condition) return known.reachable.has(condition.visited) && condition;
  if ('present' in condition)
    return isOwn(known, condition.present) ? condition : holds(condition, known.context.facts);
  if ('in' in condition)
    return isOpen(known, condition.in[0]) ? condition : holds(condition, known.context.facts);
  return comparison(known, condition);
}

const never: Condition = { any: [] };

const residueOfGuard = (known: Known, when: Condition | undefined): Residue =>
  when === undefined || residueOf(known, when);

function resolveEdges(known: Known, edges: Edges): Edges {
  if (typeof edges === 'string') return edges;
  const left: Edge[] = [];
  for (const { when, to } of edges) {
    const residue = residueOfGuard(known, when);
    if (residue === false) continue;
    left.push(residue === true ? { to } : { when: residue, to });
    if (residue === true) break;
  }
  return left;
}

function resolveChoice(known: Known, { when, ...choice }: Choice): readonly Choice[] {
  const residue = residueOfGuard(known, when);
  if (residue === false)
    return choice.whenDisabled === 'show' ? [{ ...choice, effects: [], to: [], when: never }] : [];
  return [
    {
      ...choice,
      to: resolveEdges(known, choice.to),
      ...(residue !== true && { when: residue }),
    },
  ];
}

/** Bindings to the story's own variables: they name the clip that a node shows. */
const ownBindings = (known: Known, bindings: Bindings): Bindings =>
  Object.fromEntries(
    Object.entries(bindings).filter(([, binding]) => 'var' in binding && isOwn(known, binding.var)),
  );

/** A link without what comes from the record: the customer's own address, and parameters. */
function resolveLink(known: Known, { query = {}, field: _field, ...link }: Link): Link {
  const said = Object.entries(query).filter(([, each]) => !('var' in each) || isOwn(known, each.var));
  return { ...link, query: Object.fromEntries(said) };
}

function resolveNode(known: Known, node: StoryNode): StoryNode {
  if (node.type === 'return' || node.type === 'end') return node;
  if (!hasView(node)) return { ...node, next: resolveEdges(known, node.next) };
  const { generic } = node;
  const shown = {
    inputs: ownBindings(known, node.inputs),
    ...(generic && { generic: { scene: generic.scene, inputs: {} } }),
  };
  if (node.type === 'form') return { ...node, ...shown, next: resolveEdges(known, node.next) };
  const choices = choicesOf(node).flatMap((choice) => resolveChoice(known, choice));
  const isThere = (id: string): boolean => choices.some((choice) => choice.id === id);
  const { decision, hotspots, next } = node;
  const silence = decision?.default;
  const hidden = typeof silence === 'object' && !isThere(silence.choice);
  const rest = {
    ...shown,
    choices,
    // A default choice that is gone is kept as an unknown one: that is not the same as having no default.
    ...(decision && { decision: hidden ? { ...decision, default: { choice: '' } } : decision }),
    ...(hotspots && { hotspots: hotspots.filter(({ choice }) => isThere(choice)) }),
    ...(next !== undefined && { next: resolveEdges(known, next) }),
  };
  return node.type === 'cta'
    ? { ...node, ...rest, link: resolveLink(known, node.link) }
    : { ...node, ...rest };
}

const conditionsOf = (edges: Edges): readonly Condition[] =>
  typeof edges === 'object' ? edges.flatMap(({ when }) => when ?? []) : [];

/** Variables that decide where a node leads, or that its view shows. */
function namesRead(node: StoryNode): readonly string[] {
  const guards = choicesOf(node).flatMap(({ to, when }) => [...conditionsOf(to), ...(when ? [when] : [])]);
  const conditions = [...('next' in node ? conditionsOf(node.next ?? []) : []), ...guards];
  const bound = hasView(node) ? Object.values(node.inputs) : [];
  return [
    ...conditions.flatMap((each) => [...variablesRead(each)]),
    ...bound.flatMap((binding) => ('var' in binding ? [binding.var] : [])),
  ];
}

/** Variables that a node's question sets or its link passes on. */
function namesUsed(node: StoryNode): readonly string[] {
  if (node.type === 'form') return [node.question.variable];
  return node.type === 'cta' ? variablesLinked(node.link) : [];
}

/** Adds the variables that others get their values from. */
function withSources(names: Iterable<string>, effects: readonly Effect[]): ReadonlySet<string> {
  const all = new Set(names);
  for (const name of all) {
    for (const effect of effects)
      if ('set' in effect && effect.set === name && typeof effect.to === 'object') all.add(effect.to.var);
  }
  return all;
}

/** Which variables the shared story needs. */
interface Uses {
  /** They decide an edge or are shown: they may take values from the record. */
  readonly read: ReadonlySet<string>;
  /** Those, and variables that are only asked for or passed on. */
  readonly used: ReadonlySet<string>;
}

const targetOf = (effect: Effect): string =>
  'set' in effect ? effect.set : 'add' in effect ? effect.add : effect.toggle;

/** An effect with the record's value filled in; none if the variable is not needed. */
function resolveEffect(known: Known, { read, used }: Uses, effect: Effect): readonly Effect[] {
  const name = targetOf(effect);
  if (!used.has(name)) return [];
  if (!('set' in effect) || typeof effect.to !== 'object' || isOwn(known, effect.to.var)) return [effect];
  const { story, facts } = known.context;
  const declared = member(story.variables, name);
  const value = member(facts, effect.to.var);
  return read.has(name) && declared !== undefined && fits(declared, value) ? [{ set: name, to: value }] : [];
}

function resolveDeclaration(
  known: Known,
  declared: VariableDeclaration,
  isRead: boolean,
): VariableDeclaration {
  const { label: _label, writeBack: _writeBack, ...kept } = declared;
  if (typeof kept.initial !== 'object') return kept;
  const { initial, ...without } = kept;
  const value = isRead ? member(known.context.facts, initial.var) : undefined;
  // The story's check has compared the types of both.
  return isValue(value) ? ({ ...without, initial: value } as VariableDeclaration) : without;
}

function withEffects(node: StoryNode, resolve: (effect: Effect) => readonly Effect[]): StoryNode {
  if (!('choices' in node) || node.choices === undefined) return node;
  const choices = node.choices.map(({ effects, ...choice }) => ({
    ...choice,
    ...(effects && { effects: effects.flatMap(resolve) }),
  }));
  return { ...node, choices };
}

/**
 * The story for viewers with a shared link. Conditions on the record are evaluated and ruled-out parts are removed;
 * of the record only those values remain that the film shows or that a viewer's decisions are compared with.
 * Playing it needs no facts and gives the same paths as the whole story, which still binds the views.
 */
export function sharedStory(context: StoryContext): Story {
  const known: Known = { context, reachable: reachableNodes(context) };
  const { story } = context;
  const nodes = Object.entries(story.nodes).flatMap(([id, node]) =>
    known.reachable.has(id) ? [[id, resolveNode(known, node)] as const] : [],
  );
  const all = nodes.map(([, node]) => node);
  const effects = all.flatMap(choicesOf).flatMap((choice) => choice.effects ?? []);
  const read = withSources(all.flatMap(namesRead), effects);
  const used = withSources([...read, ...all.flatMap(namesUsed)], effects);
  const resolve = (effect: Effect) => resolveEffect(known, { read, used }, effect);
  const variables = Object.entries(story.variables).filter(([name]) => used.has(name));
  return {
    ...story,
    variables: Object.fromEntries(
      variables.map(([name, declared]) => [name, resolveDeclaration(known, declared, read.has(name))]),
    ),
    nodes: Object.fromEntries(nodes.map(([id, node]) => [id, withEffects(node, resolve)])),
  };
}
