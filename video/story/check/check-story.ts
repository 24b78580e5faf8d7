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
  walkAtRandom,
  type RandomWalks,
} from './explore.ts';
import { finding, type Finding, createFindingList, quote } from './finding.ts';
import type { AnyRecord } from '../../../data/record.ts';
import { storyContextOf } from '../bind.ts';
import { choicesOf } from '../engine/graph.ts';
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
interface RecordCheck {
  readonly look: (context: StoryContext) => readonly Finding[];
  readonly explorations: () => readonly Exploration[];
}

interface Bounds {
  readonly states: StateBounds;
  /** Explorations; records that steer otherwise again are looked at as people who only watch. */
  readonly explorations: number;
}

/** What a record says under some names; equal for records that are alike in them. */
const signatureOf = ({ facts }: StoryContext, names: readonly string[]): string =>
  JSON.stringify(names.map((name) => member(facts, name) ?? null));

/** Makes the check of a template's story for one record after another. */
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
      // Every other fault is met by exploring too.
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

/** A row of a CSV that can become a video. */
export interface Customer {
  readonly id: string;
  readonly record: AnyRecord;
}

/** How much is tried, and for whom. */
export interface StoryCheckOptions {
  /** The day that facts are derived for, ISO `YYYY-MM-DD`. */
  readonly asOf?: string;
  /** States looked at for all sample records together: 25,000 if not said. */
  readonly states?: number;
  /** Walks at random: 200 if not said. */
  readonly walks?: number;
  readonly seed?: number;
  /** Read once, one at a time. */
  readonly customers?: AsyncIterable<Customer>;
  /** Clips that are stored, to see whether they can be joined. */
  readonly clips?: readonly ClipProbe[];
}

/** What a check has found, and how far it has looked. */
export interface StoryCheck {
  /** Errors first. */
  readonly findings: readonly Finding[];
  readonly search: {
    /** Kinds of records that steer alike. */
    readonly records: number;
    readonly states: number;
    /** Whether no state of any sample record was left out. */
    readonly complete: boolean;
  };
  readonly walks: Omit<RandomWalks, 'findings'>;
  readonly clips: readonly ClipCount[];
  /** How many customers were looked at; `undefined` without a CSV. */
  readonly customers: number | undefined;
}

const isError = ({ severity }: Finding): boolean => severity === 'error';

const mostExplorations = 400;
const leastStates = 300;

/** Nodes and choices that no state has, where all states of the samples are known. */
function findUntouched(
  { story }: Template,
  known: KnownVariables,
  steering: readonly string[],
  explorations: readonly Exploration[],
): readonly Finding[] {
  // Samples of what facts derive from may miss what real records have.
  const exact = steering.every((name) => known.get(name)?.owner !== 'fact');
  if (!exact || explorations.some(({ complete }) => !complete)) return [];
  const entered = new Set(explorations.flatMap((each) => [...each.entered]));
  const enabled = new Set(explorations.flatMap((each) => [...each.enabled]));
  return Object.entries(story.nodes).flatMap(([id, node]) => {
    if (!entered.has(id))
      return [finding('node-unreachable', { node: id }, `No viewer ever comes to node ${quote(id)}.`)];
    return choicesOf(node)
      .filter((choice) => !enabled.has(choiceName(id, choice.id)))
      .map((choice) => {
        const message = `Choice ${quote(choice.id)} of node ${quote(id)} is never enabled for anybody.`;
        return finding('choice-never-enabled', { node: id, choice: choice.id }, message);
      });
  });
}

/**
 * Checks the story of a template: static analysis, then a bounded search of what viewers can bring about,
 * then walks at random, each for records that differ in all that steers; then for customers, if there are.
 * Nothing is rendered. Equal arguments give equal answers.
 */
export async function checkStory(template: Template, options: StoryCheckOptions = {}): Promise<StoryCheck> {
  const { asOf = '2026-01-01', states = 25_000, walks = 200, seed = 1, customers, clips = [] } = options;
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
  ]);

  const records = sampleRecords(template);
  const contextsFor = (record: AnyRecord, customer?: string): readonly StoryContext[] => {
    const context = tryTemplate(() => storyContextOf(template, record, {}, { asOf }));
    if (context.ok) return [context.value];
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
  // What is wrong already says why nobody comes to a place.
  if (!list.all().some(isError)) list.add(findUntouched(template, known, steering, explorations));
  const { findings: byChance, ...wandered } = walkAtRandom(contexts, answerSamples(template), {
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
  // Last, as lengths are known from what was shown.
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
    walks: wandered,
    clips: counter.counts(),
    customers: customers === undefined ? undefined : looked,
  };
}
