import { member, type Value } from '../engine/condition.ts';
import { type PlacedEvent, take } from '../engine/take.ts';
import { choicesOf, isShown, type Story, type VariableDeclaration } from '../engine/graph.ts';
import {
  StoryFault,
  beginWalk,
  choiceName,
  enabledChoices,
  nodeOf,
  type Walk,
  type World,
} from '../engine/walk.ts';
import { type FindingCode, finding, quote, type Finding } from './finding.ts';
import { distinctionsOf, essence, nameState, variablesShown } from './states.ts';

/** Values of a variable that stand for all of its values. */
export type SampleValues = (variable: string, declaration: VariableDeclaration) => readonly Value[];

/**
 * What could happen next where a walk stands, told to the engine: every enabled choice, sample answers,
 * and silence. Empty at an end only. What the engine refuses is no move.
 */
export function viewerMoves(world: World, walk: Walk, samples: SampleValues): readonly PlacedEvent[] {
  const node = nodeOf(world.story, walk.node);
  if (!isShown(node)) return [];
  const at = { node: walk.node };
  const { appearsAtFrame = 0, locksAtFrame } = node.decision ?? {};
  const timed = { ...at, frame: appearsAtFrame };
  const expiry: readonly PlacedEvent[] =
    locksAtFrame === undefined ? [] : [{ type: 'expire', ...at, frame: locksAtFrame }];
  if (node.type === 'form') {
    const { variable, optional } = node.question;
    const declaration = member(world.story.variables, variable);
    const values = declaration === undefined ? [] : samples(variable, declaration);
    return [
      ...values.map((value): PlacedEvent => ({ type: 'answer', ...timed, value })),
      ...(optional === true ? [{ type: 'skip', ...timed } as const] : []),
      ...expiry,
    ];
  }
  return [
    ...enabledChoices(world, walk).map((choice): PlacedEvent => ({
      type: 'choose',
      ...timed,
      choice: choice.id,
    })),
    { type: 'ended', ...at },
    ...expiry,
  ];
}

/** What can happen to viewers of one record, or of all whose records steer alike. */
export interface Exploration {
  readonly findings: readonly Finding[];
  /** Nodes that were shown, each with the story's own variables that its pictures read there. */
  readonly places: readonly ShownPlace[];
  /** Nodes that were entered, those without a picture too. */
  readonly entered: ReadonlySet<string>;
  /** Choices that were enabled somewhere, by `choiceName`. */
  readonly enabled: ReadonlySet<string>;
  readonly states: number;
  /** Whether every state was looked at. */
  readonly complete: boolean;
}

/** A node as it is shown. */
export interface ShownPlace {
  readonly node: string;
  readonly variables: Walk['variables'];
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
export function findingOf({ kind, node, message }: StoryFault): Finding {
  return finding(faultCodes[kind], { node: node === '' ? undefined : node }, message);
}

/** How many states are looked at. */
export interface StateBounds {
  /** For records whose facts conditions and effects read alike. */
  readonly together: number;
  /** For one of them, whatever the others have brought about. */
  readonly each: number;
}

/** What was found at one state, and where it leads. */
interface State {
  readonly walk: Walk;
  readonly place: readonly [string, ShownPlace];
  readonly findings: Finding[];
  /** Nodes that are entered by leaving it, those without a picture too. */
  readonly entered: Set<string>;
  readonly enabled: Set<string>;
  readonly next: Set<number>;
  /** Whether something behind it was cut off, or is wrong and told of: there may well be an end. */
  open: boolean;
  cut: boolean;
}

/**
 * Looks at every state that viewers can bring about, breadth first, up to a number of them. Answers are
 * represented by `samples`.
 *
 * @returns what looks at the states of one record after another. The records are of people for whom all
 * conditions and effects read the same facts: what one of them has met is not looked at again, but told
 * only to those who come there.
 */
export function createExplorer(
  story: Story,
  samples: SampleValues,
  bounds: StateBounds,
): (world: World) => Exploration {
  const of = distinctionsOf(story);
  const shown = new Map(Object.keys(story.nodes).map((id) => [id, variablesShown(story, id)] as const));
  const numbers = new Map<string, number>();
  const states: State[] = [];
  let most = 0;

  function placeOf({ node, variables }: Walk): State['place'] {
    const read = (shown.get(node) ?? []).filter((each) => Object.hasOwn(story.variables, each));
    const values = read.map((each) => member(variables, each) ?? null);
    return [JSON.stringify([node, values]), { node, variables }];
  }

  function visit(walk: Walk): number | undefined {
    const known = essence(walk, of);
    const name = nameState(known, of);
    const before = numbers.get(name);
    if (before !== undefined) return before;
    if (states.length >= most) return undefined;
    const found = { findings: [], entered: new Set<string>(), enabled: new Set<string>() };
    const ways = { next: new Set<number>(), open: false, cut: false };
    const number = states.push({ walk: known, place: placeOf(walk), ...found, ...ways }) - 1;
    numbers.set(name, number);
    return number;
  }

  function lead(world: World, state: State): void {
    const { walk } = state;
    for (const { id } of enabledChoices(world, walk)) state.enabled.add(choiceName(walk.node, id));
    const node = nodeOf(story, walk.node);
    // A question that goes nowhere is told of as such.
    if (node.type === 'form' && !Object.hasOwn(story.variables, node.question.variable)) state.open = true;
    for (const move of viewerMoves(world, walk, samples)) {
      // A viewer without time limits waits at the end of a scene.
      for (const limits of move.type === 'ended' ? [true, false] : [true]) {
        const taken = attempt(() => take(world, walk, move, limits), state.findings);
        if (taken === undefined) state.open = true;
        if (taken?.ok !== true) continue;
        for (const each of Object.keys(taken.walk.visits)) state.entered.add(each);
        const to = visit(taken.walk);
        if (to === undefined) state.open = state.cut = true;
        else state.next.add(to);
      }
    }
  }

  return (world) => {
    const known = states.length;
    most = Math.max(bounds.together, known + bounds.each);
    const findings: Finding[] = [];
    const walk = attempt(() => beginWalk(world), findings);
    const start = walk && visit(walk);
    for (let number = known; number < states.length; number += 1) {
      const state = states[number];
      if (state !== undefined) lead(world, state);
    }
    const met = start === undefined ? [] : statesFrom(states, start);
    return {
      findings: [...findings, ...met.flatMap((state) => state.findings), ...findTraps(story, states, met)],
      places: [...new Map(met.map(({ place }) => place)).values()],
      entered: new Set([...Object.keys(walk?.visits ?? {}), ...met.flatMap(({ entered }) => [...entered])]),
      enabled: new Set(met.flatMap(({ enabled }) => [...enabled])),
      states: states.length - known,
      complete: (walk === undefined || start !== undefined) && !met.some(({ cut }) => cut),
    };
  };
}

/** @returns what `step` gives; `undefined` where the story is at fault, which is noted. */
function attempt<T>(step: () => T, findings: Finding[]): T | undefined {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof StoryFault)) throw error;
    findings.push(findingOf(error));
    return undefined;
  }
}

/** States that are come to from one of them, itself included. */
function statesFrom(states: readonly State[], start: number): readonly State[] {
  const met = new Set([start]);
  // A set that grows while it is walked is walked to its end.
  for (const number of met) for (const to of states[number]?.next ?? []) met.add(to);
  return [...met].flatMap((number) => states[number] ?? []);
}

/** States that are met, from which no way leads to an end. */
function findTraps(story: Story, states: readonly State[], met: readonly State[]): readonly Finding[] {
  const before = new Map<State, State[]>();
  for (const state of met) {
    for (const number of state.next) {
      const to = states[number];
      if (to !== undefined)
        before
          .set(to, before.get(to) ?? [])
          .get(to)
          ?.push(state);
    }
  }
  const isEnd = ({ walk }: State): boolean => nodeOf(story, walk.node).type === 'end';
  const ending = new Set(met.filter((state) => state.open || isEnd(state)));
  for (const each of ending) for (const earlier of before.get(each) ?? []) ending.add(earlier);
  const trapped = met.filter((state) => !ending.has(state)).map(({ walk }) => walk.node);
  // Where a viewer decides there is something to mend; what leads there is trapped as well.
  const node = trapped.find((id) => choicesOf(nodeOf(story, id)).length > 0) ?? trapped[0];
  if (node === undefined) return [];
  const message = `Some viewers who come to node ${quote(node)} find no way to an end.`;
  return [finding('end-unreachable', { node }, message)];
}
