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

/** What happens at the end of a node's clip. */
export type AtEnd =
  /** The clip plays again. */
  | 'loop'
  /** Its last frame stays. */
  | 'hold'
  /** The story continues. */
  | 'go-on';

/** What happens at the end of the current node's clip. */
export function atEnd(node: StoryNode, state: StoryState): AtEnd {
  if (!hasView(node) || state.waiting) return 'hold';
  if (node.type === 'scene' || node.type === 'cta') return 'go-on';
  if (node.type === 'hub' && state.pick !== undefined) return 'go-on';
  return node.while;
}

/** Whether the viewer can still change what follows a node. */
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

/** Whether a node's decision has expired, so that the engine needs an `expire` event. */
export function hasExpired(node: ViewNode, state: StoryState, frame: number, limits: boolean): boolean {
  const locksAtFrame = node.decision?.locksAtFrame;
  if (!limits || state.waiting || locksAtFrame === undefined || frame < locksAtFrame) return false;
  return node.type === 'form' || (state.pick === undefined && switchesNow(node));
}

/**
 * Frames before the end at which the next segment is appended: as late as appending allows while a viewer can still
 * change it, early once it is settled.
 */
export function commitFrames(fps: number, open: boolean): number {
  return Math.max(concludeFrames(fps) + 1, Math.ceil(fps * (open ? 0.4 : 2)));
}

/** Frames before the end at which the stage learns that nothing follows; decoders hold back about three. */
export function concludeFrames(fps: number): number {
  return Math.max(5, Math.ceil(fps * 0.2));
}

/** The segment on screen, or the one after it. */
export interface Showing {
  readonly segment: Segment;
  /** The clip's name. */
  readonly name: string;
  readonly kind: 'own' | 'generic';
  /** The step that it shows; `undefined` for the next one, which is entered when it is painted. */
  readonly step: PathStep | undefined;
  /** Frames of the step before this segment. */
  readonly framesBefore: number;
}

/** The clip selected for a node. */
type SelectedClip = Pick<Showing, 'name' | 'kind'>;

/** The part of a clip that must have arrived before it starts to play. */
const enoughToBegin = 0.4;
/** How long to wait for a stored clip before the generic one is shown. */
const patienceMs = 1_500;
/** How long a generic clip is shown, at most. */
const longestGenericSeconds = 45;

/** The next segment, and from how many frames before the end it may be appended. */
export interface Follower extends SelectedClip, Pick<Showing, 'step' | 'framesBefore'> {
  readonly withinFrames: number;
}

/** The same clip once more, after itself. */
export function again(showing: Showing): Showing {
  const { bytes, durationInFrames } = showing.segment;
  const framesBefore = showing.framesBefore + durationInFrames;
  return { ...showing, segment: { bytes, durationInFrames }, framesBefore };
}

/** Frames left of a segment after this one. */
export const framesLeft = ({ segment }: Showing, frame: number): number => segment.durationInFrames - frame;

/** The clip on screen as its own follower. */
export function sameAgain(showing: Showing, fps: number): Follower {
  return { ...again(showing), withinFrames: commitFrames(fps, true) };
}

/** Whether a segment is the one that should follow. */
export function isSame(next: Showing, follower: Follower | undefined): boolean {
  return next.name === follower?.name && next.step === follower.step;
}

/** Selects the clip for a node: its own, or the generic one while its own has not arrived. */
export class ClipSelection {
  readonly #context: StoryContext;
  readonly #cache: ClipCache;

  constructor(context: StoryContext, cache: ClipCache) {
    this.#context = context;
    this.#cache = cache;
  }

  /** Names of the clips of the current node. */
  names(state: StoryState): { readonly own: string; readonly generic: string | undefined } {
    const { story } = this.#context;
    const node = nodeOf(story, state.node);
    const generic = hasView(node) ? node.generic : undefined;
    return {
      own: clipName(story, state.node, state.variables),
      generic: generic && clipName(story, state.node, state.variables, 'generic'),
    };
  }

  /** @param wholly whether all of the clip must have arrived, or enough to start. */
  isReady(name: string, wholly: boolean): boolean {
    const load = this.#cache.load(name);
    return load !== undefined && !load.failed && (wholly ? load.whole : load.share >= enoughToBegin);
  }

  /** The clip that can be shown now. @param waitedMs how long the viewer has waited. */
  source(state: StoryState, wholly: boolean, waitedMs: number): SelectedClip | undefined {
    const { own, generic } = this.names(state);
    if (this.isReady(own, wholly)) return { name: own, kind: 'own' };
    const comesSoon = this.#cache.view(own)?.state === 'stored' && waitedMs < patienceMs;
    if (generic === undefined || comesSoon || !this.isReady(generic, wholly)) return undefined;
    return { name: generic, kind: 'generic' };
  }

  /** A segment of a clip that has arrived. @throws Error if it has not. */
  stage({ name, kind, step, framesBefore }: Omit<Follower, 'withinFrames'>): Showing {
    const bytes = this.#cache.load(name);
    const durationInFrames = this.#cache.view(name)?.durationInFrames;
    if (bytes === undefined || durationInFrames === undefined) throw new Error('The clip has not arrived.');
    return { name, kind, segment: { bytes, durationInFrames }, step, framesBefore };
  }

  /** Whether the clip on screen loops while the next node cannot be shown; otherwise its last frame stays. */
  loopsWhileWaiting({ kind, step }: Showing): boolean {
    if (step === undefined) return false;
    const node = nodeOf(this.#context.story, step.node);
    return kind === 'generic' || ('while' in node && node.while === 'loop');
  }

  /** Whether a generic clip is shown in place of one that is still expected. */
  awaitsOwn(showing: Showing, state: StoryState, shownSeconds: number): boolean {
    if (showing.kind !== 'generic') return false;
    return !this.#cache.isGone(this.names(state).own) && shownSeconds < longestGenericSeconds;
  }

  /** The follower of a generic clip: the node's own if it has arrived, else the generic one again. */
  afterGeneric(showing: Showing, state: StoryState, fps: number): Follower {
    const { own } = this.names(state);
    if (!this.isReady(own, true)) return sameAgain(showing, fps);
    const { framesBefore } = again(showing);
    const withinFrames = commitFrames(fps, false);
    return { name: own, kind: 'own', step: state.path, framesBefore, withinFrames };
  }

  /** The follower when the story continues; the generic clip is chosen only at the last moment. */
  next(target: StoryState, withinFrames: number, framesLeft: number, fps: number): Follower | undefined {
    const node = nodeOf(this.#context.story, target.node);
    const waitedMs = framesLeft <= commitFrames(fps, true) ? patienceMs : 0;
    const selected = hasView(node) ? this.source(target, true, waitedMs) : undefined;
    return selected && { ...selected, step: undefined, framesBefore: 0, withinFrames };
  }
}
