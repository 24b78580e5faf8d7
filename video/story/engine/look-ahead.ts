import { isShown } from './graph.ts';
import { leaveByChoice, leaveInSilence } from './take.ts';
import { enabledChoices, nodeOf, type Walk, type World } from './walk.ts';

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
