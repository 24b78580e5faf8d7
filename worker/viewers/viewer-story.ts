import { errors } from '../../errors/messages.ts';
import { bindView, bindStep, storyContextOf } from '../../video/story/bind.ts';
import type { BoundScene } from '../../video/story/time-scene.ts';
import {
  leavesOf,
  member,
  operandsOf,
  variablesRead,
  type Condition,
  type Operand,
  type Variables,
} from '../../video/story/engine/condition.ts';
import {
  choicesOf,
  hasView,
  type Edges,
  type Story,
  type StoryNode,
  variablesLinked,
} from '../../video/story/engine/graph.ts';
import { lookAhead } from '../../video/story/engine/take.ts';
import {
  StoryFault,
  pathOf,
  type PathStep,
  type StoryState,
  type StoryContext,
} from '../../video/story/engine/state.ts';
import { clipName, ownVariablesRead } from '../../video/story/engine/viewer-protocol.ts';
import { expandStory } from '../../video/story/each.ts';
import { recordViews } from '../../video/story/record-views.ts';
import { plannedEntry } from '../../video/story/cuts.ts';
import { findTemplate, type RegistryEntry } from '../../video/story/registry.ts';
import { sharedStory } from '../../video/story/shared-story.ts';
import type { Template } from '../../video/story/template.ts';
import { tryTemplate } from '../../video/story/template-code.ts';
import { checkLinks } from '../core/check-links.ts';
import type { Hmac } from '../core/hmac.ts';
import { priorities, type Pipeline } from '../core/pipeline.ts';
import type { Priority } from '../core/ports.ts';
import { linkFor, type PageSource, type ViewerRights } from '../core/viewers.ts';

/** A story as the viewer of one render gets it. */
export interface ViewerStory {
  readonly render: string;
  readonly source: PageSource;
  readonly entry: RegistryEntry;
  /** The story and what it reads: for a viewer by a shared link, a story that reads no facts. */
  readonly context: StoryContext;
  /** Names the story: another one may lead elsewhere. */
  readonly name: string;
}

/** A view that a viewer may come to, by the name that the player knows it by. */
export interface WantedView {
  readonly name: string;
  readonly bound: BoundScene;
  /** How soon it is to be made where it is not stored. */
  readonly priority: Priority;
}

/**
 * The story of a video; `undefined` for a video that was recorded before its making was.
 *
 * @param rights of its viewer.
 * @throws BespokeError `template-unknown` when its template was removed since, `template-failed` when it was changed
 * and does not work for the record any more.
 */
export async function findStory(
  { renders, registry, hmac, linkOrigins }: Pick<Pipeline, 'renders' | 'registry' | 'hmac' | 'linkOrigins'>,
  render: string,
  rights: ViewerRights,
): Promise<ViewerStory | undefined> {
  const source = await renders.source(render);
  if (source === undefined) return undefined;
  const { terms, record, images } = source;
  const link = linkFor(source.link, rights);
  const found = findTemplate(registry, terms.template);
  if (found === undefined) throw errors.templateRemoved();
  const entry = plannedEntry(found, terms);
  const context = tryTemplate(() =>
    contextFor(
      withListedLinks(
        entry.template,
        storyContextOf(entry.template, record, images, {
          ...{ asOf: terms.asOf, link, variant: terms.variant },
        }),
        linkOrigins,
      ),
      rights,
    ),
  );
  if (!context.ok) {
    // Viewers cannot correct a template, so they do not see what is wrong with it.
    const { cause } = context;
    throw errors.templateOutdated(undefined, { cause });
  }
  return {
    render,
    source,
    entry,
    context: context.value,
    name: nameOf(hmac, context.value.story),
  };
}

/** Addresses of the record count only while the deployment lists their origins. */
function withListedLinks(
  template: Template,
  context: StoryContext,
  linkOrigins: readonly string[],
): StoryContext {
  const refused = checkLinks(template.record, context.facts, linkOrigins);
  if (refused.length === 0) return context;
  const facts = { ...context.facts };
  for (const { field } of refused) facts[field] = undefined;
  return { ...context, facts };
}

/** The story as viewers with these rights get it. */
export const contextFor = (context: StoryContext, rights: ViewerRights): StoryContext =>
  rights === 'play' ? { ...context, story: sharedStory(context) } : context;

const nameOf = (hmac: Hmac, story: Story): string => hmac('story', story);

/** A view that cannot be bound is left out; the player shows its fallback. */
function tryBind(bind: () => BoundScene | undefined): BoundScene | undefined {
  try {
    return bind();
  } catch {
    return undefined;
  }
}

/** `undefined` when the changed story is wrong at this point; the viewer then gets everything else. */
function unlessFaulty<T>(look: () => readonly T[]): readonly T[] {
  try {
    return look();
  } catch (error) {
    if (error instanceof StoryFault) return [];
    throw error;
  }
}

/** The views that the record decides alone; their clips were made before the render was done. */
export function viewsOfRecord({ entry: { template }, context }: ViewerStory): readonly WantedView[] {
  const story = expandStory(template.story, context.facts);
  const shown = unlessFaulty(() => recordViews({ ...context, story }));
  return shown.flatMap(({ node, which, view: picture }) => {
    const bound = tryBind(() => bindView(template, node, picture, context.facts));
    const name = clipName(context.story, node, {}, which);
    return bound === undefined ? [] : [{ name, bound, priority: priorities.single }];
  });
}

function viewOfStep(
  { entry: { template }, context }: ViewerStory,
  place: PathStep,
  priority: Priority,
): readonly WantedView[] {
  const bound = tryBind(() => bindStep(template, context, place));
  return bound === undefined
    ? []
    : [{ name: clipName(context.story, place.node, place.variables), bound, priority }];
}

/** The view of the present node, which is wanted at once, and those that may come next. */
export function viewsAhead(story: ViewerStory, state: StoryState): readonly WantedView[] {
  const here = state.path === undefined ? [] : viewOfStep(story, state.path, priorities.urgent);
  const next = unlessFaulty(() => lookAhead(story.context, state)).flatMap(({ state: { path: trail } }) =>
    trail === undefined ? [] : viewOfStep(story, trail, priorities.single),
  );
  return [...here, ...next];
}

/** The views that were shown, for going back to them. */
export function viewsSeen(story: ViewerStory, state: StoryState): readonly WantedView[] {
  return pathOf(state).flatMap((place) => viewOfStep(story, place, priorities.single));
}

function conditionsOf(edges: Edges | undefined): readonly Condition[] {
  return typeof edges === 'object' ? edges.flatMap(({ when }) => when ?? []) : [];
}

/** Conditions that a player evaluates at a node. */
function conditionsAt(node: StoryNode): readonly Condition[] {
  return [
    ...('next' in node ? conditionsOf(node.next) : []),
    ...choicesOf(node).flatMap(({ to, when }) => [
      ...conditionsOf(to),
      ...(when === undefined ? [] : [when]),
    ]),
  ];
}

/** Names of the variables that a player reads at a node, besides those of its conditions. */
function namesRead(node: StoryNode): readonly string[] {
  const effects = choicesOf(node).flatMap((choice) => choice.effects ?? []);
  const copied = effects.flatMap((effect) =>
    'set' in effect && typeof effect.to === 'object' ? [effect.to.var] : [],
  );
  const linked = node.type === 'cta' ? variablesLinked(node.link) : [];
  return [...copied, ...linked];
}

/** What operands read of a value: of lists and objects only the parts that they name. */
function asRead(value: unknown, operands: readonly Operand[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const items = operands.flatMap((each) => (typeof each === 'object' && 'var' in each ? [each.item] : []));
  if (items.includes(undefined)) return value;
  const partsOf = (whole: unknown): unknown =>
    typeof whole === 'object' && whole !== null
      ? Object.fromEntries(Object.entries(whole).filter(([name]) => items.includes(name)))
      : whole;
  return Array.isArray(value) ? value.map(partsOf) : partsOf(value);
}

/** What the record says as far as guards, first values, effects and links read it: nothing else leaves. */
export function factsRead({ story, facts }: StoryContext): Variables {
  const initial = Object.values(story.variables).flatMap((each) =>
    typeof each.initial === 'object' ? [each.initial.var] : [],
  );
  const whole = new Set([...initial, ...Object.values(story.nodes).flatMap(namesRead)]);
  const leaves = Object.values(story.nodes).flatMap(conditionsAt).flatMap(leavesOf);
  const names = new Set([...whole, ...leaves.flatMap((leaf) => [...variablesRead(leaf)])]);
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const value = member(facts, name);
      if (value === undefined) return [];
      const operands = leaves.filter((leaf) => variablesRead(leaf).has(name)).flatMap(operandsOf);
      const own = operands.filter((each) => typeof each === 'object' && 'var' in each && each.var === name);
      return [[name, whole.has(name) ? value : asRead(value, own)]];
    }),
  );
}

/** Whether some picture of a story is made only when its viewer has decided. */
export function isMadeInTime({ context: { story } }: ViewerStory): boolean {
  return Object.values(story.nodes).some(
    (node) => hasView(node) && ownVariablesRead(story, node.inputs).length > 0,
  );
}
