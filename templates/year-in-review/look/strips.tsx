import { useCurrentFrame, useVideoConfig } from 'remotion';
import { mixColors, ramp } from 'bespoke/kit';
import { brand } from '../brand.ts';

/** A rectangle in pixels at scale 1. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const stripCount = 12;

/** The strips' own colours, January to December. */
export const stripColors: readonly string[] = Array.from({ length: stripCount }, (_, index) =>
  mixColors(brand.strips.first, brand.strips.last, index / (stripCount - 1)),
);

/** A month's column of the frame, edge to edge. */
export function columnRect(index: number, width: number, height: number): Rect {
  return { x: (index * width) / stripCount, y: 0, width: width / stripCount, height };
}

export function mixRects(from: Rect, to: Rect, share: number): Rect {
  const between = (a: number, b: number): number => a + (b - a) * share;
  return {
    x: between(from.x, to.x),
    y: between(from.y, to.y),
    width: between(from.width, to.width),
    height: between(from.height, to.height),
  };
}

const strideInFrames = 0.9;
const moveInFrames = 13;

/** Frames from the seam until the last strip has arrived. */
export const stripsInFrames = Math.ceil(strideInFrames * (stripCount - 1) + moveInFrames);

/** How far a strip has moved away from the seam after the first frame: 0 to 1. */
export const stripLeave = (index: number, frame: number): number =>
  ramp(frame, index * strideInFrames, moveInFrames, 'inOut');

/** How far a strip has come back to the seam before the last frame: 0 to 1. */
export const stripReturn = (index: number, frame: number, durationInFrames: number): number =>
  ramp(frame, durationInFrames - 1 - stripsInFrames + index * strideInFrames, moveInFrames, 'inOut');

/** Pixels by which a strip reaches under its right neighbour, so that no scale shows a hairline there. */
export const overlap = 3;

/** Twelve rectangles in the strips' colours. */
export function Strips({
  rectOf,
  colorOf = (index) => stripColors[index] ?? brand.strips.last,
}: {
  readonly rectOf: (index: number) => Rect;
  readonly colorOf?: (index: number) => string;
}) {
  return stripColors.map((_, index) => {
    const { x, y, width, height } = rectOf(index);
    if (height <= 0 || width <= 0) return null;
    return (
      <div
        key={index}
        style={{
          position: 'absolute',
          left: x,
          top: y,
          width: width + overlap,
          height,
          background: colorOf(index),
        }}
      />
    );
  });
}

/**
 * The strips when they do not leave the frame: they sink from the seam to a line of roofs, move
 * slightly there, and rise to the seam again.
 *
 * @param heights twelve shares of the frame's height.
 */
export function Skyline({ heights }: { readonly heights: readonly number[] }) {
  const frame = useCurrentFrame();
  const { width, height, durationInFrames } = useVideoConfig();
  const roof = (index: number): Rect => {
    const column = columnRect(index, width, height);
    const breath = Math.sin((frame / 30) * 2.1 + index * 0.9) * 0.012;
    const tall = height * ((heights[index] ?? 0) + breath);
    return { ...column, y: height - tall, height: tall };
  };
  return (
    <Strips
      rectOf={(index) => {
        const away = stripLeave(index, frame) - stripReturn(index, frame, durationInFrames);
        return mixRects(columnRect(index, width, height), roof(index), away);
      }}
    />
  );
}
