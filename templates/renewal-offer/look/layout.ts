import { type FrameLayout, useFormat } from 'bespoke/kit';
import type { Ratio } from 'bespoke/template';

/** A rectangle in units: hundredths of the frame's shorter side. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The frame in units, and where the template puts its words and its picture. */
export interface Plane {
  readonly format: Ratio;
  readonly width: number;
  readonly height: number;
  /** Pixels of a unit. */
  readonly unit: number;
  /** Area for the words of a picture scene, clear of apps' controls over tall video. */
  readonly words: Box;
  /** Position and scale of the picture's main subject, on its ground. */
  readonly stand: Stand;
  /** Position of the land as a background for words. */
  readonly low: Stand;
}

interface Stand {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

const words: Readonly<Record<Ratio, Box>> = {
  '16:9': { x: 11, y: 13, width: 80, height: 74 },
  '9:16': { x: 8, y: 24, width: 84, height: 62 },
  '1:1': { x: 7, y: 8, width: 86, height: 38 },
};

const stands: Readonly<Record<Ratio, Stand>> = {
  '16:9': { x: 130, y: 86, scale: 1.08 },
  '9:16': { x: 52, y: 156, scale: 1.12 },
  '1:1': { x: 66, y: 92, scale: 0.68 },
};

const lows: Readonly<Record<Ratio, Stand>> = {
  '16:9': { x: 130, y: 91, scale: 0.5 },
  '9:16': { x: 50, y: 116, scale: 0.55 },
  '1:1': { x: 50, y: 71, scale: 0.4 },
};

/** The plane of a frame of this layout. */
function planeOf({ format, width, height, unit }: FrameLayout): Plane {
  return {
    format,
    width: width / unit,
    height: height / unit,
    unit,
    words: words[format],
    stand: stands[format],
    low: lows[format],
  };
}

/** The plane of the frame that is being drawn. */
export const usePlane = (): Plane => planeOf(useFormat());
