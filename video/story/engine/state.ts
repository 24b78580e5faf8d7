import type { faultKindSchema } from '../session-event-schema.ts';
import type { Infer } from '../story-schema.ts';
import { holds, member, type Value, type Variables, type Visits } from './condition.ts';
import { choicesOf, type Choice, type Edges, type Story, type StoryNode, type Link } from './graph.ts';

/** The story cannot continue from its state. A story that passes the check never throws it. */
export class StoryFault extends Error {
  override readonly name = 'StoryFault';
  readonly kind: Infer<typeof faultKindSchema>;
  readonly node: string;

  constructor(kind: StoryFault['kind'], node: string, message: string) {
    super(message);
    this.kind = kind;
    this.node = node;
  }
}

/** What playing a story reads and never changes. */
export interface StoryContext {
  readonly story: Story;
  /** Fields, facts and segments of the record. */
  readonly facts: Variables;
  /** Whether the template's fonts draw a code point. Default: they draw every one. */
  readonly covers?: ((codePoint: number) => boolean) | undefined;
}

/** A visited node on the path, linked to the steps before it: newest first. */
export interface PathStep {
  readonly node: string;
  /** The story's own variables when the node was entered. */
  readonly variables: Readonly<Record<string, Value>>;
  /** Number of steps, including this one. */
  readonly length: number;
  readonly before: PathStep | undefined;
}

/** The state of a story being played: at a node with a view or at an end. Immutable. */
export interface StoryState {
  readonly node: string;
  readonly variables: Readonly<Record<string, Value>>;
  readonly visits: Visits;
  /** How often each choice was taken, by `choiceName`. */
  readonly taken: Readonly<Record<string, number>>;
  /** Nodes that a `return` leads back to, the latest first. */
  readonly returns: readonly string[];
  /** The choice that leads on when the scene ends. */
  readonly pick: string | undefined;
  /** Whether the scene has ended and waits for the viewer, without a time limit. */
  readonly waiting: boolean;
  readonly path: PathStep | undefined;
  /** The state on arrival at this node, if it has changed since; else `undefined`. */
  readonly arrival: StoryState | undefined;
  /** The state on arrival at the node of the last decision. */
  readonly decided: StoryState | undefined;
}

/** Most nodes without a view that are passed in one step. */
const longestPass = 1_000;

/** Detours nested deeper than this are a mistake in the story. */
const deepestReturn = 32;

/** The name under which a state counts a choice. */
export function choiceName(node: string, choice: string): string {
  return JSON.stringify([node, choice]);
}

/** @throws StoryFault if the story does not have the node. */
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

/** The node that the edges lead to. @throws StoryFault if no edge can be taken. */
export function follow(context: StoryContext, state: StoryState, edges: Edges, from: string): string {
  if (typeof edges === 'string') return edges;
  const variables = readVariables(context, state.variables);
  const edge = edges.find(({ when }) => when === undefined || holds(when, variables, state.visits));
  if (edge === undefined) {
    throw new StoryFault('no-edge', from, `No edge of node "${from}" can be taken.`);
  }
  return edge.to;
}

/** Whether a viewer could take a choice now, apart from its time window. */
export function isEnabled(context: StoryContext, state: StoryState, node: string, choice: Choice): boolean {
  if (choice.once === true && (member(state.taken, choiceName(node, choice.id)) ?? 0) > 0) return false;
  const { when } = choice;
  return when === undefined || holds(when, readVariables(context, state.variables), state.visits);
}

/** The enabled choices of the current node, in order. */
export function enabledChoices(context: StoryContext, state: StoryState): readonly Choice[] {
  const choices = choicesOf(nodeOf(context.story, state.node));
  return choices.filter((choice) => isEnabled(context, state, state.node, choice));
}

/**
 * Enters a node and passes nodes without a view, up to the next one that has a view or ends the story.
 *
 * @throws StoryFault if the story has no next node or runs in a circle.
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
  throw new StoryFault('endless', id, `The story returns to node "${id}" without showing anything.`);
}

/** Adds a node to return to. @throws StoryFault if detours are nested too deeply. */
export function comeBackTo(node: string, returns: readonly string[]): readonly string[] {
  if (returns.length >= deepestReturn) {
    throw new StoryFault('endless', node, `Node "${node}" starts detours that never return.`);
  }
  return [node, ...returns];
}

/** Lists every member: this runs at each step, and a copy of `from` is slower. */
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

/** Sets the story's variables to their initial values and enters its first node. @throws StoryFault */
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

/** The steps of the path that led to a state, in order. */
export function pathOf(state: StoryState): readonly PathStep[] {
  const steps: PathStep[] = [];
  for (let step = state.path; step !== undefined; step = step.before) steps.push(step);
  return steps.reverse();
}

/** Parameters of an address by name, with those that `address` has already left as they are. */
function withQuery(address: string, query: Readonly<Record<string, string>>): string {
  const [, before = '', search = '', hash = ''] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(address) ?? [];
  const known = new URLSearchParams(search);
  // Rewriting the whole query would change addresses that are signed, and mail programs show `+` as it is.
  const added = Object.entries(query)
    .filter(([name]) => !known.has(name))
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  const whole = [...(search === '' ? [] : [search]), ...added].join('&');
  return `${before}${whole === '' ? '' : `?${whole}`}${hash}`;
}

const schemes: readonly string[] = ['https:', 'tel:', 'mailto:'];

/** Whether a page may lead to an address at all: nothing that runs, and no user name or password. */
function isSafeAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, username, password } = new URL(address);
  return schemes.includes(protocol) && username === '' && password === '';
}

/** Origins that an address needs among a story's `links`. */
export const originsOf = (to: string): readonly string[] =>
  URL.canParse(to) && new URL(to).protocol === 'https:' ? [new URL(to).origin] : [];

/** Whether a story may link to an address: one of its origins, a telephone number or a mail address. */
export function isAllowedLink(links: readonly string[], to: string): boolean {
  if (!isSafeAddress(to)) return false;
  const { protocol, origin } = new URL(to);
  return protocol !== 'https:' || links.includes(origin);
}

/** The address of a call to action in this state; `undefined` for one that is not allowed. */
export function linkAddress(
  context: StoryContext,
  state: StoryState,
  { to, field, query = {} }: Link,
): string | undefined {
  const variables = readVariables(context, state.variables);
  // Its origin was checked when the record was read.
  const own = field === undefined ? undefined : member(context.facts, field);
  const address = typeof own === 'string' && isSafeAddress(own) ? own : to;
  if (address !== own && !isAllowedLink(context.story.links, to)) return undefined;
  if (address.startsWith('tel:')) return address;
  const values = Object.entries(query).flatMap(([name, binding]) => {
    const value = 'var' in binding ? member(variables, binding.var) : binding.value;
    const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return isText ? [[name, String(value)] as const] : [];
  });
  return withQuery(new URL(address).href, Object.fromEntries(values));
}

/** The call to action that stays when the story is over: that of the last node. */
export function lastLink({ story }: StoryContext, state: StoryState): Link | undefined {
  const before = state.path?.before;
  const node = before && nodeOf(story, before.node);
  return node?.type === 'cta' && nodeOf(story, state.node).type === 'end' ? node.link : undefined;
}
