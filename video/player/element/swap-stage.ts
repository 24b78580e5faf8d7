import { watchFrames, createVideoElement } from './video-element.ts';
import type { Painted, Segment, Stage, StageEvents } from './timeline.ts';

/** One of the two elements, and its segment. */
interface Screen {
  readonly video: HTMLVideoElement;
  segment: Segment | undefined;
  address: string | undefined;
  /** Whether a frame of the segment has been painted, visible or not. */
  painted: boolean;
}

/** The class of the element that is on screen. */
const shownClass = 'on-screen';

async function wholeOf({ bytes }: Segment): Promise<Blob> {
  while (!bytes.whole) await bytes.more();
  return new Blob([...bytes.chunks], { type: 'video/mp4' });
}

/**
 * Shows segments without Media Source: while one element plays, the other holds the next segment decoded and comes
 * to the front with its first painted frame.
 */
export class SwapStage implements Stage {
  readonly screens: readonly [HTMLVideoElement, HTMLVideoElement];
  readonly #fps: number;
  readonly #events: StageEvents;
  readonly #endWatches: readonly (() => void)[];
  #shown: Screen;
  #standby: Screen;
  #queue: readonly Segment[] = [];
  /** Whether the next segment starts before the end of the one on screen. */
  #hasty = false;
  #playing = false;
  #rate = 1;

  constructor(fps: number, events: StageEvents) {
    const makeScreen = (): Screen => ({
      video: createVideoElement(),
      segment: undefined,
      address: undefined,
      painted: false,
    });
    this.#shown = makeScreen();
    this.#standby = makeScreen();
    this.#fps = fps;
    this.#events = events;
    this.screens = [this.#shown.video, this.#standby.video];
    this.#shown.video.classList.add(shownClass);
    this.#endWatches = [this.#shown, this.#standby].map((screen) => this.#watch(screen));
  }

  follow(segment: Segment): void {
    this.#queue = [...this.#queue, segment];
    if (this.#queue.length === 1) this.#prepare(segment);
  }

  unfollow(): boolean {
    if (this.#hasty) return false;
    this.#queue = [];
    return true;
  }

  jump(segment: Segment): void {
    this.#queue = [segment];
    this.#hasty = true;
    this.#prepare(segment);
  }

  conclude(): void {
    // Each segment is a file of its own, so the browser knows its end.
  }

  async play(): Promise<void> {
    this.#playing = true;
    this.#events.changed('play');
    if (this.#shown.segment !== undefined) await this.#shown.video.play();
  }

  pause(): void {
    this.#playing = false;
    this.#shown.video.pause();
    this.#events.changed('pause');
  }

  paused(): boolean {
    return !this.#playing;
  }

  seek(frame: number): void {
    this.#shown.video.currentTime = (frame + 0.5) / this.#fps;
  }

  position(): (Painted & { readonly exact: number }) | undefined {
    const { segment, video } = this.#shown;
    return segment === undefined ? undefined : this.#at(segment, video.currentTime);
  }

  setRate(rate: number): void {
    this.#rate = rate;
    for (const { video } of [this.#shown, this.#standby]) video.playbackRate = rate;
  }

  close(): void {
    for (const end of this.#endWatches) end();
    for (const screen of [this.#shown, this.#standby]) this.#empty(screen);
  }

  #at(segment: Segment, seconds: number): Painted & { readonly exact: number } {
    const exact = seconds * this.#fps;
    return { segment, exact, frame: Math.min(segment.durationInFrames - 1, Math.floor(exact + 0.1)) };
  }

  #watch(screen: Screen): () => void {
    const { video } = screen;
    video.addEventListener('ended', () => {
      if (screen !== this.#shown) return;
      if (this.#queue.length > 0 && this.#standby.segment === this.#queue[0]) this.#bringOn();
      else this.#events.ranOut();
    });
    video.addEventListener('error', () => {
      if (screen.address !== undefined) this.#events.failed(video.error);
    });
    for (const what of ['playing', 'waiting', 'seeking', 'seeked'] as const) {
      video.addEventListener(what, () => {
        if (screen === this.#shown) this.#events.changed(what);
      });
    }
    return watchFrames(video, (seconds) => {
      if (screen.segment === undefined) return;
      screen.painted = true;
      if (screen !== this.#shown) {
        if (!this.#comingOn) return;
        this.#swap();
      }
      this.#events.painted(this.#at(screen.segment, seconds));
    });
  }

  #comingOn = false;

  #prepare(segment: Segment): void {
    const screen = this.#standby;
    wholeOf(segment).then(
      (blob) => {
        if (this.#queue[0] !== segment || screen !== this.#standby) return;
        this.#empty(screen);
        screen.segment = segment;
        screen.painted = false;
        screen.address = URL.createObjectURL(blob);
        screen.video.src = screen.address;
        screen.video.playbackRate = this.#rate;
        screen.video.addEventListener(
          'loadeddata',
          () => {
            const over = this.#shown.segment === undefined || this.#shown.video.ended;
            if (screen.segment === segment && (this.#hasty || over)) this.#bringOn();
          },
          { once: true },
        );
      },
      (error: unknown) => {
        if (this.#queue[0] === segment) this.#events.failed(error);
      },
    );
  }

  /** Plays the standby element; it comes to the front when its first frame is painted. */
  #bringOn(): void {
    this.#comingOn = true;
    const { video, painted } = this.#standby;
    if (painted || !this.#playing) this.#swap();
    if (this.#playing) video.play().catch((error: unknown) => this.#events.failed(error));
  }

  #swap(): void {
    const old = this.#shown;
    this.#shown = this.#standby;
    this.#standby = old;
    this.#comingOn = false;
    this.#hasty = false;
    this.#queue = this.#queue.slice(1);
    this.#shown.video.classList.add(shownClass);
    old.video.classList.remove(shownClass);
    old.video.pause();
    this.#empty(old);
    const [next] = this.#queue;
    if (next !== undefined) this.#prepare(next);
  }

  #empty(screen: Screen): void {
    if (screen.address === undefined) return;
    URL.revokeObjectURL(screen.address);
    screen.address = undefined;
    screen.segment = undefined;
    screen.video.removeAttribute('src');
    screen.video.load();
  }
}
