import { createHash } from 'node:crypto';
import sharp, { type Metadata } from 'sharp';

/** Types of images in mailing and CRM systems; none of them can refer to other files. */
const formats = ['jpeg', 'png', 'webp', 'gif', 'heif', 'tiff'] as const;

/** Of the longer side; scenes draw photos smaller. */
const maxSide = 1024;
/** A larger image is refused before it is decoded. */
const maxPixels = 50_000_000;

/** The most memory that a decoder may use for an image that it cannot read line by line, in bytes. */
const maxHeldBytes = 320_000_000;

// No image is decoded twice, so a cache is useless; each decoder thread would need its own buffer of lines.
sharp.cache(false);
sharp.concurrency(1);

let lastDecoding: Promise<unknown> = Promise.resolve();

/** Decodes images one after another in this process: eight at once would need more memory than a worker has. */
function afterOthers<T>(decode: () => Promise<T>): Promise<T> {
  const decoding = lastDecoding.then(decode);
  lastDecoding = decoding.catch(() => undefined);
  return decoding;
}

/** Bytes that a decoder holds at once; almost none for types that it reads line by line. */
function heldBytes({
  format,
  width,
  height,
  channels,
  depth,
  isProgressive,
  chromaSubsampling,
}: Metadata): number {
  const isWhole = isProgressive || format === 'gif' || format === 'webp' || format === 'heif';
  if (!isWhole) return 0;
  const pixels = width * height;
  // A progressive JPEG is held as its coefficients, of 16 bits each; colours may have a quarter of them.
  if (format === 'jpeg')
    return pixels * 2 * (chromaSubsampling?.startsWith('4:2:0') === true ? 1.5 : channels);
  const sampleBytes =
    depth === 'uchar' || depth === 'char' ? 1 : depth === 'ushort' || depth === 'short' ? 2 : 4;
  return pixels * channels * sampleBytes;
}

/** An image written again from its pixels: upright, bounded, without metadata. */
export interface NormalImage {
  /** SHA-256 of size and pixels, in hex: equal for equal images, however they were compressed. */
  readonly hash: string;
  readonly jpeg: Buffer;
}

/** Why an image cannot be used, in words for people. */
export class ImageRefused extends Error {
  override readonly name = 'ImageRefused';
}

async function inspect(data: Buffer): Promise<void> {
  const metadata = await sharp(data, { limitInputPixels: false })
    .metadata()
    .catch(() => {
      throw new ImageRefused('the file is not an image');
    });
  const { format, pages, width, height } = metadata;
  if (!(formats as readonly string[]).includes(format)) {
    throw new ImageRefused(`images of type ${format} are not supported`);
  }
  if ((pages ?? 1) > 1) throw new ImageRefused('animated images are not supported');
  if (width * height > maxPixels) throw new ImageRefused('the image has more than 50 million pixels');
  const held = heldBytes(metadata);
  if (held > maxHeldBytes) {
    const [takes, most] = [held, maxHeldBytes].map((bytes) => Math.round(bytes / 1e6));
    throw new ImageRefused(
      `decoding it takes ${takes} MB of memory, and the limit is ${most} MB (save it smaller, with 8 bits per channel, or not interlaced)`,
    );
  }
}

/**
 * Decodes an image and writes it again as plain pixels: upright, sRGB, opaque, at most 1024 pixels on its longer side,
 * without metadata. One image is decoded at a time.
 *
 * @throws ImageRefused
 */
export async function normalizeImage(data: Buffer): Promise<NormalImage> {
  await inspect(data);
  return afterOthers(() => decode(data));
}

async function decode(data: Buffer): Promise<NormalImage> {
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
      throw new ImageRefused('the image is damaged');
    });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const jpeg = await sharp(pixels, { raw }).jpeg({ quality: 92, chromaSubsampling: '4:4:4' }).toBuffer();
  const hash = createHash('sha256').update(`${info.width}x${info.height}\n`).update(pixels).digest('hex');
  return { hash, jpeg };
}
