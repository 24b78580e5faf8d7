import sharp from 'sharp';

/** How two pictures differ. All shares are 0 to 1. */
export interface PictureDifference {
  /** Mean over all pixels and channels. */
  readonly mean: number;
  /** Share of pixels in which a channel is off by more than a fifth. */
  readonly striking: number;
  /** PNG: the expected picture in pale grey, what strikes the eye in red. */
  readonly picture: () => Promise<Buffer>;
}

const strikingLevels = 51;

/** A touch of blur: edges may be smoothed otherwise by another browser, shapes may not move. */
async function pixelsOf(file: string | Buffer) {
  return sharp(file)
    .removeAlpha()
    .toColourspace('srgb')
    .blur(0.8)
    .raw()
    .toBuffer({ resolveWithObject: true });
}

/**
 * Compares two pictures of the same size.
 *
 * @throws Error when the sizes differ.
 */
export async function comparePictures(
  expected: string | Buffer,
  actual: string | Buffer,
): Promise<PictureDifference> {
  const [a, b] = await Promise.all([pixelsOf(expected), pixelsOf(actual)]);
  const { width, height } = a.info;
  if (width !== b.info.width || height !== b.info.height) {
    throw new Error(`Sizes differ: ${width}x${height} and ${b.info.width}x${b.info.height}.`);
  }
  const marks = Buffer.alloc(width * height * 3);
  let sum = 0;
  let striking = 0;
  for (let at = 0; at < a.data.length; at += 3) {
    const channels = [0, 1, 2].map((channel) =>
      Math.abs((a.data[at + channel] ?? 0) - (b.data[at + channel] ?? 0)),
    );
    sum += channels.reduce((total, each) => total + each, 0);
    const strikes = Math.max(...channels) > strikingLevels;
    if (strikes) striking += 1;
    const pale = 200 + Math.round((a.data[at + 1] ?? 0) / 5);
    marks.set(strikes ? [220, 0, 0] : [pale, pale, pale], at);
  }
  return {
    mean: sum / a.data.length / 255,
    striking: striking / (width * height),
    picture: () =>
      sharp(marks, { raw: { width, height, channels: 3 } })
        .png()
        .toBuffer(),
  };
}
