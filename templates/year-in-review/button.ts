import { areasOf } from 'bespoke/template';

/** The button of the last scene, in pixels at scale 1. */
export const closingButton = {
  '16:9': { x: 115, y: 676, width: 560, height: 132 },
  '9:16': { x: 86, y: 1150, width: 600, height: 128 },
  '1:1': { x: 76, y: 610, width: 480, height: 104 },
} as const;

/** Where and when it can be clicked: from when it has come until the strips rise over it. */
export const closingArea = { areas: areasOf(closingButton), fromFrame: 26, toFrame: 56 };
