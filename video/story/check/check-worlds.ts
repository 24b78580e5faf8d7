import { member, type Value } from '../engine/condition.ts';
import { passiveWalk } from '../engine/look-ahead.ts';
import { StoryFault, type World } from '../engine/walk.ts';
import type { Template } from '../template.ts';
import type { PictureCheck } from './check-pictures.ts';
import { allConditions, guardingNames, isValue, sampleValues, steeringNames } from './samples.ts';
import { createExplorer, type Exploration, type SampleValues, type StateBounds } from './explore.ts';
import { finding, type Finding } from './finding.ts';
import { knownVariables } from './known-variables.ts';

/** Values that stand for all answers, for this story's conditions. */
export function answerSamples(template: Template): SampleValues {
  const known = knownVariables(template);
  const conditions = allConditions(template);
  const samples = new Map<string, readonly Value[]>();
  return (name) => {
    const before = samples.get(name);
    if (before !== undefined) return before;
    const variable = known.get(name);
    const values = variable === undefined ? [] : sampleValues(variable, name, conditions).filter(isValue);
    samples.set(name, values);
    return values;
  };
}

/** What records meet in a story, whose ways are looked at once for all that steer alike. */
export interface WorldCheck {
  readonly look: (world: World) => readonly Finding[];
  readonly explorations: () => readonly Exploration[];
}

interface Bounds {
  readonly states: StateBounds;
  /** Explorations; records that steer otherwise again are looked at as people who only watch. */
  readonly explorations: number;
}

/** What a record says under some names; equal for records that are alike in them. */
export const signatureOf = ({ facts }: World, names: readonly string[]): string =>
  JSON.stringify(names.map((name) => member(facts, name) ?? null));

/** Makes the check of a template's story for one record after another. */
export function createWorldCheck(template: Template, pictures: PictureCheck, bounds: Bounds): WorldCheck {
  const names = steeringNames(template);
  const samples = answerSamples(template);
  const guarding = guardingNames(template);
  const explorers = new Map<string, (world: World) => Exploration>();
  const known = new Map<string, Exploration>();
  const unexplored: Exploration = {
    findings: [],
    places: [],
    entered: new Set(),
    enabled: new Set(),
    states: 0,
    complete: false,
  };

  function exploration(world: World): Exploration {
    const signature = signatureOf(world, names);
    const before = known.get(signature);
    if (before !== undefined) return before;
    if (known.size >= bounds.explorations) return unexplored;
    const guards = signatureOf(world, guarding);
    const explorer = explorers.get(guards) ?? createExplorer(template.story, samples, bounds.states);
    explorers.set(guards, explorer);
    const made = explorer(world);
    known.set(signature, made);
    return made;
  }

  function watch(world: World): readonly Finding[] {
    try {
      passiveWalk(world);
      return [];
    } catch (error) {
      if (!(error instanceof StoryFault)) throw error;
      // Every other fault is met by exploring too.
      if (error.kind !== 'endless') return [];
      return [finding('passive-walk-endless', { node: error.node }, error.message)];
    }
  }

  return {
    look: (world) => {
      const explored = exploration(world);
      return [...explored.findings, ...watch(world), ...pictures.look(world, explored.places)];
    },
    explorations: () => [...known.values()],
  };
}
