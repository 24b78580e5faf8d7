import type { PaintedFrame } from './frame-recorder.ts';

/** The change from one segment to the next on screen. */
export interface Boundary {
  readonly from: string;
  readonly to: string;
  /** The last reported frame of the segment before, and the first one of the segment after. */
  readonly leftAt: number;
  readonly enteredAt: number;
  /** Frames that the screen showed from the one to the other. */
  readonly painted: number;
  readonly gapMs: number;
}

/** The boundaries between painted segments. A clip that starts again is a boundary too. */
export function boundariesOf(
  frames: readonly PaintedFrame[],
  nameOf: (clip: number) => string,
): readonly Boundary[] {
  return frames.slice(1).flatMap((frame, index) => {
    const before = frames[index];
    if (before === undefined || (frame.clip === before.clip && frame.frame >= before.frame)) return [];
    return [
      {
        from: nameOf(before.clip),
        to: nameOf(frame.clip),
        leftAt: before.frame,
        enteredAt: frame.frame,
        painted: frame.painted - before.painted,
        gapMs: frame.atMs - before.atMs,
      },
    ];
  });
}

/**
 * Missing (positive) or doubled (negative) frames at the boundary after a clip of this length: the screen must have
 * shown exactly the frames between the two that were reported.
 */
export function missingFrames({ leftAt, enteredAt, painted }: Boundary, length: number): number {
  return length - leftAt + enteredAt - painted;
}
