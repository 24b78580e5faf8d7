/** Frame sizes of the usual aspect ratios, in pixels at scale 1. */
const ratioSizes = {
  '16:9': { width: 1920, height: 1080 },
  '9:16': { width: 1080, height: 1920 },
  '1:1': { width: 1080, height: 1080 },
} as const;

export type Ratio = keyof typeof ratioSizes;

export const ratios = Object.keys(ratioSizes) as readonly Ratio[];

/** A usual aspect ratio, or a size in pixels, such as `1080x1350`. */
export type Format = Ratio | `${number}x${number}`;

interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/** Frame size in pixels at scale 1. */
export function frameSize(format: Format): FrameSize {
  const [width = 0, height = 0] = format.split('x').map(Number);
  return ratioSizes[format as Ratio] ?? { width, height };
}

/** Sides that the encoder takes: H.264 of a 4:2:0 picture needs even ones. */
const isSide = (length: number): boolean => length % 2 === 0 && length >= 16 && length <= 7680;

/** Whether a text is a format: a usual ratio, or a size that can be encoded. */
export function isFormat(value: string): value is Format {
  if (Object.hasOwn(ratioSizes, value)) return true;
  if (!/^[1-9]\d{1,3}x[1-9]\d{1,3}$/.test(value)) return false;
  const { width, height } = frameSize(value as Format);
  return isSide(width) && isSide(height);
}

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
      const { width, height } = frameSize(format);
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
