import { areasOf } from 'bespoke/template';

/** The button of the last scene, in units: hundredths of the frame's shorter side. */
export const closingButton = {
  '16:9': { x: 11, y: 64.7, width: 77, height: 12.4 },
  '9:16': { x: 8, y: 72.6, width: 82.8, height: 14.9 },
  '1:1': { x: 7, y: 30.3, width: 77, height: 12.4 },
} as const;

/** Where and when it can be clicked: while it stands still. All frames have a shorter side of 1,080 pixels. */
export const closingArea = { areas: areasOf(closingButton, 10.8), fromFrame: 24, toFrame: 66 };
