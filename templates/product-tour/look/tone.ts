import { mixColors } from 'bespoke/kit';
import { brand } from '../brand.ts';

/** The colours of a part of the drawing. */
export interface Tone {
  readonly line: string;
  readonly wall: string;
  readonly shade: string;
  /** What is white by day. */
  readonly white: string;
  readonly power: string;
  readonly warm: string;
  /** What is seen through a window. */
  readonly sky: string;
}

const { paper, ink, white, power, warm, shade, night, lineAtNight, roomAtNight, shadeAtNight } = brand.colors;

/** Colours between day (0) and night (1) where power is on (1) or out (0). */
export function toneAt(atNight: number, lit = 1): Tone {
  return {
    line: mixColors(ink, mixColors(lineAtNight, ink, lit), atNight),
    wall: mixColors(white, mixColors(roomAtNight, power, lit), atNight),
    shade: mixColors(shade, mixColors(shadeAtNight, white, lit), atNight),
    white: mixColors(white, mixColors(shadeAtNight, white, lit), atNight),
    power: mixColors(mixColors(shade, power, lit), mixColors(shadeAtNight, power, lit), atNight),
    warm: mixColors(warm, mixColors('#5A3FA0', warm, lit), atNight),
    sky: mixColors(paper, night, atNight),
  };
}
