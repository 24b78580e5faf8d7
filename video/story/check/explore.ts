import { member, nodesCounted, variablesRead, type Value } from '../engine/condition.ts';
import { choicesOf, hasView, variablesShown, type Story, type VariableDeclaration } from '../engine/graph.ts';
import {
  choiceName,
  type StoryState,
  StoryFault,
  startStory,
  enabledChoices,
  nodeOf,
  type StoryContext,
} from '../engine/state.ts';
import { comparedConstants, storyConditions } from './known-variables.ts';
import { type NodeEvent, take } from '../engine/take.ts';
import { type FindingCode, finding, quote, type Finding } from './finding.ts';

/** Counts of visits matter up to one more than any constant that they are compared with. */
function visitCaps(story: Story): ReadonlyMap<string, number> {
  const conditions = storyConditions(story).map(({ condition }) => condition);
  const counted = new Set(conditions.flatMap((each) => [...nodesCounted(each)]));
  return new Map(
    [...counted].map((visits) => {
      const constants = comparedConstants(conditions, { visits }).filter((each) => typeof each === 'number');
      return [visits, Math.ceil(Math.max(1, ...constants)) + 1] as const;
    }),
  );
}

/** The parts of a state that can influence what follows. */
interface Distinctions {
  readonly variables: readonly string[];
  readonly visits: ReadonlyMap<string, number>;
  readonly once: ReadonlySet<string>;
}

/** Finds these parts for a story. */
function distinctionsOf(story: Story): Distinctions {
  const nodes = Object.entries(story.nodes);
  const choices = nodes.flatMap(([node, of]) => choicesOf(of).map((choice) => ({ node, choice })));
  const read = new Set([
    ...storyConditions(story).flatMap(({ condition }) => [...variablesRead(condition)]),
    ...nodes.flatMap(([id]) => variablesShown(story, id)),
    ...choices.flatMap(({ choice: { effects = [] } }) =>
      effects.flatMap((each) => ('set' in each && typeof each.to === 'object' ? [each.to.var] : [])),
    ),
  ]);
  return {
    variables: Object.keys(story.variables).filter((name) => read.has(name)),
    visits: visitCaps(story),
    once: new Set(
      choices.flatMap(({ node, choice: { id, once } }) => (once === true ? [choiceName(node, id)] : [])),
    ),
  };
}

/** A state without the parts that cannot influence what follows. */
function essence(state: StoryState, { visits, once }: Distinctions): StoryState {
  const counts: Record<string, number> = {};
  for (const [node, most] of visits) counts[node] = Math.min(most, member(state.visits, node) ?? 0);
  const taken: Record<string, number> = {};
  for (const name of once) if ((member(state.taken, name) ?? 0) > 0) taken[name] = 1;
  return { ...state, visits: counts, taken, path: undefined, arrival: undefined, decided: undefined };
}

/** A key: equal for equal states. */
function nameState(
  { node, variables, visits, taken, returns, pick, waiting }: StoryState,
  of: Distinctions,
): string {
  const values = of.variables.map((name) => member(variables, name) ?? null);
  const stack = returns.join('\n');
  return JSON.stringify([node, values, Object.values(visits), Object.keys(taken), stack, pick, waiting]);
}

/** Sample values of a variable that represent all of its values. */
export type SampleValues = (variable: string, declaration: VariableDeclaration) => readonly Value[];

/**
 * The events that can come next in a state: every enabled choice, sample answers, and the end of the scene.
 * Empty only at an end of the story. The engine may refuse some of them.
 */
export function viewerMoves(
  context: StoryContext,
  state: StoryState,
  samples: SampleValues,
): readonly NodeEvent[] {
  const node = nodeOf(context.story, state.node);
  if (!hasView(node)) return [];
  const at = { node: state.node };
  const { appearsAtFrame = 0, locksAtFrame } = node.decision ?? {};
  const timed = { ...at, frame: appearsAtFrame };
  const expiry: readonly NodeEvent[] =
    locksAtFrame === undefined ? [] : [{ type: 'expire', ...at, frame: locksAtFrame }];
  if (node.type === 'form') {
    const { variable, optional } = node.question;
    const declaration = member(context.story.variables, variable);
    const values = declaration === undefined ? [] : samples(variable, declaration);
    return [
      ...values.map((value): NodeEvent => ({ type: 'answer', ...timed, value })),
      ...(optional === true ? [{ type: 'skip', ...timed } as const] : []),
      ...expiry,
    ];
  }
  return [
    ...enabledChoices(context, state).map((choice): NodeEvent => ({
      type: 'choose',
      ...timed,
      choice: choice.id,
    })),
    { type: 'ended', ...at },
    ...expiry,
  ];
}

/** What viewers of one record can reach; the same for all records that take the same edges. */
export interface Exploration {
  readonly findings: readonly Finding[];
  /** Nodes with a view, with the story's own variables in the states that were visited. */
  readonly views: readonly ShownView[];
  /** Nodes that were entered, including those without a view. */
  readonly entered: ReadonlySet<string>;
  /** Choices that were enabled somewhere, by `choiceName`. */
  readonly enabled: ReadonlySet<string>;
  readonly states: number;
  /** Whether every state was visited. */
  readonly complete: boolean;
}

/** A node and the variables that its view is bound with. */
export interface ShownView {
  readonly node: string;
  readonly variables: StoryState['variables'];
}

const faultCodes = {
  'unknown-node': 'node-unknown',
  'no-variable': 'variable-undefined',
  'no-edge': 'no-fallback',
  'no-return': 'return-without-detour',
  endless: 'loop-without-viewer',
  'dead-end': 'dead-end',
} as const satisfies Record<StoryFault['kind'], FindingCode>;

/** A fault of the engine as a finding. */
function findingOf({ kind, node, message }: StoryFault): Finding {
  return finding(faultCodes[kind], { node: node === '' ? undefined : node }, message);
}

/** Most states to visit. */
export interface StateBounds {
  /** For all records with the same facts in conditions and effects. */
  readonly together: number;
  /** For one record in addition, whatever others have used. */
  readonly each: number;
}

/** One visited state, its findings, and the states that follow it. */
interface FoundState {
  readonly state: StoryState;
  readonly view: readonly [string, ShownView];
  readonly findings: Finding[];
  /** Nodes that are entered on leaving it, including those without a view. */
  readonly entered: Set<string>;
  readonly enabled: Set<string>;
  readonly next: Set<number>;
  /** Whether something after it was not visited or is already reported: an end may exist. */
  open: boolean;
  cut: boolean;
}

/**
 * Visits every state that viewers can reach, breadth first, up to `bounds`. Answers are represented by `samples`.
 *
 * @returns a function that explores one record after another. All must have the same facts in conditions and
 * effects: a state that one record has visited is not visited again, and its findings are reported for each
 * record that reaches it.
 */
export function createExplorer(
  story: Story,
  samples: SampleValues,
  bounds: StateBounds,
): (context: StoryContext) => Exploration {
  const of = distinctionsOf(story);
  const shown = new Map(Object.keys(story.nodes).map((id) => [id, variablesShown(story, id)] as const));
  const numbers = new Map<string, number>();
  const states: FoundState[] = [];
  let most = 0;

  function viewOf({ node, variables }: StoryState): FoundState['view'] {
    const read = (shown.get(node) ?? []).filter((each) => Object.hasOwn(story.variables, each));
    const values = read.map((each) => member(variables, each) ?? null);
    return [JSON.stringify([node, values]), { node, variables }];
  }

  function visit(state: StoryState): number | undefined {
    const known = essence(state, of);
    const name = nameState(known, of);
    const before = numbers.get(name);
    if (before !== undefined) return before;
    if (states.length >= most) return undefined;
    const found = { findings: [], entered: new Set<string>(), enabled: new Set<string>() };
    const ways = { next: new Set<number>(), open: false, cut: false };
    const number = states.push({ state: known, view: viewOf(state), ...found, ...ways }) - 1;
    numbers.set(name, number);
    return number;
  }

  function lead(context: StoryContext, entry: FoundState): void {
    const { state } = entry;
    for (const { id } of enabledChoices(context, state)) entry.enabled.add(choiceName(state.node, id));
    const node = nodeOf(story, state.node);
    // The static check reports a question without a variable.
    if (node.type === 'form' && !Object.hasOwn(story.variables, node.question.variable)) entry.open = true;
    for (const move of viewerMoves(context, state, samples)) {
      // A viewer without time limits waits at the end of a scene.
      for (const limits of move.type === 'ended' ? [true, false] : [true]) {
        const taken = attempt(() => take(context, state, move, limits), entry.findings);
        if (taken === undefined) entry.open = true;
        if (taken?.ok !== true) continue;
        for (const each of Object.keys(taken.state.visits)) entry.entered.add(each);
        const to = visit(taken.state);
        if (to === undefined) entry.open = entry.cut = true;
        else entry.next.add(to);
      }
    }
  }

  return (context) => {
    const known = states.length;
    most = Math.max(bounds.together, known + bounds.each);
    const findings: Finding[] = [];
    const state = attempt(() => startStory(context), findings);
    const start = state && visit(state);
    for (let number = known; number < states.length; number += 1) {
      const entry = states[number];
      if (entry !== undefined) lead(context, entry);
    }
    const met = start === undefined ? [] : statesFrom(states, start);
    return {
      findings: [...findings, ...met.flatMap((entry) => entry.findings), ...findTraps(story, states, met)],
      views: [...new Map(met.map(({ view }) => view)).values()],
      entered: new Set([...Object.keys(state?.visits ?? {}), ...met.flatMap(({ entered }) => [...entered])]),
      enabled: new Set(met.flatMap(({ enabled }) => [...enabled])),
      states: states.length - known,
      complete: (state === undefined || start !== undefined) && !met.some(({ cut }) => cut),
    };
  };
}

/** @returns the result of `step`; `undefined` after a story fault, which is added to the findings. */
function attempt<T>(step: () => T, findings: Finding[]): T | undefined {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof StoryFault)) throw error;
    findings.push(findingOf(error));
    return undefined;
  }
}

/** States that can be reached from one of them, including itself. */
function statesFrom(states: readonly FoundState[], start: number): readonly FoundState[] {
  const met = new Set([start]);
  // Iterating a set also visits what is added meanwhile.
  for (const number of met) for (const to of states[number]?.next ?? []) met.add(to);
  return [...met].flatMap((number) => states[number] ?? []);
}

/** Reports states from which no path leads to an end. */
function findTraps(
  story: Story,
  states: readonly FoundState[],
  met: readonly FoundState[],
): readonly Finding[] {
  const before = new Map<FoundState, FoundState[]>();
  for (const entry of met) {
    for (const number of entry.next) {
      const to = states[number];
      if (to !== undefined)
        before
          .set(to, before.get(to) ?? [])
          .get(to)
          ?.push(entry);
    }
  }
  const isEnd = ({ state }: FoundState): boolean => nodeOf(story, state.node).type === 'end';
  const ending = new Set(met.filter((entry) => entry.open || isEnd(entry)));
  for (const each of ending) for (const earlier of before.get(each) ?? []) ending.add(earlier);
  const trapped = met.filter((entry) => !ending.has(entry)).map(({ state }) => state.node);
  // Name a node with choices if there is one: that is where an author can correct the story.
  const node = trapped.find((id) => choicesOf(nodeOf(story, id)).length > 0) ?? trapped[0];
  if (node === undefined) return [];
  const message = `Some viewers who reach node ${quote(node)} cannot reach an end.`;
  return [finding('end-unreachable', { node }, message)];
}

/** Results of playthroughs whose viewers decide at random. */
export interface RandomPlaythroughs {
  readonly count: number;
  readonly seed: number;
  /** How many reached an end. */
  readonly ended: number;
  /** How often each node was entered. */
  readonly hits: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
}

/** Numbers in [0, 1), the same ones for the same seed (mulberry32). */
export function makeRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Most steps of one playthrough. */
const mostSteps = 400;

/** Plays the story with random decisions. The same seed gives the same playthroughs. */
export function playAtRandom(
  contexts: readonly StoryContext[],
  samples: SampleValues,
  { walks, seed }: { readonly walks: number; readonly seed: number },
): RandomPlaythroughs {
  const random = makeRandom(seed);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const story = contexts[0]?.story;
  const hits: Record<string, number> = {};
  for (const node of Object.keys(story?.nodes ?? {})) hits[node] = 0;
  const findings: Finding[] = [];
  let ended = 0;

  const of = story === undefined ? undefined : distinctionsOf(story);

  /** Counts entered nodes, and drops the parts of the state that cannot influence what follows. */
  function count(before: StoryState['visits'], state: StoryState): StoryState {
    for (const [node, times] of Object.entries(state.visits)) {
      hits[node] = (hits[node] ?? 0) + times - (before[node] ?? 0);
    }
    return of === undefined ? state : essence(state, of);
  }

  /** @returns the state after the last step. @throws StoryFault */
  function play(context: StoryContext): StoryState {
    let state = count({}, startStory(context));
    for (let step = 0; step < mostSteps; step += 1) {
      const move = pick(viewerMoves(context, state, samples));
      if (move === undefined) return state;
      const taken = take(context, state, move);
      if (taken.ok) state = count(state.visits, taken.state);
    }
    return state;
  }

  for (let number = 0; number < walks; number += 1) {
    const context = pick(contexts);
    if (context === undefined) break;
    try {
      const state = play(context);
      if (nodeOf(context.story, state.node).type === 'end') ended += 1;
    } catch (error) {
      if (!(error instanceof StoryFault)) throw error;
      findings.push(findingOf(error));
    }
  }
  return { count: walks, seed, ended, hits, findings };
}
