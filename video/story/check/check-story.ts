import { member, type Value } from '../engine/condition.ts';
import { passivePlaythrough } from '../playthrough.ts';
import { StoryFault, type StoryContext, choiceName } from '../engine/state.ts';
import type { Template } from '../template.ts';
import { type ViewCheck, checkBindings, createViewCheck } from './check-views.ts';
import {
  allConditions,
  guardingNames,
  isValue,
  sampleValues,
  steeringNames,
  knownVariables,
  type KnownVariables,
  sampleRecords,
} from './known-variables.ts';
import {
  createExplorer,
  type Exploration,
  type SampleValues,
  type StateBounds,
  playAtRandom,
  type RandomPlaythroughs,
} from './explore.ts';
import { finding, type Finding, createFindingList, quote } from './finding.ts';
import type { AnyRecord } from '../../../data/record.ts';
import { storyContextOf } from '../bind.ts';
import { choicesOf } from '../engine/graph.ts';
import { describeCharacter } from '../glyphs.ts';
import { tryTemplate } from '../template-code.ts';
import { checkHotspots, checkLabels, checkWindows } from './check-choices.ts';
import {
  checkAnswers,
  checkJoining,
  checkVariants,
  createClipCounter,
  type ClipCount,
  type ClipProbe,
} from './check-clips.ts';
import { checkGuards } from './check-guards.ts';
import { checkLinks, checkNames, checkStructure } from './check-structure.ts';
import { checkTypes, checkVariables, checkWriteBack } from './check-variables.ts';

/** Sample answers that represent all answers for this story's conditions. */
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

/** Checks a story for records; records that take the same edges share one exploration. */
interface RecordCheck {
  readonly look: (context: StoryContext) => readonly Finding[];
  readonly explorations: () => readonly Exploration[];
}

interface Bounds {
  readonly states: StateBounds;
  /** Most explorations; further records are checked only for viewers who watch. */
  readonly explorations: number;
}

/** A record's values of some variables, as text: equal for records with equal values. */
const signatureOf = ({ facts }: StoryContext, names: readonly string[]): string =>
  JSON.stringify(names.map((name) => member(facts, name) ?? null));

/** Creates the check of a template's story for one record after another. */
function createRecordCheck(template: Template, views: ViewCheck, bounds: Bounds): RecordCheck {
  const names = steeringNames(template);
  const samples = answerSamples(template);
  const guarding = guardingNames(template);
  const explorers = new Map<string, (context: StoryContext) => Exploration>();
  const known = new Map<string, Exploration>();
  const unexplored: Exploration = {
    findings: [],
    views: [],
    entered: new Set(),
    enabled: new Set(),
    states: 0,
    complete: false,
  };

  function exploration(context: StoryContext): Exploration {
    const signature = signatureOf(context, names);
    const before = known.get(signature);
    if (before !== undefined) return before;
    if (known.size >= bounds.explorations) return unexplored;
    const guards = signatureOf(context, guarding);
    const explorer = explorers.get(guards) ?? createExplorer(template.story, samples, bounds.states);
    explorers.set(guards, explorer);
    const made = explorer(context);
    known.set(signature, made);
    return made;
  }

  function watch(context: StoryContext): readonly Finding[] {
    try {
      passivePlaythrough(context);
      return [];
    } catch (error) {
      if (!(error instanceof StoryFault)) throw error;
      // The exploration finds all other faults.
      if (error.kind !== 'endless') return [];
      return [finding('passive-walk-endless', { node: error.node }, error.message)];
    }
  }

  return {
    look: (context) => {
      const explored = exploration(context);
      return [...explored.findings, ...watch(context), ...views.look(context, explored.views)];
    },
    explorations: () => [...known.values()],
  };
}

/** A valid row of a CSV. */
export interface Customer {
  readonly id: string;
  readonly record: AnyRecord;
}

/** A text in a template's code that no bundled font draws. */
export interface UndrawnConstant {
  /** Below the template's folder. */
  readonly file: string;
  readonly character: string;
}

/** How much is checked, and for whom. */
export interface StoryCheckOptions {
  /** The day that facts are derived for, ISO `YYYY-MM-DD`. */
  readonly asOf?: string;
  /** Most states to visit for all sample records together. Default: 25,000. */
  readonly states?: number;
  /** Random playthroughs. Default: 200. */
  readonly walks?: number;
  readonly seed?: number;
  /** Read once, one at a time. */
  readonly customers?: AsyncIterable<Customer>;
  /** Clips that are stored, to see whether they can be joined. */
  readonly clips?: readonly ClipProbe[];
  /** What was found in the template's code. */
  readonly undrawn?: readonly UndrawnConstant[];
}

/** Findings of a check, and what it covered. */
export interface StoryCheck {
  /** Errors first. */
  readonly findings: readonly Finding[];
  readonly search: {
    /** Explorations: groups of records that take the same edges. */
    readonly records: number;
    readonly states: number;
    /** Whether all states of all sample records were visited. */
    readonly complete: boolean;
  };
  readonly walks: Omit<RandomPlaythroughs, 'findings'>;
  readonly clips: readonly ClipCount[];
  /** How many customers were looked at; `undefined` without a CSV. */
  readonly customers: number | undefined;
}

const isError = ({ severity }: Finding): boolean => severity === 'error';

const mostExplorations = 400;
const leastStates = 300;

/** Nodes and choices that occur in no state, if all states of the samples were visited. */
function findUntouched(
  { story }: Template,
  known: KnownVariables,
  steering: readonly string[],
  explorations: readonly Exploration[],
): readonly Finding[] {
  // Sample records may lack values of facts that real records have.
  const exact = steering.every((name) => known.get(name)?.owner !== 'fact');
  if (!exact || explorations.some(({ complete }) => !complete)) return [];
  const entered = new Set(explorations.flatMap((each) => [...each.entered]));
  const enabled = new Set(explorations.flatMap((each) => [...each.enabled]));
  return Object.entries(story.nodes).flatMap(([id, node]) => {
    if (!entered.has(id))
      return [finding('node-unreachable', { node: id }, `No viewer ever reaches node ${quote(id)}.`)];
    return choicesOf(node)
      .filter((choice) => !enabled.has(choiceName(id, choice.id)))
      .map((choice) => {
        const message = `Choice ${quote(choice.id)} of node ${quote(id)} is never enabled for anyone.`;
        return finding('choice-never-enabled', { node: id, choice: choice.id }, message);
      });
  });
}

/**
 * Checks the story of a template: static analysis, then a bounded search of the states that viewers can reach,
 * then random playthroughs, all for sample records that differ in what decides edges; then for customers, if given.
 * Nothing is rendered. Equal arguments give equal results.
 */
export async function checkStory(template: Template, options: StoryCheckOptions = {}): Promise<StoryCheck> {
  const {
    asOf = '2026-01-01',
    states = 25_000,
    walks = 200,
    seed = 1,
    customers,
    clips = [],
    undrawn = [],
  } = options;
  const { story } = template;
  const known = knownVariables(template);
  const steering = steeringNames(template);
  const views = createViewCheck(template);
  const list = createFindingList();

  list.add([
    ...checkNames(template),
    ...checkStructure(story),
    ...checkGuards(template, known),
    ...checkVariables(template, known),
    ...checkTypes(template, known),
    ...checkWriteBack(template),
    ...checkBindings(template),
    ...checkHotspots(template),
    ...checkAnswers(story),
    ...checkLinks(template),
    ...checkJoining(template, clips),
    ...undrawn.map(({ file, character }) => {
      const message = `${file} has a text with ${describeCharacter(character)}, which no bundled font can draw.`;
      return finding('glyph-unavailable', {}, message);
    }),
  ]);

  const records = sampleRecords(template);
  const contextsFor = (record: AnyRecord, customer?: string): readonly StoryContext[] => {
    const context = tryTemplate(() => storyContextOf(template, record, {}, { asOf }));
    // A node that is shown for each item is one node here; its view is looked at with every item.
    if (context.ok) return [{ ...context.value, story }];
    list.add([finding('template-failed', {}, context.message)], customer);
    return [];
  };
  const contexts = records.flatMap((record) => contextsFor(record));
  const guarding = guardingNames(template);
  const kinds = new Set(contexts.map((context) => signatureOf(context, guarding)));
  const perKind = Math.floor(states / Math.max(1, kinds.size));
  const bounds = { states: { together: perKind, each: leastStates }, explorations: mostExplorations };
  const sampled = createRecordCheck(template, views, bounds);
  for (const context of contexts) list.add(sampled.look(context));
  const explorations = sampled.explorations();
  // Errors already explain why a node is not reached.
  if (!list.all().some(isError)) list.add(findUntouched(template, known, steering, explorations));
  const { findings: byChance, ...played } = playAtRandom(contexts, answerSamples(template), {
    walks,
    seed,
  });
  list.add(byChance);

  const counter = createClipCounter(template);
  let looked = 0;
  if (customers !== undefined) {
    const each = createRecordCheck(template, views, bounds);
    for await (const { id, record } of customers) {
      looked += 1;
      for (const context of contextsFor(record, id)) {
        counter.add(context.facts);
        list.add(each.look(context), id);
      }
    }
  }
  // Last, because the lengths come from the views that were bound.
  list.add([
    ...checkWindows(story, views.lengths),
    ...checkLabels(template, views.lengths),
    ...checkVariants(counter.counts()),
  ]);
  return {
    findings: list.all(),
    search: {
      records: explorations.length,
      states: explorations.reduce((sum, each) => sum + each.states, 0),
      complete: explorations.every(({ complete }) => complete),
    },
    walks: played,
    clips: counter.counts(),
    customers: customers === undefined ? undefined : looked,
  };
}
