import type { Piece } from '../element/piece.ts';
import { isShown } from '../../story/engine/graph.ts';
import { clipName } from '../../story/engine/viewing.ts';
import { nodeOf, type Trail, type Walk, type World } from '../../story/engine/walk.ts';
import type { ClipShelf } from './clip-shelf.ts';
import { commitFrames } from './joint.ts';

/** A piece on screen, or right behind it. */
export interface Showing {
  readonly piece: Piece;
  /** The clip's name. */
  readonly name: string;
  readonly kind: 'own' | 'generic';
  /** The place that it shows; `undefined` for the next place, which is entered when it is painted. */
  readonly place: Trail | undefined;
  /** Frames of the place before this piece. */
  readonly framesBefore: number;
}

/** The clip with which a place is shown. */
type Cast = Pick<Showing, 'name' | 'kind'>;

/** A clip that is played while it still arrives is ahead by this much of it. */
const enoughToBegin = 0.4;
/** How long a stored clip is waited for before the generic one steps in. */
const patienceMs = 1_500;
/** How long a generic clip stands in, at most. */
const longestStandInSeconds = 45;

/** What follows a piece, and from how many frames before its end on. */
export interface Follower extends Cast, Pick<Showing, 'place' | 'framesBefore'> {
  readonly withinFrames: number;
}

/** The same clip once more, behind itself. */
export function again(showing: Showing): Showing {
  const { bytes, durationInFrames } = showing.piece;
  const framesBefore = showing.framesBefore + durationInFrames;
  return { ...showing, piece: { bytes, durationInFrames }, framesBefore };
}

/** Frames of a piece behind this one. */
export const framesLeft = ({ piece }: Showing, frame: number): number => piece.durationInFrames - frame;

/** A loop of what is on screen. */
export function sameAgain(showing: Showing, fps: number): Follower {
  return { ...again(showing), withinFrames: commitFrames(fps, true) };
}

/** Whether a showing is what should follow. */
export function isSame(next: Showing, follower: Follower | undefined): boolean {
  return next.name === follower?.name && next.place === follower.place;
}

/** Knows which clip can show a place: its own, or the generic one while that is not there. */
export class Casting {
  readonly #world: World;
  readonly #shelf: ClipShelf;

  constructor(world: World, shelf: ClipShelf) {
    this.#world = world;
    this.#shelf = shelf;
  }

  /** Names of the clips of the place where a walk stands. */
  names(walk: Walk): { readonly own: string; readonly generic: string | undefined } {
    const { story } = this.#world;
    const node = nodeOf(story, walk.node);
    const generic = isShown(node) ? node.generic : undefined;
    return {
      own: clipName(story, walk.node, walk.variables),
      generic: generic && clipName(story, walk.node, walk.variables, 'generic'),
    };
  }

  /** @param wholly whether all of the clip must be there, or enough to begin with. */
  isReady(name: string, wholly: boolean): boolean {
    const load = this.#shelf.load(name);
    return load !== undefined && !load.failed && (wholly ? load.whole : load.share >= enoughToBegin);
  }

  /** The clip with which a place can be shown now. @param waitedMs how long it was waited for already. */
  source(walk: Walk, wholly: boolean, waitedMs: number): Cast | undefined {
    const { own, generic } = this.names(walk);
    if (this.isReady(own, wholly)) return { name: own, kind: 'own' };
    const comesSoon = this.#shelf.view(own)?.state === 'stored' && waitedMs < patienceMs;
    if (generic === undefined || comesSoon || !this.isReady(generic, wholly)) return undefined;
    return { name: generic, kind: 'generic' };
  }

  /** A showing of a clip that is there. @throws Error where it is not. */
  stage({ name, kind, place, framesBefore }: Omit<Follower, 'withinFrames'>): Showing {
    const bytes = this.#shelf.load(name);
    const durationInFrames = this.#shelf.view(name)?.durationInFrames;
    if (bytes === undefined || durationInFrames === undefined) throw new Error('The clip is not there.');
    return { name, kind, piece: { bytes, durationInFrames }, place, framesBefore };
  }

  /** Whether what is on screen goes round while the next place cannot be shown; anything else stays. */
  goesRound({ kind, place }: Showing): boolean {
    if (place === undefined) return false;
    const node = nodeOf(this.#world.story, place.node);
    return kind === 'generic' || ('while' in node && node.while === 'loop');
  }

  /** Whether a generic clip still stands in for one that will come. */
  awaitsOwn(showing: Showing, walk: Walk, shownSeconds: number): boolean {
    if (showing.kind !== 'generic') return false;
    return !this.#shelf.isGone(this.names(walk).own) && shownSeconds < longestStandInSeconds;
  }

  /** What follows a generic clip: the place's own where it is there, else the generic one again. */
  behindGeneric(showing: Showing, walk: Walk, fps: number): Follower {
    const { own } = this.names(walk);
    if (!this.isReady(own, true)) return sameAgain(showing, fps);
    const { framesBefore } = again(showing);
    const withinFrames = commitFrames(fps, false);
    return { name: own, kind: 'own', place: walk.trail, framesBefore, withinFrames };
  }

  /** What follows where the walk goes on; the generic clip is settled on at the last moment only. */
  next(target: Walk, withinFrames: number, framesLeft: number, fps: number): Follower | undefined {
    const node = nodeOf(this.#world.story, target.node);
    const waitedMs = framesLeft <= commitFrames(fps, true) ? patienceMs : 0;
    const cast = isShown(node) ? this.source(target, true, waitedMs) : undefined;
    return cast && { ...cast, place: undefined, framesBefore: 0, withinFrames };
  }
}
