import { isShown, type ShownNode } from './graph.ts';
import { leaveByChoice, leaveInSilence, leaveForm } from './take.ts';
import { enabledChoices, nodeOf, type Walk, type World, StoryFault, beginWalk, choiceName } from './walk.ts';
import { member } from './condition.ts';

/** A way that a walk may go on, for fetching its clip ahead. */
export interface Prospect {
  /** The choice that leads there; `undefined` where silence does. */
  readonly choice: string | undefined;
  readonly walk: Walk;
}

/**
 * Where the walk may stand next, the likeliest first: the choice that was picked, else what silence leads
 * to, then every enabled choice in its order. A form's answers are not guessed.
 *
 * @throws StoryFault where the story is wrong.
 */
export function lookAhead(world: World, walk: Walk): readonly Prospect[] {
  const node = nodeOf(world.story, walk.node);
  if (!isShown(node) || node.type === 'form') return [];
  const choices = enabledChoices(world, walk);
  const byChoice = choices
    .toSorted((a, b) => Number(b.id === walk.pick) - Number(a.id === walk.pick))
    .map((choice) => ({ choice: choice.id, walk: leaveByChoice(world, walk, choice) }));
  const goesOn = node.decision?.default !== undefined || node.next !== undefined;
  if (walk.pick !== undefined || walk.waiting || !goesOn) return byChoice;
  if (node.type === 'hub' && node.decision?.locksAtFrame === undefined) return byChoice;
  return [{ choice: undefined, walk: leaveInSilence(world, walk, node) }, ...byChoice];
}

/** No video shows more places. */
const mostPlaces = 500;

/** The enabled choice that was taken least often, the first of several. */
function leastTaken(world: World, walk: Walk) {
  const count = (id: string) => member(walk.taken, choiceName(walk.node, id)) ?? 0;
  return enabledChoices(world, walk).toSorted((a, b) => count(a.id) - count(b.id))[0];
}

function leavePassively(world: World, walk: Walk, node: ShownNode): Walk {
  if (node.type === 'form') return leaveForm(world, walk, node, node.question.otherwise);
  const byDefault = node.decision?.default;
  const silent =
    node.type === 'hub' ? byDefault !== undefined : byDefault !== undefined || node.next !== undefined;
  const choice = silent && byDefault !== 'repeat' ? undefined : leastTaken(world, walk);
  return choice === undefined ? leaveInSilence(world, walk, node) : leaveByChoice(world, walk, choice);
}

/** Decides for a viewer where a walk stands; `undefined` where the viewer does nothing. */
export type Decide = (walk: Walk, node: ShownNode) => Walk | undefined;

/**
 * The walk of somebody who decides at some places and only watches at the others: there defaults are
 * taken, questions left unanswered, and where a place waits for a viewer its choices are taken in turn.
 *
 * @throws StoryFault where the story is wrong, or goes on and on for such a viewer.
 */
export function walkStory(world: World, decide: Decide): Walk {
  let walk = beginWalk(world);
  for (;;) {
    const node = nodeOf(world.story, walk.node);
    if (!isShown(node)) return walk;
    if ((walk.trail?.length ?? 0) >= mostPlaces) {
      throw new StoryFault('endless', walk.node, `The story comes back to node "${walk.node}" without end.`);
    }
    walk = decide(walk, node) ?? leavePassively(world, walk, node);
  }
}

/**
 * The walk of somebody who only watches. This is the film that a batch makes.
 *
 * @throws StoryFault where the story is wrong, or goes on and on for such a viewer.
 */
export const passiveWalk = (world: World): Walk => walkStory(world, () => undefined);
