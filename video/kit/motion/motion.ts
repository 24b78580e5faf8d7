import { Easing, interpolate, spring } from 'remotion';

/** Curves by character. `out` for what comes to rest, `in` for what leaves, `inOut` for what travels. */
export const curves = {
  out: Easing.bezier(0.16, 1, 0.3, 1),
  in: Easing.bezier(0.7, 0, 0.84, 0),
  inOut: Easing.bezier(0.65, 0, 0.35, 1),
  gentle: Easing.bezier(0.25, 0.1, 0.25, 1),
} as const;

export type Curve = keyof typeof curves;

/** 0 before `from`, 1 from `from + frames` on, eased between. */
export function ramp(frame: number, from: number, frames: number, curve: Curve = 'out'): number {
  return interpolate(frame, [from, from + frames], [0, 1], {
    easing: curves[curve],
    extrapolateLeft: 'clamp',
    extrapolateRight: 'clamp',
  });
}

/** Up with an entrance, down with an exit that ends at the last frame: 0 to 1 to 0. */
export function presence(
  frame: number,
  durationInFrames: number,
  { enterAt = 0, enter = 14, exit = 10 }: { enterAt?: number; enter?: number; exit?: number } = {},
): number {
  const last = durationInFrames - 1;
  return ramp(frame, enterAt, enter, 'out') * (1 - ramp(frame, last - exit, exit, 'in'));
}

export const mix = (from: number, to: number, share: number): number => from + (to - from) * share;

/** Start frame of the n-th of several parts that follow one another. */
export const stagger = (index: number, everyFrames: number, from = 0): number => from + index * everyFrames;

/** A spring from 0 to 1 that starts at `from`; `bounce` 0 never overshoots. */
export function springAt(
  frame: number,
  fps: number,
  { from = 0, frames, bounce = 0 }: { from?: number; frames?: number; bounce?: number } = {},
): number {
  return spring({
    frame: frame - from,
    fps,
    config: { damping: mix(200, 12, bounce), mass: 1, stiffness: 120 },
    ...(frames === undefined ? {} : { durationInFrames: frames }),
  });
}

/** Counts up to a value with a share of the way done; ends exactly on the value. */
export const countTo = (value: number, share: number): number => (share >= 1 ? value : value * share);
