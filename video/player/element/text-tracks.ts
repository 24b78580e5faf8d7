/** A text track as controls know it. Its cues are drawn by the page, above choices and in its own type. */
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

/** The text tracks of our media element: as much of `TextTrackList` as controls use. */
export class CaptionTracks extends EventTarget implements Iterable<CaptionTrack> {
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
