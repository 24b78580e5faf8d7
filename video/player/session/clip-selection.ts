import { hasView, type ViewNode, type StoryNode } from '../../story/engine/graph.ts';
import { switchesNow } from '../../story/engine/take.ts';
import {
  enabledChoices,
  type StoryState,
  type StoryContext,
  nodeOf,
  type PathStep,
} from '../../story/engine/state.ts';
import type { Segment } from '../element/timeline.ts';
import { clipName } from '../../story/engine/viewer-protocol.ts';
import type { ClipCache } from './clip-cache.ts';

/** What the picture of a place does when it comes to its end. */
export type AtEnd =
  /** It is shown again. */
  | 'loop'
  /** Its last frame stays. */
  | 'hold'
  /** The walk goes on. */
  | 'go-on';

/** What becomes of a place's picture at its end, as the walk stands now. */
export function atEnd(node: StoryNode, state: StoryState): AtEnd {
  if (!hasView(node) || state.waiting) return 'hold';
  if (node.type === 'scene' || node.type === 'cta') return 'go-on';
  if (node.type === 'hub' && state.pick !== undefined) return 'go-on';
  return node.while;
}

/** Whether the viewer can still change what follows a place. */
export function isOpen(
  context: StoryContext,
  node: ViewNode,
  state: StoryState,
  frame: number,
  limits: boolean,
): boolean {
  if (node.type === 'form' || enabledChoices(context, state).length === 0) return false;
  const locksAtFrame = node.decision?.locksAtFrame;
  return !limits || locksAtFrame === undefined || frame < locksAtFrame;
}

/** Whether the time for a place's decision has passed in a way that the engine must be told. */
export function hasExpired(node: ViewNode, state: StoryState, frame: number, limits: boolean): boolean {
  const locksAtFrame = node.decision?.locksAtFrame;
  if (!limits || state.waiting || locksAtFrame === undefined || frame < locksAtFrame) return false;
  return node.type === 'form' || (state.pick === undefined && switchesNow(node));
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

/** A segment on screen, or right behind it. */
export interface Showing {
  readonly segment: Segment;
  /** The clip's name. */
  readonly name: string;
  readonly kind: 'own' | 'generic';
  /** The place that it shows; `undefined` for the next place, which is entered when it is painted. */
  readonly step: PathStep | undefined;
  /** Frames of the place before this segment. */
  readonly framesBefore: number;
}

/** The clip with which a place is shown. */
type SelectedClip = Pick<Showing, 'name' | 'kind'>;

/** A clip that is played while it still arrives is ahead by this much of it. */
const enoughToBegin = 0.4;
/** How long a stored clip is waited for before the generic one steps in. */
const patienceMs = 1_500;
/** How long a generic clip stands in, at most. */
const longestStandInSeconds = 45;

/** What follows a segment, and from how many frames before its end on. */
export interface Follower extends SelectedClip, Pick<Showing, 'step' | 'framesBefore'> {
  readonly withinFrames: number;
}

/** The same clip once more, behind itself. */
export function again(showing: Showing): Showing {
  const { bytes, durationInFrames } = showing.segment;
  const framesBefore = showing.framesBefore + durationInFrames;
  return { ...showing, segment: { bytes, durationInFrames }, framesBefore };
}

/** Frames of a segment behind this one. */
export const framesLeft = ({ segment }: Showing, frame: number): number => segment.durationInFrames - frame;

/** A loop of what is on screen. */
export function sameAgain(showing: Showing, fps: number): Follower {
  return { ...again(showing), withinFrames: commitFrames(fps, true) };
}

/** Whether a showing is what should follow. */
export function isSame(next: Showing, follower: Follower | undefined): boolean {
  return next.name === follower?.name && next.step === follower.step;
}

/** Knows which clip can show a place: its own, or the generic one while that is not there. */
export class ClipSelection {
  readonly #context: StoryContext;
  readonly #cache: ClipCache;

  constructor(context: StoryContext, cache: ClipCache) {
    this.#context = context;
    this.#cache = cache;
  }

  /** Names of the clips of the place where a walk stands. */
  names(state: StoryState): { readonly own: string; readonly generic: string | undefined } {
    const { story } = this.#context;
    const node = nodeOf(story, state.node);
    const generic = hasView(node) ? node.generic : undefined;
    return {
      own: clipName(story, state.node, state.variables),
      generic: generic && clipName(story, state.node, state.variables, 'generic'),
    };
  }

  /** @param wholly whether all of the clip must be there, or enough to begin with. */
  isReady(name: string, wholly: boolean): boolean {
    const load = this.#cache.load(name);
    return load !== undefined && !load.failed && (wholly ? load.whole : load.share >= enoughToBegin);
  }

  /** The clip with which a place can be shown now. @param waitedMs how long it was waited for already. */
  source(state: StoryState, wholly: boolean, waitedMs: number): SelectedClip | undefined {
    const { own, generic } = this.names(state);
    if (this.isReady(own, wholly)) return { name: own, kind: 'own' };
    const comesSoon = this.#cache.view(own)?.state === 'stored' && waitedMs < patienceMs;
    if (generic === undefined || comesSoon || !this.isReady(generic, wholly)) return undefined;
    return { name: generic, kind: 'generic' };
  }

  /** A showing of a clip that is there. @throws Error where it is not. */
  stage({ name, kind, step, framesBefore }: Omit<Follower, 'withinFrames'>): Showing {
    const bytes = this.#cache.load(name);
    const durationInFrames = this.#cache.view(name)?.durationInFrames;
    if (bytes === undefined || durationInFrames === undefined) throw new Error('The clip is not there.');
    return { name, kind, segment: { bytes, durationInFrames }, step, framesBefore };
  }

  /** Whether what is on screen goes round while the next place cannot be shown; anything else stays. */
  goesRound({ kind, step }: Showing): boolean {
    if (step === undefined) return false;
    const node = nodeOf(this.#context.story, step.node);
    return kind === 'generic' || ('while' in node && node.while === 'loop');
  }

  /** Whether a generic clip still stands in for one that will come. */
  awaitsOwn(showing: Showing, state: StoryState, shownSeconds: number): boolean {
    if (showing.kind !== 'generic') return false;
    return !this.#cache.isGone(this.names(state).own) && shownSeconds < longestStandInSeconds;
  }

  /** What follows a generic clip: the place's own where it is there, else the generic one again. */
  behindGeneric(showing: Showing, state: StoryState, fps: number): Follower {
    const { own } = this.names(state);
    if (!this.isReady(own, true)) return sameAgain(showing, fps);
    const { framesBefore } = again(showing);
    const withinFrames = commitFrames(fps, false);
    return { name: own, kind: 'own', step: state.path, framesBefore, withinFrames };
  }

  /** What follows where the walk goes on; the generic clip is settled on at the last moment only. */
  next(target: StoryState, withinFrames: number, framesLeft: number, fps: number): Follower | undefined {
    const node = nodeOf(this.#context.story, target.node);
    const waitedMs = framesLeft <= commitFrames(fps, true) ? patienceMs : 0;
    const cast = hasView(node) ? this.source(target, true, waitedMs) : undefined;
    return cast && { ...cast, step: undefined, framesBefore: 0, withinFrames };
  }
}
