import type { PaintedFrame } from './frame-recorder.ts';

/** How one piece gave way to the next on screen. */
export interface Joint {
  readonly from: string;
  readonly to: string;
  /** The last frame of the piece before, the first one of the piece behind, as far as they were told. */
  readonly leftAt: number;
  readonly enteredAt: number;
  /** Frames that the screen showed from the one to the other. */
  readonly painted: number;
  readonly gapMs: number;
}

/** The joints of what was painted. A clip that begins again is a joint too. */
export function jointsOf(
  frames: readonly PaintedFrame[],
  nameOf: (clip: number) => string,
): readonly Joint[] {
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
 * Frames that are missing (positive) or doubled (negative) where a clip of this length gave way to the next:
 * the screen must have shown exactly those between the two that were told of.
 */
export function missingFrames({ leftAt, enteredAt, painted }: Joint, length: number): number {
  return length - leftAt + enteredAt - painted;
}
