import { isShown, type ShownNode, type StoryNode } from '../../story/engine/graph.ts';
import { switchesNow } from '../../story/engine/take.ts';
import { enabledChoices, type Walk, type World } from '../../story/engine/walk.ts';

/** What the picture of a place does when it comes to its end. */
export type AtEnd =
  /** It is shown again. */
  | 'loop'
  /** Its last frame stays. */
  | 'hold'
  /** The walk goes on. */
  | 'go-on';

/** What becomes of a place's picture at its end, as the walk stands now. */
export function atEnd(node: StoryNode, walk: Walk): AtEnd {
  if (!isShown(node) || walk.waiting) return 'hold';
  if (node.type === 'scene' || node.type === 'cta') return 'go-on';
  if (node.type === 'hub' && walk.pick !== undefined) return 'go-on';
  return node.while;
}

/** Whether the viewer can still change what follows a place. */
export function isOpen(world: World, node: ShownNode, walk: Walk, frame: number, limits: boolean): boolean {
  if (node.type === 'form' || enabledChoices(world, walk).length === 0) return false;
  const locksAtFrame = node.decision?.locksAtFrame;
  return !limits || locksAtFrame === undefined || frame < locksAtFrame;
}

/** Whether the time for a place's decision has passed in a way that the engine must be told. */
export function hasExpired(node: ShownNode, walk: Walk, frame: number, limits: boolean): boolean {
  const locksAtFrame = node.decision?.locksAtFrame;
  if (!limits || walk.waiting || locksAtFrame === undefined || frame < locksAtFrame) return false;
  return node.type === 'form' || (walk.pick === undefined && switchesNow(node));
}

/**
 * Frames before the end at which what follows is put behind the picture. While a viewer can still change
 * it, as late as appending allows; what is settled, early.
 */
export function commitFrames(fps: number, open: boolean): number {
  return Math.max(concludeFrames(fps) + 1, Math.ceil(fps * (open ? 0.4 : 2)));
}

/** Frames before the end at which it is told that nothing follows; decoders keep about three back. */
export function concludeFrames(fps: number): number {
  return Math.max(5, Math.ceil(fps * 0.2));
}
