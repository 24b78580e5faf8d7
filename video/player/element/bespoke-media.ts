import {
  type Painted,
  type Segment,
  type Stage,
  type StageEvents,
  noRanges,
  MediaClock,
  type Ranges,
} from './timeline.ts';
import { mediaSourceOf, SourceStage } from './source-stage.ts';
import { SwapStage } from './swap-stage.ts';

/** A text track for the controls. The page draws its cues itself, above the choices and in its own font. */
export class CaptionTrack {
  readonly kind = 'captions';
  readonly label: string;
  readonly language: string;
  readonly id = 'captions';
  readonly #changed: () => void;
  #mode: TextTrackMode;

  constructor(label: string, language: string, on: boolean, changed: () => void) {
    this.label = label;
    this.language = language;
    this.#mode = on ? 'showing' : 'disabled';
    this.#changed = changed;
  }

  get mode(): TextTrackMode {
    return this.#mode;
  }

  set mode(mode: TextTrackMode) {
    if (mode === this.#mode) return;
    this.#mode = mode;
    this.#changed();
  }
}

/** The text tracks of our media element: the part of `TextTrackList` that controls use. */
class CaptionTracks extends EventTarget implements Iterable<CaptionTrack> {
  #tracks: readonly CaptionTrack[] = [];

  get length(): number {
    return this.#tracks.length;
  }

  get captions(): CaptionTrack | undefined {
    return this.#tracks[0];
  }

  /** Offers captions. */
  offer(label: string, language: string, on: boolean): void {
    this.#tracks = [new CaptionTrack(label, language, on, () => this.dispatchEvent(new Event('change')))];
    this.dispatchEvent(new Event('addtrack'));
    this.dispatchEvent(new Event('change'));
  }

  [Symbol.iterator](): Iterator<CaptionTrack> {
    return this.#tracks[Symbol.iterator]();
  }
}

/** Callbacks of the playback controller. */
export interface MediaListener {
  readonly painted: (painted: Painted) => void;
  readonly ranOut: () => void;
  readonly failed: (error: unknown) => void;
  /** The viewer wants to watch again from the start. */
  readonly again: () => void;
}

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host { display: block; position: relative; background: #000; }
  video { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; }
  video:not(:only-of-type):not(.on-screen) { opacity: 0; }
`);

/**
 * One media element for a whole session. Controls use it like a `<video>`: its clock continues across clips. The
 * playback controller decides what it shows.
 */
export class BespokeMedia extends HTMLElement {
  readonly textTracks = new CaptionTracks();
  #stage: Stage | undefined;
  #clock: MediaClock | undefined;
  #listener: MediaListener | undefined;
  #size = { width: 0, height: 0 };
  #volume = 1;
  #muted = false;
  #rate = 1;
  #ended = false;
  #painted = false;

  constructor() {
    super();
    this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [sheet];
  }

  /** Prepares to show clips. @param swap whether to play without Media Source. */
  open(
    fps: number,
    size: { readonly width: number; readonly height: number },
    listener: MediaListener,
    swap = false,
  ): void {
    this.#listener = listener;
    this.#size = size;
    this.#clock = new MediaClock(fps);
    const Source = swap ? undefined : mediaSourceOf(window);
    const events: StageEvents = {
      painted: (painted) => this.#onPainted(painted),
      ranOut: () => listener.ranOut(),
      failed: (error) => listener.failed(error),
      changed: (what) => this.dispatchEvent(new Event(what)),
    };
    this.#stage = Source === undefined ? new SwapStage(fps, events) : new SourceStage(Source, fps, events);
    this.shadowRoot?.append(...this.#stage.screens);
  }

  follow(segment: Segment): void {
    this.#stage?.follow(segment);
  }

  /** Drops what would follow. @returns false if it has already started. */
  unfollow(): boolean {
    return this.#stage?.unfollow() ?? false;
  }

  jump(segment: Segment): void {
    this.#ended = false;
    this.#stage?.jump(segment);
  }

  /** Nothing follows the segments that were passed in. */
  conclude(): void {
    this.#stage?.conclude();
  }

  /** The story is over. */
  finish(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.pause();
    this.dispatchEvent(new Event('ended'));
  }

  /** What is on screen. */
  position(): (Painted & { readonly exact: number }) | undefined {
    return this.#stage?.position();
  }

  async play(): Promise<void> {
    if (this.#ended) {
      this.#listener?.again();
      return;
    }
    await this.#stage?.play();
  }

  pause(): void {
    this.#stage?.pause();
  }

  get paused(): boolean {
    return this.#stage?.paused() ?? true;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get currentTime(): number {
    const at = this.#stage?.position();
    return at === undefined ? 0 : (this.#clock?.at(Math.min(at.exact, at.segment.durationInFrames)) ?? 0);
  }

  set currentTime(seconds: number) {
    const frame = this.#clock?.frameAt(seconds);
    if (frame === undefined) return;
    // The stage's own `seeking` also says that it jumps to another clip.
    this.dispatchEvent(new Event('viewer-seeking'));
    this.#stage?.seek(frame);
  }

  get duration(): number {
    return this.#clock?.duration ?? Number.NaN;
  }

  get seekable(): Ranges {
    return this.#clock?.seekable ?? noRanges;
  }

  get buffered(): Ranges {
    return this.#clock?.buffered ?? noRanges;
  }

  get volume(): number {
    return this.#volume;
  }

  set volume(volume: number) {
    this.#volume = Math.min(1, Math.max(0, volume));
    this.dispatchEvent(new Event('volumechange'));
  }

  get muted(): boolean {
    return this.#muted;
  }

  set muted(muted: boolean) {
    this.#muted = muted;
    this.dispatchEvent(new Event('volumechange'));
  }

  /** The gain of music and sounds, from 0 to 1. Squared, because loudness is heard in ratios. */
  get loudness(): number {
    return this.#muted ? 0 : this.#volume ** 2;
  }

  get playbackRate(): number {
    return this.#rate;
  }

  set playbackRate(rate: number) {
    this.#rate = rate;
    this.#stage?.setRate(rate);
    this.dispatchEvent(new Event('ratechange'));
  }

  get readyState(): number {
    return this.#painted ? HTMLMediaElement.HAVE_ENOUGH_DATA : HTMLMediaElement.HAVE_NOTHING;
  }

  get videoWidth(): number {
    return this.#size.width;
  }

  get videoHeight(): number {
    return this.#size.height;
  }

  #onPainted(painted: Painted): void {
    const other = this.#clock?.note(painted) === true;
    if (!this.#painted) {
      this.#painted = true;
      this.dispatchEvent(new Event('loadedmetadata'));
      this.dispatchEvent(new Event('canplay'));
    }
    if (other) {
      this.dispatchEvent(new Event('durationchange'));
      this.dispatchEvent(new Event('progress'));
    }
    this.dispatchEvent(new Event('timeupdate'));
    this.#listener?.painted(painted);
  }
}

/** Registers the custom element. */
export function defineBespokeMedia(): void {
  if (customElements.get('bespoke-media') === undefined) customElements.define('bespoke-media', BespokeMedia);
}
