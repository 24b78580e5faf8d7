import { StoryFault, beginWalk, nodeOf, type Walk, type World } from '../engine/walk.ts';
import { take } from '../engine/take.ts';
import { findingOf, viewerMoves, type SampleValues } from './explore.ts';
import type { Finding } from './finding.ts';
import { distinctionsOf, essence } from './states.ts';

/** What became of walks whose viewers decide by chance. */
export interface RandomWalks {
  readonly count: number;
  readonly seed: number;
  /** How many came to an end. */
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

/** More places are not shown to one viewer. */
const longestWalk = 400;

/** Lets viewers of some records decide by chance. The same seed gives the same walks. */
export function walkAtRandom(
  worlds: readonly World[],
  samples: SampleValues,
  { walks, seed }: { readonly walks: number; readonly seed: number },
): RandomWalks {
  const random = makeRandom(seed);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const story = worlds[0]?.story;
  const hits: Record<string, number> = {};
  for (const node of Object.keys(story?.nodes ?? {})) hits[node] = 0;
  const findings: Finding[] = [];
  let ended = 0;

  const of = story === undefined ? undefined : distinctionsOf(story);

  /** Counts what was entered, and leaves out of the walk what changes nothing that comes. */
  function count(before: Walk['visits'], walk: Walk): Walk {
    for (const [node, times] of Object.entries(walk.visits)) {
      hits[node] = (hits[node] ?? 0) + times - (before[node] ?? 0);
    }
    return of === undefined ? walk : essence(walk, of);
  }

  /** @returns the walk after its last step. @throws StoryFault */
  function wander(world: World): Walk {
    let walk = count({}, beginWalk(world));
    for (let step = 0; step < longestWalk; step += 1) {
      const move = pick(viewerMoves(world, walk, samples));
      if (move === undefined) return walk;
      const taken = take(world, walk, move);
      if (taken.ok) walk = count(walk.visits, taken.walk);
    }
    return walk;
  }

  for (let number = 0; number < walks; number += 1) {
    const world = pick(worlds);
    if (world === undefined) break;
    try {
      const walk = wander(world);
      if (nodeOf(world.story, walk.node).type === 'end') ended += 1;
    } catch (error) {
      if (!(error instanceof StoryFault)) throw error;
      findings.push(findingOf(error));
    }
  }
  return { count: walks, seed, ended, hits, findings };
}
