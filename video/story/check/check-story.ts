import type { AnyRecord } from '../../../data/record.ts';
import { worldOf } from '../bind.ts';
import { choicesOf } from '../engine/graph.ts';
import { choiceName, type World } from '../engine/walk.ts';
import type { Template } from '../template.ts';
import { tryTemplate } from '../template-code.ts';
import { checkHotspots, checkLabels, checkWindows } from './check-choices.ts';
import {
  checkAnswers,
  checkJoints,
  checkVariants,
  createClipCounter,
  type ClipCount,
  type ClipProbe,
} from './check-clips.ts';
import { checkGuards } from './check-guards.ts';
import { checkBindings, createPictureCheck } from './check-pictures.ts';
import { checkLinks, checkNames, checkStructure } from './check-structure.ts';
import { checkTypes } from './check-types.ts';
import { checkVariables, checkWriteBack } from './check-variables.ts';
import { answerSamples, createWorldCheck, signatureOf } from './check-worlds.ts';
import type { Exploration } from './explore.ts';
import { createFindingList, finding, quote, type Finding } from './finding.ts';
import { knownVariables, type KnownVariables } from './known-variables.ts';
import { walkAtRandom, type RandomWalks } from './random-walks.ts';
import { guardingNames, sampleRecords, steeringNames } from './samples.ts';

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
  const pictures = createPictureCheck(template);
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
    ...checkJoints(template, clips),
  ]);

  const records = sampleRecords(template);
  const worldFor = (record: AnyRecord, customer?: string): readonly World[] => {
    const world = tryTemplate(() => worldOf(template, record, {}, { asOf }));
    if (world.ok) return [world.value];
    list.add([finding('template-failed', {}, world.message)], customer);
    return [];
  };
  const worlds = records.flatMap((record) => worldFor(record));
  const guarding = guardingNames(template);
  const kinds = new Set(worlds.map((world) => signatureOf(world, guarding)));
  const perKind = Math.floor(states / Math.max(1, kinds.size));
  const bounds = { states: { together: perKind, each: leastStates }, explorations: mostExplorations };
  const sampled = createWorldCheck(template, pictures, bounds);
  for (const world of worlds) list.add(sampled.look(world));
  const explorations = sampled.explorations();
  // What is wrong already says why nobody comes to a place.
  if (!list.all().some(isError)) list.add(findUntouched(template, known, steering, explorations));
  const { findings: byChance, ...wandered } = walkAtRandom(worlds, answerSamples(template), { walks, seed });
  list.add(byChance);

  const counter = createClipCounter(template);
  let looked = 0;
  if (customers !== undefined) {
    const each = createWorldCheck(template, pictures, bounds);
    for await (const { id, record } of customers) {
      looked += 1;
      for (const world of worldFor(record, id)) {
        counter.add(world.facts);
        list.add(each.look(world), id);
      }
    }
  }
  // Last, as lengths are known from what was shown.
  list.add([
    ...checkWindows(story, pictures.lengths),
    ...checkLabels(template, pictures.lengths),
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
