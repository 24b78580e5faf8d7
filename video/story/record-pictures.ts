import { holds, member, nodesCounted, variablesRead, type Condition } from './engine/condition.ts';
import { choicesOf, isShown, type Edges, type Picture, type Story, type StoryNode } from './engine/graph.ts';
import { ownVariablesRead } from './engine/viewing.ts';
import { nodeOf, type World } from './engine/walk.ts';

/** A picture of a story that one record decides alone, whatever its viewer does. */
export interface RecordPicture {
  readonly node: string;
  readonly which: 'own' | 'generic';
  readonly picture: Picture;
}

const fixedByStory = new WeakMap<Story, Map<string, readonly RecordPicture[]>>();

/** The pictures of a node that no walk changes, remembered: a campaign asks for each record. */
function fixedPictures(story: Story, id: string, node: StoryNode): readonly RecordPicture[] {
  const fixed = fixedByStory.get(story) ?? new Map<string, readonly RecordPicture[]>();
  fixedByStory.set(story, fixed);
  const known = fixed.get(id);
  if (known !== undefined) return known;
  const pictures: RecordPicture[] = [];
  if (isShown(node)) {
    if (ownVariablesRead(story, node.inputs).length === 0)
      pictures.push({ node: id, which: 'own', picture: node });
    if (node.generic !== undefined) pictures.push({ node: id, which: 'generic', picture: node.generic });
  }
  fixed.set(id, pictures);
  return pictures;
}

const readsWalkByCondition = new WeakMap<Condition, boolean>();

/** Whether a condition reads what a walk changes. Remembered: it belongs to one story. */
function readsWalk(story: Story, condition: Condition): boolean {
  const known = readsWalkByCondition.get(condition);
  if (known !== undefined) return known;
  const own = Array.from(variablesRead(condition), (name) => member(story.variables, name)?.source);
  const reads =
    nodesCounted(condition).size > 0 || own.some((source) => source !== undefined && source !== 'record');
  readsWalkByCondition.set(condition, reads);
  return reads;
}

/** What a condition is for one record; `undefined` where it depends on the walk. */
function decide(world: World, condition: Condition): boolean | undefined {
  if ('all' in condition) {
    const parts = condition.all.map((part) => decide(world, part));
    return parts.includes(false) ? false : parts.includes(undefined) ? undefined : true;
  }
  if ('any' in condition) {
    const parts = condition.any.map((part) => decide(world, part));
    return parts.includes(true) ? true : parts.includes(undefined) ? undefined : false;
  }
  if ('not' in condition) {
    const inner = decide(world, condition.not);
    return inner === undefined ? undefined : !inner;
  }
  return readsWalk(world.story, condition) ? undefined : holds(condition, world.facts);
}

/** Where edges may lead: all up to the first that is taken for sure. */
function targetsOf(world: World, edges: Edges): readonly string[] {
  if (typeof edges === 'string') return [edges];
  const targets: string[] = [];
  for (const { when, to } of edges) {
    const taken = when === undefined ? true : decide(world, when);
    if (taken !== false) targets.push(to);
    if (taken === true) break;
  }
  return targets;
}

/** Where a node may lead. A `return` adds nothing: it leads where a detour or a choice has come from. */
function successorsOf(world: World, node: StoryNode): readonly string[] {
  if ('next' in node && typeof node.next === 'string' && !('choices' in node) && node.type !== 'detour')
    return [node.next];
  const next = 'next' in node && node.next !== undefined ? targetsOf(world, node.next) : [];
  const chosen = choicesOf(node).flatMap(({ when, to }) =>
    when !== undefined && decide(world, when) === false ? [] : targetsOf(world, to),
  );
  return node.type === 'detour' ? [node.to, ...next] : [...next, ...chosen];
}

/**
 * Nodes that walks of one record may come to, in the order in which they are met.
 *
 * @throws StoryFault where the story leads to a node that it does not have.
 */
export function reachableNodes(world: World): ReadonlySet<string> {
  const met = new Set([world.story.start]);
  for (const id of met) for (const to of successorsOf(world, nodeOf(world.story, id))) met.add(to);
  return met;
}

/**
 * The pictures that walks of one record may come to and that no walk changes, in the order in which they
 * are met: those of nodes whose bindings read no variable of the story, and generic ones. What depends on
 * the record alone is decided, anything else is taken for possible, so that no picture is missing; one or
 * the other may be out of reach for a reason that only a walk shows.
 *
 * @throws StoryFault where the story leads to a node that it does not have.
 */
export function recordPictures(world: World): readonly RecordPicture[] {
  const { story } = world;
  return [...reachableNodes(world)].flatMap((id) => fixedPictures(story, id, nodeOf(story, id)));
}
