import { member } from '../engine/condition.ts';
import { choicesOf, type Story } from '../engine/graph.ts';
import { StoryFault } from '../engine/story-fault.ts';
import { take } from '../engine/take.ts';
import { beginWalk, choiceName, enabledChoices, nodeOf, type Walk, type World } from '../engine/walk.ts';
import { finding, quote, type Finding } from './finding.ts';
import type { FindingCode } from './finding-kinds.ts';
import { distinctionsOf, essence, nameState, variablesShown } from './states.ts';
import { viewerMoves, type SampleValues } from './viewer-moves.ts';

/** What can happen to viewers of one record, or of all whose records steer alike. */
export interface Exploration {
  readonly findings: readonly Finding[];
  /** Nodes that were shown, each with the story's own variables that its pictures read there. */
  readonly places: readonly Place[];
  /** Nodes that were entered, those without a picture too. */
  readonly entered: ReadonlySet<string>;
  /** Choices that were enabled somewhere, by `choiceName`. */
  readonly enabled: ReadonlySet<string>;
  readonly states: number;
  /** Whether every state was looked at. */
  readonly complete: boolean;
}

/** A node as it is shown. */
export interface Place {
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

/**
 * Looks at every state that viewers of a record can bring about, breadth first, up to a number of them.
 * Answers are represented by `samples`.
 */
export function explore(world: World, samples: SampleValues, mostStates: number): Exploration {
  const { story } = world;
  const of = distinctionsOf(story);
  const shown = new Map(Object.keys(story.nodes).map((id) => [id, variablesShown(story, id)] as const));
  const findings: Finding[] = [];
  const places = new Map<string, Place>();
  const entered = new Set<string>();
  const enabled = new Set<string>();
  const numbers = new Map<string, number>();
  const walks: Walk[] = [];
  const before: number[][] = [];
  /** States behind which something was cut off, or is wrong and told of: there may well be an end. */
  const open: number[] = [];
  let complete = true;

  function visit(walk: Walk): number | undefined {
    for (const node of Object.keys(walk.visits)) entered.add(node);
    const state = essence(walk, of);
    const name = nameState(state, of);
    const known = numbers.get(name);
    if (known !== undefined) return known;
    if (walks.length >= mostStates) {
      complete = false;
      return undefined;
    }
    const number = walks.push(state) - 1;
    numbers.set(name, number);
    before.push([]);
    const read = (shown.get(walk.node) ?? []).filter((each) => Object.hasOwn(story.variables, each));
    const values = read.map((each) => member(walk.variables, each) ?? null);
    places.set(JSON.stringify([walk.node, values]), { node: walk.node, variables: walk.variables });
    return number;
  }

  /** @returns what `step` gives; `undefined` where the story is at fault, which is noted. */
  function attempt<T>(step: () => T, number?: number): T | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof StoryFault)) throw error;
      findings.push(findingOf(error));
      if (number !== undefined) open.push(number);
      return undefined;
    }
  }

  function lead(walk: Walk, number: number): void {
    for (const { id } of enabledChoices(world, walk)) enabled.add(choiceName(walk.node, id));
    const node = nodeOf(story, walk.node);
    // A question that goes nowhere is told of as such.
    if (node.type === 'form' && !Object.hasOwn(story.variables, node.question.variable)) open.push(number);
    for (const move of viewerMoves(world, walk, samples)) {
      // A viewer without time limits waits at the end of a scene.
      for (const limits of move.type === 'ended' ? [true, false] : [true]) {
        const taken = attempt(() => take(world, walk, move, limits), number);
        if (taken === undefined || !taken.ok) continue;
        const to = visit(taken.walk);
        if (to === undefined) open.push(number);
        else before[to]?.push(number);
      }
    }
  }

  const first = attempt(() => beginWalk(world));
  if (first !== undefined) visit(first);
  for (let number = 0; number < walks.length; number += 1) {
    const walk = walks[number];
    if (walk !== undefined) lead(walk, number);
  }
  findings.push(...findTraps(story, walks, before, open));
  return { findings, places: [...places.values()], entered, enabled, states: walks.length, complete };
}

/** States from which no way leads to an end. */
function findTraps(
  story: Story,
  walks: readonly Walk[],
  before: readonly (readonly number[])[],
  open: readonly number[],
): readonly Finding[] {
  const ends = walks.flatMap(({ node }, number) => (nodeOf(story, node).type === 'end' ? [number] : []));
  const ending = new Set([...ends, ...open]);
  for (const each of ending) for (const earlier of before[each] ?? []) ending.add(earlier);
  const trapped = walks.filter((_, number) => !ending.has(number)).map(({ node }) => node);
  // Where a viewer decides there is something to mend; what leads there is trapped as well.
  const node = trapped.find((id) => choicesOf(nodeOf(story, id)).length > 0) ?? trapped[0];
  if (node === undefined) return [];
  const message = `Some viewers who come to node ${quote(node)} find no way to an end.`;
  return [finding('end-unreachable', { node }, message)];
}
