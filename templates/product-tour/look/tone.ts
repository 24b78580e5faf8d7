import { brand } from '../brand.ts';

/** The colours that a part of the picture is drawn with. */
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

const channels = (hex: string): readonly number[] =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** A colour between two, both `#rrggbb`. */
export function mixColors(from: string, to: string, share: number): string {
  if (share <= 0) return from;
  if (share >= 1) return to;
  const end = channels(to);
  const mixed = channels(from).map((value, index) => Math.round(value + ((end[index] ?? 0) - value) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
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
