import { areasOf } from 'bespoke/template';

/** The button of the last scene, in units: hundredths of the frame's shorter side. */
export const closingButton = {
  '16:9': { x: 10, y: 68, width: 54, height: 12.6 },
  '9:16': { x: 8, y: 141, width: 60, height: 11 },
} as const;

/** Where and when it can be clicked: while it stands still. All frames have a shorter side of 1,080 pixels. */
export const closingArea = { areas: areasOf(closingButton, 10.8), fromFrame: 40, toFrame: 104 };
