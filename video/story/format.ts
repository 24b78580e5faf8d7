/** Frame sizes by aspect ratio, in pixels at scale 1. */
export const frameSizes = {
  '16:9': { width: 1920, height: 1080 },
  '9:16': { width: 1080, height: 1920 },
  '1:1': { width: 1080, height: 1080 },
} as const;

export type Format = keyof typeof frameSizes;

export const formats = Object.keys(frameSizes) as readonly Format[];

export const isFormat = (value: string): value is Format => Object.hasOwn(frameSizes, value);

/** A rectangle, from the frame's top left corner. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Boxes of a drawing as the areas of a hotspot or button, in parts of each frame, so that what is painted and what is
 * clicked come from the same numbers.
 *
 * @param pixels of one unit of the boxes, at scale 1.
 */
export const areasOf = <F extends Format>(
  boxes: Readonly<Record<F, Box>>,
  pixels = 1,
): Readonly<Record<F, Box>> =>
  Object.fromEntries(
    (Object.keys(boxes) as F[]).map((format) => {
      const { width, height } = frameSizes[format];
      const box = boxes[format];
      return [
        format,
        {
          x: (box.x * pixels) / width,
          y: (box.y * pixels) / height,
          width: (box.width * pixels) / width,
          height: (box.height * pixels) / height,
        },
      ];
    }),
  ) as Record<F, Box>;
