import { isShown } from '../../story/engine/graph.ts';
import { lookAhead } from '../../story/engine/look-ahead.ts';
import { leaveForm } from '../../story/engine/take.ts';
import { clipName } from '../../story/engine/viewing.ts';
import { nodeOf, type Walk, type World } from '../../story/engine/walk.ts';

/** Clips that are fetched ahead at most. */
const most = 8;

/** The clips of the place where a walk stands: its own, then its generic one. */
export function clipsHere(world: World, walk: Walk): readonly string[] {
  const node = nodeOf(world.story, walk.node);
  if (!isShown(node)) return [];
  const own = clipName(world.story, walk.node, walk.variables);
  return node.generic === undefined
    ? [own]
    : [own, clipName(world.story, walk.node, walk.variables, 'generic')];
}

/** Walks that may come next. Behind a form's answer only what every answer leads to is of use. */
function walksAhead(world: World, walk: Walk): readonly Walk[] {
  const node = nodeOf(world.story, walk.node);
  if (isShown(node) && node.type === 'form') return [leaveForm(world, walk, node, node.question.otherwise)];
  return lookAhead(world, walk).map((prospect) => prospect.walk);
}

/**
 * Names of the clips to fetch, the likeliest first: those of this place, of those that may come next, and
 * of what the likeliest of them leads to.
 *
 * @throws StoryFault where the story is wrong.
 */
export function clipsAhead(world: World, walk: Walk): readonly string[] {
  const next = walksAhead(world, walk);
  const [likeliest] = next;
  const afterNext = likeliest === undefined ? [] : walksAhead(world, likeliest).slice(0, 2);
  const names = [walk, ...next, ...afterNext].flatMap((each) => clipsHere(world, each));
  return [...new Set(names)].slice(0, most);
}
