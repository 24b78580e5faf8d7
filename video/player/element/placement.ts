import type { Painted, Piece } from './piece.ts';

/** A piece on the clock of a media element, which runs on across pieces. */
export interface Placement {
  readonly piece: Piece;
  /** In seconds. */
  readonly start: number;
  /** In seconds, exclusive. */
  readonly end: number;
}

/** Seconds between pieces that do not follow each other, so that none runs over into the next. */
const apart = 1;

/**
 * Places a piece behind all others: right behind the last one, or apart from it. Frames are counted, not
 * seconds added up, so that no joint drifts.
 */
export function placeBehind(
  placements: readonly Placement[],
  piece: Piece,
  fps: number,
  joined: boolean,
): Placement {
  const last = placements.at(-1);
  const firstFrame = last === undefined ? 0 : Math.round((last.end + (joined ? 0 : apart)) * fps);
  return { piece, start: firstFrame / fps, end: (firstFrame + piece.durationInFrames) / fps };
}

/** What is on screen at a moment of the media element's clock; `undefined` between pieces. */
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
  return { piece: at.piece, frame: Math.floor(exact + 0.1), exact };
}

/** The placement that ends where the clock stands, or shortly before it. */
export function endingAt(
  placements: readonly Placement[],
  seconds: number,
  fps: number,
): Placement | undefined {
  return placements.find(({ end }) => seconds >= end - 1.5 / fps && seconds < end + apart / 2);
}
