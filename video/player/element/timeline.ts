/** Bytes of a clip as they arrive. */
export interface ClipBytes {
  readonly chunks: readonly Uint8Array<ArrayBuffer>[];
  /** Whether all chunks are there. */
  readonly whole: boolean;
  /** Resolves when another chunk is there, or all are. Rejects when no more will come. */
  readonly more: () => Promise<void>;
}

/** One showing of a clip. The same clip shown again is another segment. */
export interface Segment {
  readonly bytes: ClipBytes;
  readonly durationInFrames: number;
}

/** A frame that viewers see. */
export interface Painted {
  readonly segment: Segment;
  /** Counts from the segment's start. */
  readonly frame: number;
}

/** What a stage reports to its director. */
export interface StageEvents {
  /** A frame is on screen; called for each frame where the browser reports them. */
  readonly painted: (painted: Painted) => void;
  /** Nothing more can be shown: the last frame stays. */
  readonly ranOut: () => void;
  /** The stage cannot go on. */
  readonly failed: (error: unknown) => void;
  /** Playing, pausing, seeking or waiting has changed. */
  readonly changed: (what: 'play' | 'playing' | 'pause' | 'waiting' | 'seeking' | 'seeked') => void;
}

/** Where segments are shown, one behind the other. */
export interface Stage {
  /** Elements to put into the page, on top of each other. */
  readonly screens: readonly HTMLVideoElement[];
  /** Shows a segment right behind the last frame of all that was handed over before. */
  readonly follow: (segment: Segment) => void;
  /** Forgets what would follow the segment on screen. @returns false when that has begun already. */
  readonly unfollow: () => boolean;
  /** Shows a segment as soon as it can be painted; until then what is on screen stays. */
  readonly jump: (segment: Segment) => void;
  /** Nothing will follow the last segment: its last frames need not wait for what might. */
  readonly conclude: () => void;
  readonly play: () => Promise<void>;
  readonly pause: () => void;
  readonly paused: () => boolean;
  /** Goes to a frame of the segment on screen. */
  readonly seek: (frame: number) => void;
  /** Exact position in the segment on screen, in frames. */
  readonly position: () => (Painted & { readonly exact: number }) | undefined;
  /** Plays faster or slower. */
  readonly setRate: (rate: number) => void;
  readonly close: () => void;
}

/** A segment on the clock of a media element, which runs on across segments. */
export interface Placement {
  readonly segment: Segment;
  /** In seconds. */
  readonly start: number;
  /** In seconds, exclusive. */
  readonly end: number;
}

/** Seconds between segments that do not follow each other, so that none runs over into the next. */
const apart = 1;

/**
 * Places a segment behind all others: right behind the last one, or apart from it. Frames are counted, not
 * seconds added up, so that no boundary drifts.
 */
export function placeBehind(
  placements: readonly Placement[],
  segment: Segment,
  fps: number,
  joined: boolean,
): Placement {
  const last = placements.at(-1);
  const firstFrame = last === undefined ? 0 : Math.round((last.end + (joined ? 0 : apart)) * fps);
  return { segment, start: firstFrame / fps, end: (firstFrame + segment.durationInFrames) / fps };
}

/** What is on screen at a moment of the media element's clock; `undefined` between segments. */
export function paintedAt(
  placements: readonly Placement[],
  seconds: number,
  fps: number,
): (Painted & { readonly exact: number }) | undefined {
  // A frame's time may be rounded down to microseconds.
  const slack = 0.1 / fps;
  const at = placements.find(({ start, end }) => seconds >= start - slack && seconds < end - slack);
  if (at === undefined) return undefined;
  const exact = Math.max(0, (seconds - at.start) * fps);
  return { segment: at.segment, frame: Math.floor(exact + 0.1), exact };
}

/** The placement that ends where the clock stands, or shortly before it. */
export function endingAt(
  placements: readonly Placement[],
  seconds: number,
  fps: number,
): Placement | undefined {
  return placements.find(({ end }) => seconds >= end - 1.5 / fps && seconds < end + apart / 2);
}

/** Seconds from and to, as `TimeRanges` holds them. */
export interface Ranges {
  readonly length: number;
  readonly start: (index: number) => number;
  readonly end: (index: number) => number;
}

export const noRanges: Ranges = { length: 0, start: () => 0, end: () => 0 };

const oneRange = (start: number, end: number): Ranges => ({ length: 1, start: () => start, end: () => end });

/**
 * Measures what was watched, segment after segment, without what was skipped. It continues across boundaries
 * and never jumps back but within the segment that is on screen.
 */
export class MediaClock {
  readonly #fps: number;
  /** Frames watched before the segment on screen. */
  #before = 0;
  #segment: Segment | undefined;
  #furthest = 0;

  constructor(fps: number) {
    this.#fps = fps;
  }

  /** Takes note of what is on screen. @returns whether another segment is. */
  note({ segment, frame }: Painted): boolean {
    if (segment === this.#segment) {
      this.#furthest = Math.max(this.#furthest, frame);
      return false;
    }
    if (this.#segment !== undefined) this.#before += this.#furthest + 1;
    this.#segment = segment;
    this.#furthest = frame;
    return true;
  }

  /** Seconds of the walk at a position in the segment on screen. */
  at(exact: number): number {
    return (this.#before + exact) / this.#fps;
  }

  /** The frame of the segment on screen at a second of the walk. */
  frameAt(seconds: number): number {
    const last = (this.#segment?.durationInFrames ?? 1) - 1;
    return Math.min(last, Math.max(0, Math.floor(seconds * this.#fps - this.#before + 0.01)));
  }

  /** Seconds until the end of the segment on screen. */
  get duration(): number {
    return this.#segment === undefined ? Number.NaN : this.at(this.#segment.durationInFrames);
  }

  /** What can be gone to: the segment on screen. */
  get seekable(): Ranges {
    return this.#segment === undefined ? noRanges : oneRange(this.at(0), this.duration);
  }

  get buffered(): Ranges {
    if (this.#segment === undefined) return noRanges;
    return oneRange(this.at(0), this.#segment.bytes.whole ? this.duration : this.at(this.#furthest + 1));
  }
}
