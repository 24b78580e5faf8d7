import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { RefusedImage } from './refused-image.ts';

/** Formats of single pictures. SVG is left out: it can refer to other things. */
const formats: ReadonlySet<string> = new Set(['jpeg', 'png', 'webp', 'avif', 'heif', 'tiff', 'gif']);
const longestSide = 1024;
const maxPixels = 50_000_000;

/**
 * Decodes a picture and writes it upright, in sRGB, without metadata, at most 1,024 pixels a side, as
 * a JPEG. An animation becomes its first picture; what is transparent becomes white.
 *
 * @returns SHA-256 of the pixels and their dimensions, which does not depend on how they were encoded.
 * @throws RefusedImage when the bytes are no such picture, or too many pixels.
 */
export async function normalizeImage(body: Buffer, file: string): Promise<string> {
  const open = () => sharp(body, { limitInputPixels: maxPixels, failOn: 'error', pages: 1 });
  const { format, width, height } = await open()
    .metadata()
    .catch(() => {
      throw new RefusedImage('it is not a picture');
    });
  if (!formats.has(format)) throw new RefusedImage('it is not a picture of a usual kind');
  if (width * height > maxPixels) throw new RefusedImage('it has too many pixels');
  try {
    const { data, info } = await open()
      .rotate()
      .resize(longestSide, longestSide, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    await sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } })
      .jpeg({ quality: 90, mozjpeg: true })
      .toFile(file);
    return createHash('sha256')
      .update(`${info.width}x${info.height}x${info.channels}\n`)
      .update(data)
      .digest('hex');
  } catch (error) {
    if (error instanceof Error && /ENOSPC|No space/.test(error.message)) throw error;
    throw new RefusedImage('it is damaged');
  }
}
