import {
  type Placement,
  type Painted,
  type Segment,
  type Stage,
  type StageEvents,
  endingAt,
  paintedAt,
  placeBehind,
} from './timeline.ts';
import { clipType, watchFrames, createVideoElement } from './video-element.ts';

const waitFor = (target: EventTarget, type: string): Promise<void> =>
  new Promise((resolve) => {
    target.addEventListener(type, () => resolve(), { once: true });
  });

/** Options and callbacks of a writer. */
interface WriterParts {
  readonly buffer: SourceBuffer;
  /** Seconds of the media element's clock. */
  readonly now: () => number;
  /** A placement's first frames are in the buffer. */
  readonly began: (placement: Placement) => void;
  /** A segment's bytes stopped coming. */
  readonly failed: (placement: Placement, error: unknown) => void;
}

/** Seconds before the playhead that stay in the buffer. */
const keptBehind = 20;

/**
 * Appends segments to a source buffer, one after the other, each as its bytes arrive. A source buffer allows one
 * operation at a time.
 */
class SourceWriter {
  readonly #parts: WriterParts;
  #queue: readonly Placement[] = [];
  #removals: readonly (readonly [number, number])[] = [];
  #running = false;
  /** Stops waiting for bytes of the segment that is being written. */
  #interrupt: (() => void) | undefined;
  #writing: Placement | undefined;

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  /** Resolves when all segments are in the buffer or dropped. */
  async idle(): Promise<void> {
    while (this.#running) await this.#work;
  }

  write(placement: Placement): void {
    this.#queue = [...this.#queue, placement];
    this.#run();
  }

  /** Drops what is no longer needed: segments that wait or are being written, and seconds of the buffer. */
  drop(unwanted: (placement: Placement) => boolean, from: number, to: number): void {
    this.#queue = this.#queue.filter((placement) => !unwanted(placement));
    if (this.#writing !== undefined && unwanted(this.#writing)) this.#interrupt?.();
    if (to > from) this.#removals = [...this.#removals, [from, to]];
    this.#run();
  }

  #run(): void {
    if (this.#running) return;
    this.#running = true;
    this.#work = this.#workOff().finally(() => {
      this.#running = false;
      if (this.#queue.length > 0 || this.#removals.length > 0) this.#run();
    });
  }

  #work: Promise<void> = Promise.resolve();

  async #workOff(): Promise<void> {
    for (;;) {
      const [removal, ...removals] = this.#removals;
      if (removal !== undefined) {
        this.#removals = removals;
        await this.#remove(...removal);
        continue;
      }
      const [placement, ...queue] = this.#queue;
      if (placement === undefined) return;
      this.#queue = queue;
      try {
        await this.#append(placement);
      } catch (error) {
        this.#parts.failed(placement, error);
      }
      this.#writing = undefined;
    }
  }

  async #append(placement: Placement): Promise<void> {
    const { buffer } = this.#parts;
    const { bytes } = placement.segment;
    let dropped = false;
    const interrupted = new Promise<void>((resolve) => {
      this.#interrupt = () => {
        dropped = true;
        resolve();
      };
    });
    this.#writing = placement;
    buffer.timestampOffset = placement.start;
    for (let written = 0; ;) {
      const chunk = bytes.chunks[written];
      if (chunk !== undefined) {
        await this.#appendChunk(chunk);
        written += 1;
        if (this.#holds(placement.start)) this.#parts.began(placement);
      } else if (bytes.whole) {
        return;
      } else {
        await Promise.race([bytes.more(), interrupted]);
      }
      if (dropped) {
        // A parser in the middle of a fragment accepts nothing else.
        buffer.abort();
        return;
      }
    }
  }

  async #appendChunk(chunk: Uint8Array<ArrayBuffer>): Promise<void> {
    const { buffer, now } = this.#parts;
    try {
      buffer.appendBuffer(chunk);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'QuotaExceededError')) throw error;
      await this.#remove(0, Math.max(0.1, now() - 1));
      buffer.appendBuffer(chunk);
    }
    await waitFor(buffer, 'updateend');
    const past = now() - keptBehind;
    if (past > keptBehind && buffer.buffered.length > 0 && buffer.buffered.start(0) < past - keptBehind)
      this.#removals = [...this.#removals, [0, past]];
  }

  #holds(seconds: number): boolean {
    const { buffered } = this.#parts.buffer;
    for (let range = 0; range < buffered.length; range += 1) {
      if (buffered.start(range) <= seconds + 0.001 && buffered.end(range) > seconds + 0.001) return true;
    }
    return false;
  }

  async #remove(from: number, to: number): Promise<void> {
    const { buffer } = this.#parts;
    buffer.remove(from, to);
    await waitFor(buffer, 'updateend');
  }
}

type SourceConstructor = typeof MediaSource;

declare global {
  interface Window {
    /** Managed Media Source: iPhones have it instead of Media Source. */
    readonly ManagedMediaSource?: SourceConstructor;
  }
}

/** The browser's Media Source, managed or not; `undefined` if there is none. */
export function mediaSourceOf(scope: Window & typeof globalThis): SourceConstructor | undefined {
  if ('ManagedMediaSource' in scope) return scope.ManagedMediaSource;
  return 'MediaSource' in scope ? scope.MediaSource : undefined;
}

/**
 * Joins segments on the clock of one media element. A following segment is appended directly after the last one; a
 * jump appends at a distance and seeks there, to a key frame, so that nothing appended earlier is shown.
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
    const video = createVideoElement();
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
      // An element pauses at the end of its source, but the story may continue; and it may play again by now.
      if (!video.paused || (this.#playing && video.ended)) return;
      this.#playing = false;
      this.#events.changed('pause');
    });
    video.addEventListener('waiting', () => {
      this.#events.changed('waiting');
      // Decoders hold back the last frames until something follows or the end is known.
      if (this.#isNearEnd()) this.conclude();
    });
    for (const what of ['timeupdate', 'ended'] as const)
      video.addEventListener(what, () => this.#lookForEnd());
    video.addEventListener('error', () => this.#events.failed(video.error));
  }

  follow(segment: Segment): void {
    this.#place(segment, true);
  }

  jump(segment: Segment): void {
    const old = this.#placements;
    const stays = this.#onScreen();
    this.#awaited = this.#place(segment, false);
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
    if (last?.segment.bytes.whole !== true || this.#awaited !== undefined) return;
    void this.#writer?.then(async (writer) => {
      await writer.idle();
      if (last === this.#placements.at(-1) && this.#source.readyState === 'open') this.#source.endOfStream();
    });
  }

  async play(): Promise<void> {
    this.#playing = true;
    const [video] = this.screens;
    // At its end, `play` would start an element from the beginning.
    if (!video.ended) await video.play();
    else this.#events.changed('play');
  }

  pause(): void {
    const [video] = this.screens;
    const waits = video.paused && this.#playing;
    // The element's own event comes later.
    this.#playing = false;
    if (waits) this.#events.changed('pause');
    else video.pause();
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
    const { segment } = ended;
    return { segment, frame: segment.durationInFrames - 1, exact: segment.durationInFrames };
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
    const segment = this.position()?.segment;
    return this.#placements.find((each) => each.segment === segment);
  }

  #place(segment: Segment, joined: boolean): Placement {
    const placement = placeBehind(this.#placements, segment, this.#fps, joined);
    this.#placements = [...this.#placements, placement];
    this.#writer ??= this.#open(segment);
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

  /** Opens the source as soon as the first segment reveals the clips' codec. */
  async #open({ bytes }: Segment): Promise<SourceWriter> {
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
      if (bytes.whole) throw new Error('The clip is not a video.');
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
    if (at === undefined || this.#awaited?.segment === at.segment) return;
    // Earlier segments are never shown again.
    const current = this.#placements.findIndex(({ segment }) => segment === at.segment);
    if (current > 0) this.#placements = this.#placements.slice(current);
    this.#events.painted(at);
    this.#lookForEnd(seconds);
  }

  /** Whether less of the last segment is left than decoders hold back. */
  #isNearEnd(): boolean {
    const last = this.#placements.at(-1);
    return last !== undefined && this.screens[0].currentTime > last.end - 8 / this.#fps;
  }

  /** Reports when the last frame is on screen and nothing follows it. */
  #lookForEnd(seconds = this.screens[0].currentTime): void {
    const ended = endingAt(this.#placements, seconds, this.#fps);
    if (ended === undefined || ended !== this.#placements.at(-1)) return;
    if (!ended.segment.bytes.whole) return;
    this.#events.ranOut();
  }
}
