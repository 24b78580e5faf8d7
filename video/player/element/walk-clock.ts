import type { Painted, Piece } from './piece.ts';

/** Seconds from and to, as `TimeRanges` tells them. */
export interface Ranges {
  readonly length: number;
  readonly start: (index: number) => number;
  readonly end: (index: number) => number;
}

export const noRanges: Ranges = { length: 0, start: () => 0, end: () => 0 };

const oneRange = (start: number, end: number): Ranges => ({ length: 1, start: () => start, end: () => end });

/**
 * The clock of a walk: what was watched, piece after piece, without what was skipped. It runs on at a joint
 * and never jumps back but within the piece that is on screen.
 */
export class WalkClock {
  readonly #fps: number;
  /** Frames watched before the piece on screen. */
  #before = 0;
  #piece: Piece | undefined;
  #furthest = 0;

  constructor(fps: number) {
    this.#fps = fps;
  }

  /** Takes note of what is on screen. @returns whether another piece is. */
  note({ piece, frame }: Painted): boolean {
    if (piece === this.#piece) {
      this.#furthest = Math.max(this.#furthest, frame);
      return false;
    }
    if (this.#piece !== undefined) this.#before += this.#furthest + 1;
    this.#piece = piece;
    this.#furthest = frame;
    return true;
  }

  /** Seconds of the walk at a position in the piece on screen. */
  at(exact: number): number {
    return (this.#before + exact) / this.#fps;
  }

  /** The frame of the piece on screen at a second of the walk. */
  frameAt(seconds: number): number {
    const last = (this.#piece?.durationInFrames ?? 1) - 1;
    return Math.min(last, Math.max(0, Math.floor(seconds * this.#fps - this.#before + 0.01)));
  }

  /** Seconds until the end of the piece on screen. */
  get duration(): number {
    return this.#piece === undefined ? Number.NaN : this.at(this.#piece.durationInFrames);
  }

  /** What can be gone to: the piece on screen. */
  get seekable(): Ranges {
    return this.#piece === undefined ? noRanges : oneRange(this.at(0), this.duration);
  }

  get buffered(): Ranges {
    if (this.#piece === undefined) return noRanges;
    return oneRange(this.at(0), this.#piece.bytes.whole ? this.duration : this.at(this.#furthest + 1));
  }
}
