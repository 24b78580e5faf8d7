import { member, type Variables } from './engine/condition.ts';
import type { Binding, Bindings, NodeView, Story, StoryNode } from './engine/graph.ts';

type EachNode = Extract<StoryNode, { readonly type: 'scene' }> & { readonly each: string };

/** Whether a node is shown once for each item of a list. */
const hasEach = (node: StoryNode): node is EachNode => 'each' in node && node.each !== undefined;

const mark = '~';

/** The name of the node that shows an item, from 0: the first has the name of the author's node. */
const itemNode = (node: string, at: number): string => (at === 0 ? node : `${node}${mark}${at + 1}`);

/** The author's node of a node that shows an item; any other name as it is. */
export const authoredNode = (node: string): string => node.split(mark, 1)[0] ?? node;

/** The items of a list; none of anything else. */
const itemsOf = (variables: Variables, name: string): readonly unknown[] => {
  const value = member(variables, name);
  return Array.isArray(value) ? value : [];
};

/** The value that an input is bound to. An item that is not there is absent. */
export function readBinding(binding: Binding, variables: Variables): unknown {
  if (!('var' in binding)) return binding.value;
  const value = member(variables, binding.var);
  const { item, at = 0 } = binding;
  if (item === undefined) return value;
  const whole: unknown = Array.isArray(value) ? value[at] : value;
  if (typeof whole !== 'object' || whole === null) return undefined;
  return member(whole as Variables, item);
}

/** Bindings to the items of a list, as the node of one of them has them. */
const bindingsAt = <B extends Bindings>(bindings: B, list: string, at: number): B =>
  Object.fromEntries(
    Object.entries(bindings).map(([input, binding]) => [
      input,
      'var' in binding && binding.var === list && binding.item !== undefined ? { ...binding, at } : binding,
    ]),
  ) as B;

function nodeAt({ each, ...node }: EachNode, at: number, next: EachNode['next']): StoryNode {
  const { generic } = node;
  return {
    ...node,
    inputs: bindingsAt(node.inputs, each, at),
    ...(generic && { generic: { ...generic, inputs: bindingsAt(generic.inputs, each, at) } }),
    next,
  };
}

/** The nodes in place of one that is shown for each item; without items it is passed. */
function nodesFor(id: string, node: EachNode, count: number): readonly (readonly [string, StoryNode])[] {
  const { next } = node;
  if (count === 0) return [[id, { type: 'router', next: next ?? [] }]];
  return Array.from({ length: count }, (_, at) => [
    itemNode(id, at),
    at === count - 1 ? nodeAt(node, at, next) : nodeAt(withoutLink(node), at, itemNode(id, at + 1)),
  ]);
}

/** The link of a campaign, which the last node before the end gets, is with its last item. */
function withoutLink(node: EachNode): EachNode {
  if (!('link' in node)) return node;
  const { link: _link, ...scene } = node;
  return { ...scene, type: 'scene' };
}

/** Most forms of a story that are remembered: lists are short. */
const mostRemembered = 200;
const formsByStory = new WeakMap<Story, Map<string, Story>>();
const eachByStory = new WeakMap<Story, readonly (readonly [string, EachNode])[]>();

function eachNodes(story: Story): readonly (readonly [string, EachNode])[] {
  const known = eachByStory.get(story);
  if (known !== undefined) return known;
  const found = Object.entries(story.nodes).flatMap(([id, node]) =>
    hasEach(node) ? [[id, node] as const] : [],
  );
  eachByStory.set(story, found);
  return found;
}

/**
 * A story with a node for each item of a list in place of every node with `each`, for one record. The same object for
 * lists of the same lengths, since others remember what they know of a story.
 */
export function expandStory(story: Story, facts: Variables): Story {
  const nodes = eachNodes(story);
  if (nodes.length === 0) return story;
  const counts = new Map(nodes.map(([id, { each }]) => [id, itemsOf(facts, each).length]));
  const key = [...counts.values()].join(' ');
  const forms = formsByStory.get(story) ?? new Map<string, Story>();
  formsByStory.set(story, forms);
  const known = forms.get(key);
  if (known !== undefined) return known;
  const expanded = Object.entries(story.nodes).flatMap(([id, node]) =>
    hasEach(node) ? nodesFor(id, node, counts.get(id) ?? 0) : [[id, node] as const],
  );
  const made = { ...story, nodes: Object.fromEntries(expanded) };
  if (forms.size >= mostRemembered) forms.clear();
  forms.set(key, made);
  return made;
}

/** A view of a node of an author's story, once for each item where the node is shown for each. */
export function viewsFor(story: Story, id: string, view: NodeView, facts: Variables): readonly NodeView[] {
  const node = member(story.nodes, id);
  if (node === undefined || !hasEach(node)) return [view];
  return itemsOf(facts, node.each).map((_, at) => ({
    ...view,
    inputs: bindingsAt(view.inputs, node.each, at),
  }));
}

/** A path has 500 steps at most; some are for the rest of the story. */
const mostItems = 400;

/**
 * What is wrong with nodes that are shown for each item; `undefined` if nothing is.
 *
 * @param mostOf how many items a list can have; `undefined` for what is no list.
 */
export function explainEach(story: Story, mostOf: (name: string) => number | undefined): string | undefined {
  for (const [id, { each, next, choices, decision, hotspots }] of eachNodes(story)) {
    const named = `Node "${id}" is shown for each item of "${each}"`;
    const most = mostOf(each);
    if (most === undefined) return `${named}, which is neither a list of the record nor a fact.`;
    if (most > mostItems) {
      return `${named}, which can have ${most}. Give the list a \`max\` of ${mostItems} or less, or let a fact select some.`;
    }
    if (next === undefined) return `${named} and has no \`next\`. Write where the story continues.`;
    if ((choices ?? decision ?? hotspots) !== undefined) {
      return `${named} and has choices. Put them into the node after it.`;
    }
  }
  return undefined;
}
