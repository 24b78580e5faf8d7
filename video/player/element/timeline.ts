/** Bytes of a clip as they arrive. */
export interface ClipBytes {
  readonly chunks: readonly Uint8Array<ArrayBuffer>[];
  /** Whether all chunks have arrived. */
  readonly whole: boolean;
  /** Resolves when another chunk, or the last one, has arrived. Rejects when no more will come. */
  readonly more: () => Promise<void>;
}

/** One showing of a clip. The same clip shown again is another segment. */
export interface Segment {
  readonly bytes: ClipBytes;
  readonly durationInFrames: number;
}

/** A frame on screen. */
export interface Painted {
  readonly segment: Segment;
  /** Counts from the segment's start. */
  readonly frame: number;
}

/** What a stage reports to its listener. */
export interface StageEvents {
  /** A frame is on screen; called for each frame where the browser reports them. */
  readonly painted: (painted: Painted) => void;
  /** Nothing more can be shown: the last frame stays. */
  readonly ranOut: () => void;
  /** The stage cannot continue. */
  readonly failed: (error: unknown) => void;
  /** Playing, pausing, seeking or waiting has changed. */
  readonly changed: (what: 'play' | 'playing' | 'pause' | 'waiting' | 'seeking' | 'seeked') => void;
}

/** Shows segments, one after the other. */
export interface Stage {
  /** Elements to put into the page, on top of each other. */
  readonly screens: readonly HTMLVideoElement[];
  /** Shows a segment directly after the last frame of the segments passed in before. */
  readonly follow: (segment: Segment) => void;
  /** Drops what would follow the segment on screen. @returns false if it has already started. */
  readonly unfollow: () => boolean;
  /** Shows a segment as soon as it can be painted; until then the current frame stays. */
  readonly jump: (segment: Segment) => void;
  /** Nothing follows the last segment, so its last frames can be shown without waiting. */
  readonly conclude: () => void;
  readonly play: () => Promise<void>;
  readonly pause: () => void;
  readonly paused: () => boolean;
  /** Seeks to a frame of the segment on screen. */
  readonly seek: (frame: number) => void;
  /** Exact position in the segment on screen, in frames. */
  readonly position: () => (Painted & { readonly exact: number }) | undefined;
  /** Plays faster or slower. */
  readonly setRate: (rate: number) => void;
  readonly close: () => void;
}

/** A segment on the clock of a media element, which continues across segments. */
export interface Placement {
  readonly segment: Segment;
  /** In seconds. */
  readonly start: number;
  /** In seconds, exclusive. */
  readonly end: number;
}

/** Seconds between segments that do not follow each other, so that none overlaps the next. */
const apart = 1;

/**
 * Places a segment after all others: directly after the last one, or at a distance. It counts frames instead of
 * adding seconds, so that boundaries do not drift.
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

/** The frame on screen at a time of the media element's clock; `undefined` between segments. */
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

/** The placement that ends at a time of the clock, or shortly before it. */
export function endingAt(
  placements: readonly Placement[],
  seconds: number,
  fps: number,
): Placement | undefined {
  return placements.find(({ end }) => seconds >= end - 1.5 / fps && seconds < end + apart / 2);
}

/** Start and end in seconds, as in `TimeRanges`. */
export interface Ranges {
  readonly length: number;
  readonly start: (index: number) => number;
  readonly end: (index: number) => number;
}

export const noRanges: Ranges = { length: 0, start: () => 0, end: () => 0 };

const oneRange = (start: number, end: number): Ranges => ({ length: 1, start: () => start, end: () => end });

/**
 * Measures watched time, segment after segment, without what was skipped. It continues across boundaries and jumps
 * back only within the segment on screen.
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

  /** Records the frame on screen. @returns whether the segment has changed. */
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

  /** Watched seconds at a position in the segment on screen. */
  at(exact: number): number {
    return (this.#before + exact) / this.#fps;
  }

  /** The frame of the segment on screen at a watched second. */
  frameAt(seconds: number): number {
    const last = (this.#segment?.durationInFrames ?? 1) - 1;
    return Math.min(last, Math.max(0, Math.floor(seconds * this.#fps - this.#before + 0.01)));
  }

  /** Seconds until the end of the segment on screen. */
  get duration(): number {
    return this.#segment === undefined ? Number.NaN : this.at(this.#segment.durationInFrames);
  }

  /** The seekable range: the segment on screen. */
  get seekable(): Ranges {
    return this.#segment === undefined ? noRanges : oneRange(this.at(0), this.duration);
  }

  get buffered(): Ranges {
    if (this.#segment === undefined) return noRanges;
    return oneRange(this.at(0), this.#segment.bytes.whole ? this.duration : this.at(this.#furthest + 1));
  }
}
