import { createHash } from 'node:crypto';
import sharp from 'sharp';

/** Kinds of pictures that mailing and CRM systems hold; none of them can refer to anything outside. */
const formats = ['jpeg', 'png', 'webp', 'gif', 'heif', 'tiff'] as const;

/** Of the longer side; scenes draw photos smaller. */
const maxSide = 1024;
/** A larger picture is refused before it is decoded. */
const maxPixels = 50_000_000;

/** A picture made anew from its pixels: upright, bounded, without metadata. */
export interface NormalImage {
  /** SHA-256 of size and pixels, in hex: equal for equal pictures, however they were compressed. */
  readonly hash: string;
  readonly jpeg: Buffer;
}

/** Why a file is no picture that can be used, in words for people. */
export class ImageRefused extends Error {
  override readonly name = 'ImageRefused';
}

async function inspect(data: Buffer): Promise<void> {
  const { format, pages, width, height } = await sharp(data, { limitInputPixels: false })
    .metadata()
    .catch(() => {
      throw new ImageRefused('the file is not a picture');
    });
  if (!(formats as readonly string[]).includes(format)) {
    throw new ImageRefused(`pictures of the kind ${format} are not accepted`);
  }
  if ((pages ?? 1) > 1) throw new ImageRefused('animated pictures are not accepted');
  if (width * height > maxPixels) throw new ImageRefused('the picture has more than 50 million pixels');
}

/**
 * Decodes a picture and makes it plain: upright, sRGB, opaque, at most 1024 pixels on its longer side,
 * without metadata.
 *
 * @throws ImageRefused
 */
export async function normalizeImage(data: Buffer): Promise<NormalImage> {
  await inspect(data);
  const upright = sharp(data, { limitInputPixels: maxPixels, failOn: 'error' })
    .rotate()
    .resize(maxSide, maxSide, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .removeAlpha()
    .timeout({ seconds: 20 });
  const { data: pixels, info } = await upright
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(() => {
      throw new ImageRefused('the picture is damaged');
    });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const jpeg = await sharp(pixels, { raw }).jpeg({ quality: 92, chromaSubsampling: '4:4:4' }).toBuffer();
  const hash = createHash('sha256').update(`${info.width}x${info.height}\n`).update(pixels).digest('hex');
  return { hash, jpeg };
}
