import { holds, member, type Value, type Variables, type Visits } from './condition.ts';
import { choicesOf, type Choice, type Edges, type Story, type StoryNode, type Link } from './graph.ts';

/** A story that a walk cannot go on in. A story that passes the check never causes one. */
export class StoryFault extends Error {
  override readonly name = 'StoryFault';
  readonly kind: 'unknown-node' | 'no-variable' | 'no-edge' | 'no-return' | 'endless' | 'dead-end';
  readonly node: string;

  constructor(kind: StoryFault['kind'], node: string, message: string) {
    super(message);
    this.kind = kind;
    this.node = node;
  }
}

/** What a walk reads and never changes. */
export interface StoryContext {
  readonly story: Story;
  /** Fields, facts and segments of the record. */
  readonly facts: Variables;
  /** Whether the template's fonts draw a code point. Without it every text is taken for drawable. */
  readonly covers?: ((codePoint: number) => boolean) | undefined;
}

/** A place that a walk has been shown, newest first. */
export interface PathStep {
  readonly node: string;
  /** The story's own variables as they were when it was entered. */
  readonly variables: Readonly<Record<string, Value>>;
  /** How many places there are, this one included. */
  readonly length: number;
  readonly before: PathStep | undefined;
}

/** Where a walk stands, at a node that shows something or at an end. Immutable. */
export interface StoryState {
  readonly node: string;
  readonly variables: Readonly<Record<string, Value>>;
  readonly visits: Visits;
  /** How often each choice was taken, by `choiceName`. */
  readonly taken: Readonly<Record<string, number>>;
  /** Nodes that a `return` leads back to, the last one first. */
  readonly returns: readonly string[];
  /** The choice that leads on when the scene ends. */
  readonly pick: string | undefined;
  /** Whether the scene has ended and waits for the viewer, who has no time limit. */
  readonly waiting: boolean;
  readonly path: PathStep | undefined;
  /** The walk as it arrived here, where it has changed since; else `undefined`. */
  readonly arrival: StoryState | undefined;
  /** The walk as it arrived at the place of the last decision. */
  readonly decided: StoryState | undefined;
}

/** More nodes without a picture are not passed in one step. */
const longestPass = 1_000;

/** Deeper detours are a story's mistake. */
const deepestReturn = 32;

/** The name under which a walk counts a choice. */
export function choiceName(node: string, choice: string): string {
  return JSON.stringify([node, choice]);
}

/** @throws StoryFault where the story has no such node. */
export function nodeOf(story: Story, id: string): StoryNode {
  const node = member(story.nodes, id);
  if (node === undefined) throw new StoryFault('unknown-node', id, `The story has no node "${id}".`);
  return node;
}

/** All variables as conditions and bindings see them. */
export function readVariables(context: StoryContext, own: StoryState['variables']): Variables {
  for (const _ in own) return { ...context.facts, ...own };
  return context.facts;
}

/** The node that the edges lead to. @throws StoryFault where none can be taken. */
export function follow(context: StoryContext, state: StoryState, edges: Edges, from: string): string {
  if (typeof edges === 'string') return edges;
  const variables = readVariables(context, state.variables);
  const edge = edges.find(({ when }) => when === undefined || holds(when, variables, state.visits));
  if (edge === undefined) {
    throw new StoryFault('no-edge', from, `No edge of node "${from}" can be taken.`);
  }
  return edge.to;
}

/** Whether a viewer could take a choice now, but for its time window. */
export function isEnabled(context: StoryContext, state: StoryState, node: string, choice: Choice): boolean {
  if (choice.once === true && (member(state.taken, choiceName(node, choice.id)) ?? 0) > 0) return false;
  const { when } = choice;
  return when === undefined || holds(when, readVariables(context, state.variables), state.visits);
}

/** The choices of the node where a walk stands that are enabled, in order. */
export function enabledChoices(context: StoryContext, state: StoryState): readonly Choice[] {
  const choices = choicesOf(nodeOf(context.story, state.node));
  return choices.filter((choice) => isEnabled(context, state, state.node, choice));
}

/**
 * Enters a node and passes those that show nothing, up to the next that does.
 *
 * @throws StoryFault where the story leads nowhere or in a circle.
 */
export function enter(context: StoryContext, from: StoryState, target: string): StoryState {
  const visits: Record<string, number> = { ...from.visits };
  let { returns } = from;
  let id = target;
  for (let passed = 0; passed < longestPass; passed += 1) {
    const node = nodeOf(context.story, id);
    visits[id] = (member(visits, id) ?? 0) + 1;
    switch (node.type) {
      case 'router':
        id = follow(context, { ...from, node: id, visits, returns }, node.next, id);
        break;
      case 'detour':
        returns = comeBackTo(id, returns);
        id = node.to;
        break;
      case 'return': {
        const [back, ...rest] = returns;
        if (back === undefined)
          throw new StoryFault('no-return', id, `Node "${id}" has nowhere to return to.`);
        returns = rest;
        const detour = nodeOf(context.story, back);
        id =
          detour.type === 'detour'
            ? follow(context, { ...from, node: id, visits, returns }, detour.next, back)
            : back;
        break;
      }
      case 'hub': {
        const here = { ...from, node: id, visits, returns };
        if (enabledChoices(context, here).length > 0) return arrive(from, id, visits, returns);
        if (node.next === undefined) {
          throw new StoryFault(
            'dead-end',
            id,
            `No choice of hub "${id}" is enabled, and it has no next node.`,
          );
        }
        id = follow(context, here, node.next, id);
        break;
      }
      case 'scene':
      case 'cta':
      case 'form':
      case 'end':
        return arrive(from, id, visits, returns);
      default:
        return node satisfies never;
    }
  }
  throw new StoryFault('endless', id, `The story comes back to node "${id}" without showing anything.`);
}

/** Remembers a place to return to. @throws StoryFault where detours pile up. */
export function comeBackTo(node: string, returns: readonly string[]): readonly string[] {
  if (returns.length >= deepestReturn) {
    throw new StoryFault('endless', node, `Node "${node}" begins detours that never return.`);
  }
  return [node, ...returns];
}

/** Every member by name: this is by far the most frequent step of a walk, and a copy of `from` is slower. */
function arrive(from: StoryState, node: string, visits: Visits, returns: readonly string[]): StoryState {
  const { variables, taken, path, decided } = from;
  return {
    node,
    variables,
    visits,
    taken,
    returns,
    decided,
    pick: undefined,
    waiting: false,
    arrival: undefined,
    path: { node, variables, length: (path?.length ?? 0) + 1, before: path },
  };
}

/** Gives the story's variables their first values, and enters its first node. @throws StoryFault */
export function startStory(context: StoryContext): StoryState {
  const variables: Record<string, Value> = {};
  for (const [name, { source, initial }] of Object.entries(context.story.variables)) {
    if (source === 'record' || initial === undefined) continue;
    const value = typeof initial === 'object' ? member(context.facts, initial.var) : initial;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      variables[name] = value;
  }
  const nowhere: StoryState = {
    node: '',
    variables,
    visits: {},
    taken: {},
    returns: [],
    pick: undefined,
    waiting: false,
    path: undefined,
    arrival: undefined,
    decided: undefined,
  };
  return enter(context, nowhere, context.story.start);
}

/** The places that a walk has been shown, in order. */
export function pathOf(state: StoryState): readonly PathStep[] {
  const steps: PathStep[] = [];
  for (let step = state.path; step !== undefined; step = step.before) steps.push(step);
  return steps.reverse();
}

/** Whether a story may lead to an address: https, one of its origins, no parameters of its own. */
export function isAllowedLink(links: readonly string[], to: string): boolean {
  if (!URL.canParse(to)) return false;
  const url = new URL(to);
  const plain = url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return plain && url.protocol === 'https:' && links.includes(url.origin);
}

/** The address of a call to action at this point of the walk; `undefined` for one that is not allowed. */
export function linkAddress(
  context: StoryContext,
  state: StoryState,
  { to, query = {} }: Link,
): string | undefined {
  if (!isAllowedLink(context.story.links, to)) return undefined;
  const url = new URL(to);
  const variables = readVariables(context, state.variables);
  for (const [name, binding] of Object.entries(query)) {
    const value = 'var' in binding ? member(variables, binding.var) : binding.value;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      url.searchParams.set(name, String(value));
  }
  return url.href;
}
