import { useFormat } from 'bespoke/kit';
import type { Format } from 'bespoke/template';
import { homeBox, planOf, room, type Box, type HousePlan, type RoomName } from './plan.ts';

/** The frame that is being drawn, in units, and the house in it. */
export interface Plane {
  readonly format: '16:9' | '9:16';
  /** Pixels of a unit. */
  readonly unit: number;
  readonly width: number;
  readonly height: number;
  readonly plan: HousePlan;
  /** The coloured panel that words stand on, and the words' room on it. */
  readonly panel: Box;
  readonly words: Box;
  /** The part of the frame beside the panel. */
  readonly stage: Box;
}

const layouts = {
  '16:9': {
    panel: { x: 0, y: 0, width: 72, height: 100 },
    words: { x: 10.7, y: 12, width: 53, height: 76 },
    stage: { x: 72, y: 0, width: 1600 / 9 - 72, height: 100 },
  },
  '9:16': {
    panel: { x: 0, y: 0, width: 100, height: 78 },
    words: { x: 8, y: 20, width: 84, height: 52 },
    stage: { x: 0, y: 78, width: 100, height: 1600 / 9 - 78 },
  },
} as const;

const shapeOf = (format: Format): Plane['format'] => (format === '16:9' ? '16:9' : '9:16');

/** The plane of the frame that is being drawn. */
export function usePlane(): Plane {
  const { format, width, height, unit } = useFormat();
  const shape = shapeOf(format);
  return {
    format: shape,
    unit,
    width: width / unit,
    height: height / unit,
    plan: planOf(shape),
    ...layouts[shape],
  };
}

/** A camera position: the point `from` of the house appears at `to` in the frame. */
export interface View {
  readonly from: { readonly x: number; readonly y: number };
  readonly to: { readonly x: number; readonly y: number };
  readonly scale: number;
}

/** Looks at a box so that it fills a box of the frame by a share. */
export function viewOf(box: Box, into: Box, fill = 1): View {
  return {
    from: { x: box.x + box.width / 2, y: box.y + box.height / 2 },
    to: { x: into.x + into.width / 2, y: into.y + into.height / 2 },
    scale: fill * Math.min(into.width / box.width, into.height / box.height),
  };
}

/** Looks into a room, a few units further right if its main thing stands there. */
export function roomView({ plan, stage }: Plane, name: RoomName, right = 0): View {
  const { x, y } = plan.rooms[name];
  return viewOf({ ...room, x: x + right, y }, stage, 1.07);
}

/** The whole house beside the words. */
export function homeView({ plan, stage }: Plane): View {
  return viewOf(homeBox(plan), stage, 0.94);
}

/** A camera transform: scale and shift of the whole drawing. */
export interface Shift {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** Interpolates from the whole house (0) to a view (1), at a constant visual speed. */
export function shiftTo({ from, to, scale }: View, share: number): Shift {
  const now = scale ** share;
  const shift = (here: number, there: number): number => {
    if (Math.abs(scale - 1) < 0.001) return (there - here) * share;
    const still = (there - here * scale) / (1 - scale);
    return still * (1 - now);
  };
  return { scale: now, x: shift(from.x, to.x), y: shift(from.y, to.y) };
}
