import { holds, member, nodesCounted, variablesRead, type Condition } from './engine/condition.ts';
import { choicesOf, hasView, type Edges, type NodeView, type Story, type StoryNode } from './engine/graph.ts';
import { ownVariablesRead } from './engine/viewer-protocol.ts';
import { nodeOf, type StoryContext } from './engine/state.ts';

/** A view whose inputs depend on the record alone, not on what the viewer does. */
export interface RecordView {
  readonly node: string;
  readonly which: 'own' | 'generic';
  readonly view: NodeView;
}

const fixedByStory = new WeakMap<Story, Map<string, readonly RecordView[]>>();

/** The views of a node that no viewer can change. Cached: campaigns ask for every record. */
function fixedViews(story: Story, id: string, node: StoryNode): readonly RecordView[] {
  const fixed = fixedByStory.get(story) ?? new Map<string, readonly RecordView[]>();
  fixedByStory.set(story, fixed);
  const known = fixed.get(id);
  if (known !== undefined) return known;
  const views: RecordView[] = [];
  if (hasView(node)) {
    if (ownVariablesRead(story, node.inputs).length === 0) views.push({ node: id, which: 'own', view: node });
    if (node.generic !== undefined) views.push({ node: id, which: 'generic', view: node.generic });
  }
  fixed.set(id, views);
  return views;
}

const readsStateByCondition = new WeakMap<Condition, boolean>();

/** Whether a condition reads what viewers can change. Cached: a condition belongs to one story. */
function readsState(story: Story, condition: Condition): boolean {
  const known = readsStateByCondition.get(condition);
  if (known !== undefined) return known;
  const own = Array.from(variablesRead(condition), (name) => member(story.variables, name)?.source);
  const reads =
    nodesCounted(condition).size > 0 || own.some((source) => source !== undefined && source !== 'record');
  readsStateByCondition.set(condition, reads);
  return reads;
}

/** A condition's value for one record; `undefined` if it depends on the viewer. */
function decide(context: StoryContext, condition: Condition): boolean | undefined {
  if ('all' in condition) {
    const parts = condition.all.map((part) => decide(context, part));
    return parts.includes(false) ? false : parts.includes(undefined) ? undefined : true;
  }
  if ('any' in condition) {
    const parts = condition.any.map((part) => decide(context, part));
    return parts.includes(true) ? true : parts.includes(undefined) ? undefined : false;
  }
  if ('not' in condition) {
    const inner = decide(context, condition.not);
    return inner === undefined ? undefined : !inner;
  }
  return readsState(context.story, condition) ? undefined : holds(condition, context.facts);
}

/** Possible targets of edges: all up to the first that is certainly taken. */
function targetsOf(context: StoryContext, edges: Edges): readonly string[] {
  if (typeof edges === 'string') return [edges];
  const targets: string[] = [];
  for (const { when, to } of edges) {
    const taken = when === undefined ? true : decide(context, when);
    if (taken !== false) targets.push(to);
    if (taken === true) break;
  }
  return targets;
}

/** Possible targets of a node. A `return` adds none: it leads back to a detour or a choice. */
function successorsOf(context: StoryContext, node: StoryNode): readonly string[] {
  if ('next' in node && typeof node.next === 'string' && !('choices' in node) && node.type !== 'detour')
    return [node.next];
  const next = 'next' in node && node.next !== undefined ? targetsOf(context, node.next) : [];
  const chosen = choicesOf(node).flatMap(({ when, to }) =>
    when !== undefined && decide(context, when) === false ? [] : targetsOf(context, to),
  );
  return node.type === 'detour' ? [node.to, ...next] : [...next, ...chosen];
}

/**
 * Nodes that viewers of one record can reach, in order of discovery.
 *
 * @throws StoryFault if the story leads to a node that it does not have.
 */
export function reachableNodes(context: StoryContext): ReadonlySet<string> {
  const met = new Set([context.story.start]);
  for (const id of met) for (const to of successorsOf(context, nodeOf(context.story, id))) met.add(to);
  return met;
}

/**
 * The views that viewers of one record can reach and cannot change, in order of discovery: those of nodes whose
 * bindings read no variable of the story, and generic ones. Conditions on the record are evaluated, all others
 * count as possible: no view is missing, but a few may turn out to be unreachable.
 *
 * @throws StoryFault if the story leads to a node that it does not have.
 */
export function recordViews(context: StoryContext): readonly RecordView[] {
  const { story } = context;
  return [...reachableNodes(context)].flatMap((id) => fixedViews(story, id, nodeOf(story, id)));
}
