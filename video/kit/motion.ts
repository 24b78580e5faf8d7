import { Easing, interpolate } from 'remotion';

/** Easing curves: `out` for elements that enter, `in` for elements that leave, `inOut` for movements. */
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

/** Linear interpolation: the value at `share` between two others. */
export const mix = (from: number, to: number, share: number): number => from + (to - from) * share;

const channels = (hex: string): readonly number[] =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** Linear interpolation of two colours, all `#rrggbb`; `share` is limited to 0 to 1. */
export function mixColors(from: string, to: string, share: number): string {
  if (share <= 0) return from;
  if (share >= 1) return to;
  const end = channels(to);
  const mixed = channels(from).map((value, index) => Math.round(value + ((end[index] ?? 0) - value) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Start frame of the n-th of several parts that start one after another. */
export const stagger = (index: number, everyFrames: number, from = 0): number => from + index * everyFrames;
