import type { BespokeMedia } from '../element/bespoke-media.ts';
import type { Music, SceneSounds } from '../element/sound.ts';
import { type ClipCache, clipsAhead } from './clip-cache.ts';
import type { ViewerSession } from './viewer-session.ts';
import type { Painted } from '../element/timeline.ts';
import { hasView } from '../../story/engine/graph.ts';
import type { StoryState } from '../../story/engine/state.ts';
import {
  again,
  ClipSelection,
  framesLeft,
  isSame,
  sameAgain,
  type Follower,
  type Showing,
  atEnd,
  commitFrames,
  concludeFrames,
  hasExpired,
  isOpen,
} from './clip-selection.ts';

/** What a viewer waits for, and since when. */
export interface Wait {
  /** `making`: the clip is being rendered for this viewer. */
  readonly for: 'making' | 'loading';
  readonly sinceMs: number;
}

/** The controller's dependencies and callbacks. */
interface PlaybackParts {
  readonly session: ViewerSession;
  readonly media: BespokeMedia;
  readonly cache: ClipCache;
  readonly sounds: SceneSounds;
  readonly music: Music | undefined;
  readonly fps: number;
  /** A frame of the current node was painted, or time passed while its last one stays. */
  readonly frame: (frame: number) => void;
  /** Another node is on screen, or the viewer has to wait. */
  readonly staged: () => void;
}

/** Keeps the screen in step with the session's state: appends the next clip, or jumps to it. */
export class PlaybackController {
  readonly #parts: PlaybackParts;
  readonly #selection: ClipSelection;
  #showing: Showing | undefined;
  #next: Showing | undefined;
  /** The segment after which the stage expects nothing; what comes next is a jump. */
  #concluded: Showing | undefined;
  #frame = 0;
  #heldSinceMs: number | undefined;
  #pausedAtMs: number | undefined;
  #wait: Wait | undefined;
  #over = false;
  readonly #timer: number;

  constructor(parts: PlaybackParts) {
    this.#parts = parts;
    this.#selection = new ClipSelection(parts.session.context, parts.cache);
    this.#timer = window.setInterval(() => this.#tick(), 100);
    parts.media.addEventListener('pause', () => (this.#pausedAtMs ??= performance.now()));
    parts.media.addEventListener('play', () => {
      const pausedMs = this.#pausedAtMs === undefined ? 0 : performance.now() - this.#pausedAtMs;
      this.#pausedAtMs = undefined;
      if (this.#heldSinceMs !== undefined) this.#heldSinceMs += pausedMs;
    });
  }

  /** What the viewer waits for, while a generic clip is shown or the last frame stays. */
  get wait(): Wait | undefined {
    return this.#wait;
  }

  /** Whether the current node is on screen. */
  get isOnScreen(): boolean {
    const { state } = this.#parts.session;
    return state !== undefined && this.#showing?.step === state.path;
  }

  /** Frames since the node was entered, including loops and holding, but not the time of pauses. */
  get nodeFrame(): number {
    if (!this.isOnScreen || this.#showing === undefined) return 0;
    const now = this.#pausedAtMs ?? performance.now();
    const held = this.#heldSinceMs === undefined ? 0 : Math.max(0, now - this.#heldSinceMs);
    return this.#showing.framesBefore + this.#frame + Math.floor((held / 1000) * this.#parts.fps);
  }

  /** The clip on screen, and its frame. */
  get shot(): { readonly name: string; readonly frame: number } | undefined {
    return this.#showing && { name: this.#showing.name, frame: this.#frame };
  }

  /** Continues from the session's state. */
  update(): void {
    const { session, cache, sounds, media } = this.#parts;
    const { state, node } = session;
    if (state === undefined || node === undefined) return;
    const ahead = clipsAhead(session.context, state);
    cache.want(ahead);
    sounds.prepare(ahead.flatMap((name) => cache.view(name)?.sounds ?? []));
    if (!hasView(node)) {
      if (this.#over) return;
      this.#over = true;
      media.finish();
      this.#parts.staged();
      return;
    }
    this.#over = false;
    if (this.#showing?.step === state.path) this.#prepareNext();
    else this.#arrive(state);
  }

  painted({ segment, frame }: Painted): void {
    if (this.#next?.segment === segment) this.#cross(this.#next);
    const showing = this.#showing;
    if (showing?.segment !== segment) return;
    this.#heldSinceMs = undefined;
    const { session, cache, sounds, music, fps } = this.#parts;
    this.#frame = frame;
    const view = cache.view(showing.name);
    sounds.pass(view?.sounds ?? [], { segment, frame }, fps);
    music?.pass(view?.speech, frame);
    this.#parts.frame(this.nodeFrame);
    this.#expire();
    if (session.state !== undefined) this.update();
  }

  /** The last frame is on screen and nothing follows. */
  ranOut(): void {
    if (this.#heldSinceMs !== undefined || this.#parts.media.paused) return;
    this.#heldSinceMs = performance.now();
    const showing = this.#showing;
    window.setTimeout(() => {
      if (this.#showing === showing && this.#next === undefined) this.#end();
    }, 1000 / this.#parts.fps);
  }

  close(): void {
    window.clearInterval(this.#timer);
  }

  #tick(): void {
    if (this.#heldSinceMs === undefined || this.#parts.media.paused) {
      if (this.#wait !== undefined) this.update();
      return;
    }
    this.#parts.frame(this.nodeFrame);
    this.#expire();
    this.update();
  }

  /** The following segment is on screen now. */
  #cross(next: Showing): void {
    const { session, sounds } = this.#parts;
    this.#next = undefined;
    this.#frame = 0;
    this.#showing = next;
    if (next.step !== undefined) return;
    sounds.enter();
    session.apply({ type: 'ended', ...session.here });
    const { state } = session;
    const name = state === undefined ? undefined : this.#selection.names(state)[next.kind];
    if (name === next.name) this.#showing = { ...next, step: state?.path };
    this.#wait = undefined;
    this.#parts.staged();
  }

  /** The node's clip has ended, and nothing follows it. */
  #end(): void {
    const { session, media } = this.#parts;
    const { state, node } = session;
    const showing = this.#showing;
    if (showing === undefined || state === undefined || node === undefined || media.paused) return;
    if (showing.step !== state.path) {
      this.update();
      return;
    }
    const end = this.#awaitsOwn(showing, state) ? 'loop' : atEnd(node, state);
    if (end === 'go-on') session.apply({ type: 'ended', ...session.here });
    else if (end === 'loop') this.#show(again(showing));
    this.update();
  }

  #expire(): void {
    const { session } = this.#parts;
    const { state, node, limits } = session;
    if (state === undefined || node === undefined || !hasView(node) || !this.isOnScreen) return;
    const frame = this.nodeFrame;
    if (hasExpired(node, state, frame, limits)) session.apply({ type: 'expire', ...session.here, frame });
  }

  #show(showing: Showing): void {
    this.#next = undefined;
    this.#showing = showing;
    this.#frame = 0;
    this.#heldSinceMs = undefined;
    this.#parts.media.jump(showing.segment);
  }

  #follow(next: Showing): void {
    if (this.#next !== undefined || this.#concluded === this.#showing) return;
    this.#next = next;
    this.#parts.media.follow(next.segment);
  }

  /** The state's node is not on screen yet. */
  #arrive(state: StoryState): void {
    const { cache, sounds } = this.#parts;
    const now = performance.now();
    const source = this.#selection.source(
      state,
      false,
      this.#wait === undefined ? 0 : now - this.#wait.sinceMs,
    );
    if (source !== undefined) {
      this.#wait = undefined;
      sounds.enter();
      this.#show(this.#selection.stage({ ...source, step: state.path, framesBefore: 0 }));
      this.#parts.staged();
      return;
    }
    const { own } = this.#selection.names(state);
    if (cache.isGone(own)) {
      this.#passOver(state);
      return;
    }
    const waitsFor = cache.view(own)?.state === 'stored' ? 'loading' : 'making';
    if (this.#wait?.for !== waitsFor) {
      this.#wait = { for: waitsFor, sinceMs: this.#wait?.sinceMs ?? now };
      this.#parts.staged();
    }
    this.#fill();
  }

  /** Skips a scene whose clip is unavailable; at a decision the last frame stays. */
  #passOver(state: StoryState): void {
    const { session } = this.#parts;
    this.#wait = undefined;
    if (session.apply({ type: 'ended', ...session.here }) === undefined) this.update();
    else if (this.#showing !== undefined) this.#showing = { ...this.#showing, step: state.path };
    this.#parts.staged();
  }

  /** Continues with the clip on screen while the next node cannot be shown: a loop loops, otherwise its last frame stays. */
  #fill(): void {
    const showing = this.#showing;
    if (showing === undefined || !this.#selection.loopsWhileWaiting(showing)) return;
    if (this.#heldSinceMs !== undefined) this.#show(again(showing));
    else if (framesLeft(showing, this.#frame) <= commitFrames(this.#parts.fps, true))
      this.#follow(again(showing));
  }

  #awaitsOwn(showing: Showing, state: StoryState): boolean {
    return this.#selection.awaitsOwn(showing, state, (showing.framesBefore + this.#frame) / this.#parts.fps);
  }

  /** Decides what follows the node on screen. */
  #prepareNext(): void {
    const showing = this.#showing;
    if (showing === undefined || this.#heldSinceMs !== undefined) return;
    const follower = this.#follower(showing);
    if (this.#next !== undefined && !isSame(this.#next, follower)) {
      if (!this.#parts.media.unfollow()) return;
      this.#next = undefined;
      // Decoders may have read into the dropped segment, and would skip its replacement.
      this.#conclude(showing);
      return;
    }
    const left = framesLeft(showing, this.#frame);
    if (follower !== undefined && left <= follower.withinFrames)
      this.#follow(this.#selection.stage(follower));
    else if (follower === undefined && left <= concludeFrames(this.#parts.fps)) {
      this.#conclude(showing);
    }
  }

  /** Nothing is appended after the clip on screen; what comes next is a jump. */
  #conclude(showing: Showing): void {
    this.#concluded = showing;
    this.#parts.media.conclude();
  }

  #follower(showing: Showing): Follower | undefined {
    const { session, fps } = this.#parts;
    const { state, node, context, limits } = session;
    if (state === undefined || node === undefined || !hasView(node)) return undefined;
    if (this.#awaitsOwn(showing, state)) return this.#selection.afterGeneric(showing, state, fps);
    const end = atEnd(node, state);
    if (end !== 'go-on') return end === 'loop' ? sameAgain(showing, fps) : undefined;
    const target = session.foresee({ type: 'ended', ...session.here });
    if (target === undefined || target.path === state.path) return undefined;
    const open = isOpen(context, node, state, this.nodeFrame, limits);
    return this.#selection.next(target, commitFrames(fps, open), framesLeft(showing, this.#frame), fps);
  }
}
