import { clipType } from './codec.ts';
import { watchFrames } from './frame-watch.ts';
import type { Painted, Piece, Stage, StageEvents } from './piece.ts';
import { createPictureVideo } from './picture-video.ts';
import { endingAt, paintedAt, placeBehind, type Placement } from './placement.ts';
import { SourceWriter } from './source-writer.ts';

type SourceConstructor = typeof MediaSource;

declare global {
  interface Window {
    /** What iPhones have instead of Media Source. */
    readonly ManagedMediaSource?: SourceConstructor;
  }
}

/** The browser's Media Source, of whichever kind; `undefined` where there is none. */
export function mediaSourceOf(scope: Window & typeof globalThis): SourceConstructor | undefined {
  if ('ManagedMediaSource' in scope) return scope.ManagedMediaSource;
  return 'MediaSource' in scope ? scope.MediaSource : undefined;
}

/**
 * Joins pieces on the clock of one media element. What follows is appended right behind; a jump appends
 * apart from all others and seeks there, to a key frame, so that nothing of what was appended before and
 * nothing between is ever shown.
 */
export class SourceStage implements Stage {
  readonly screens: readonly [HTMLVideoElement];
  readonly #fps: number;
  readonly #events: StageEvents;
  readonly #source: MediaSource;
  readonly #address: string;
  readonly #endWatch: () => void;
  #writer: Promise<SourceWriter> | undefined;
  #placements: readonly Placement[] = [];
  /** A placement to go to as soon as its first frame is there. */
  #awaited: Placement | undefined;
  #playing = false;

  constructor(Source: SourceConstructor, fps: number, events: StageEvents) {
    const video = createPictureVideo();
    this.screens = [video];
    this.#fps = fps;
    this.#events = events;
    this.#source = new Source();
    this.#address = URL.createObjectURL(this.#source);
    video.src = this.#address;
    this.#endWatch = watchFrames(video, (seconds) => this.#saw(seconds));
    for (const what of ['play', 'playing', 'seeking', 'seeked'] as const)
      video.addEventListener(what, () => this.#events.changed(what));
    video.addEventListener('pause', () => {
      // An element pauses at the end of its source; the walk goes on.
      if (this.#playing && video.ended) return;
      this.#playing = false;
      this.#events.changed('pause');
    });
    video.addEventListener('waiting', () => {
      this.#events.changed('waiting');
      // Decoders keep the last frames until something follows, or the end is known.
      if (this.#isNearEnd()) this.conclude();
    });
    for (const what of ['timeupdate', 'ended'] as const)
      video.addEventListener(what, () => this.#lookForEnd());
    video.addEventListener('error', () => this.#events.failed(video.error));
  }

  follow(piece: Piece): void {
    this.#place(piece, true);
  }

  jump(piece: Piece): void {
    const old = this.#placements;
    const stays = this.#onScreen();
    this.#awaited = this.#place(piece, false);
    this.#placements = this.#placements.filter((each) => each === stays || each === this.#awaited);
    this.#drop((each) => old.includes(each) && each !== stays, 0, 0);
  }

  unfollow(): boolean {
    const stays = this.#onScreen();
    if (stays === undefined) return false;
    const behind = this.#placements.filter(({ start }) => start >= stays.end - 0.001);
    if (behind.length === 0) return false;
    const end = Math.max(...behind.map((each) => each.end));
    this.#placements = this.#placements.filter((each) => !behind.includes(each));
    this.#drop((each) => behind.includes(each), stays.end, end);
    return true;
  }

  conclude(): void {
    const last = this.#placements.at(-1);
    if (last?.piece.bytes.whole !== true || this.#awaited !== undefined) return;
    void this.#writer?.then(async (writer) => {
      await writer.idle();
      if (last === this.#placements.at(-1) && this.#source.readyState === 'open') this.#source.endOfStream();
    });
  }

  async play(): Promise<void> {
    this.#playing = true;
    const [video] = this.screens;
    // Played at its end, an element would go back to its start.
    if (!video.ended) await video.play();
    else this.#events.changed('play');
  }

  pause(): void {
    const [video] = this.screens;
    if (video.paused && this.#playing) {
      this.#playing = false;
      this.#events.changed('pause');
    }
    video.pause();
  }

  paused(): boolean {
    return !this.#playing;
  }

  seek(frame: number): void {
    const at = this.#onScreen();
    if (at !== undefined) this.screens[0].currentTime = at.start + (frame + 0.5) / this.#fps;
  }

  position(): (Painted & { readonly exact: number }) | undefined {
    const { currentTime } = this.screens[0];
    const at = paintedAt(this.#placements, currentTime, this.#fps);
    if (at !== undefined) return at;
    const ended = endingAt(this.#placements, currentTime, this.#fps);
    if (ended === undefined) return undefined;
    const { piece } = ended;
    return { piece, frame: piece.durationInFrames - 1, exact: piece.durationInFrames };
  }

  setRate(rate: number): void {
    this.screens[0].playbackRate = rate;
  }

  close(): void {
    this.#endWatch();
    this.screens[0].removeAttribute('src');
    URL.revokeObjectURL(this.#address);
  }

  #onScreen(): Placement | undefined {
    const piece = this.position()?.piece;
    return this.#placements.find((each) => each.piece === piece);
  }

  #place(piece: Piece, joined: boolean): Placement {
    const placement = placeBehind(this.#placements, piece, this.#fps, joined);
    this.#placements = [...this.#placements, placement];
    this.#writer ??= this.#open(piece);
    this.#writer.then(
      (writer) => {
        if (this.#placements.includes(placement)) writer.write(placement);
      },
      (error: unknown) => this.#events.failed(error),
    );
    return placement;
  }

  #drop(unwanted: (placement: Placement) => boolean, from: number, to: number): void {
    this.#writer?.then(
      (writer) => writer.drop(unwanted, from, to),
      () => undefined,
    );
  }

  /** Opens the source as soon as the first piece tells what clips are. */
  async #open({ bytes }: Piece): Promise<SourceWriter> {
    if (this.#source.readyState !== 'open')
      await new Promise((resolve) => this.#source.addEventListener('sourceopen', resolve, { once: true }));
    for (;;) {
      const [first] = bytes.chunks;
      const type = first === undefined ? undefined : clipType(first);
      if (type !== undefined) {
        return new SourceWriter({
          buffer: this.#source.addSourceBuffer(type),
          now: () => this.screens[0].currentTime,
          began: (placement) => this.#began(placement),
          failed: (placement, error) => {
            if (this.#placements.includes(placement)) this.#events.failed(error);
          },
        });
      }
      if (bytes.whole) throw new Error('The clip is no video.');
      await bytes.more();
    }
  }

  #began(placement: Placement): void {
    if (this.#awaited !== placement) return;
    this.#awaited = undefined;
    const [video] = this.screens;
    if (Math.abs(video.currentTime - placement.start) > 0.2 / this.#fps)
      video.currentTime = placement.start + 0.001;
    if (this.#playing && video.paused) video.play().catch((error: unknown) => this.#events.failed(error));
  }

  #saw(seconds: number): void {
    const at = paintedAt(this.#placements, seconds, this.#fps);
    if (at === undefined || this.#awaited?.piece === at.piece) return;
    // Pieces that are over are never gone back to.
    const current = this.#placements.findIndex(({ piece }) => piece === at.piece);
    if (current > 0) this.#placements = this.#placements.slice(current);
    this.#events.painted(at);
    this.#lookForEnd(seconds);
  }

  /** Whether less is left of the last piece than decoders keep back. */
  #isNearEnd(): boolean {
    const last = this.#placements.at(-1);
    return last !== undefined && this.screens[0].currentTime > last.end - 8 / this.#fps;
  }

  /** Tells when the last frame is on screen and nothing follows it. */
  #lookForEnd(seconds = this.screens[0].currentTime): void {
    const ended = endingAt(this.#placements, seconds, this.#fps);
    if (ended === undefined || ended !== this.#placements.at(-1)) return;
    if (!ended.piece.bytes.whole) return;
    this.#events.ranOut();
  }
}
