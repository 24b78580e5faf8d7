import { createHash } from 'node:crypto';
import sharp, { type Metadata, type OutputInfo } from 'sharp';
import { FileRefused } from './fetch-file.ts';

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
  /** PNG if parts of the image are transparent, else JPEG. */
  readonly data: Buffer;
  readonly transparent: boolean;
  /** Why hardly anything of the image would be seen, as a predicate such as `is almost all one colour`. */
  readonly faint: string | undefined;
}

/** Brands of the HEIC family, in the first box of a file. AVIF has its own. */
const heicBrands = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs']);

const isHeic = (data: Buffer): boolean =>
  data.toString('latin1', 4, 8) === 'ftyp' && heicBrands.has(data.toString('latin1', 8, 12));

const heicRefused = (): FileRefused =>
  new FileRefused(
    'the picture is a HEIC file, as iPhones save them, which cannot be read here; save it as JPEG or PNG',
  );

async function inspect(data: Buffer): Promise<Metadata> {
  const metadata = await sharp(data, { limitInputPixels: false })
    .metadata()
    .catch(() => {
      throw isHeic(data) ? heicRefused() : new FileRefused('the file is not an image');
    });
  const { format, width, height } = metadata;
  if (!(formats as readonly string[]).includes(format)) {
    throw new FileRefused(`images of type ${format} are not supported`);
  }
  if (width * height > maxPixels) throw new FileRefused('the image has more than 50 million pixels');
  const held = heldBytes(metadata);
  if (held > maxHeldBytes) {
    const [takes, most] = [held, maxHeldBytes].map((bytes) => Math.round(bytes / 1e6));
    throw new FileRefused(
      `decoding it takes ${takes} MB of memory, and the limit is ${most} MB (save it smaller, with 8 bits per channel, or not interlaced)`,
    );
  }
  return metadata;
}

/**
 * Decodes an image and writes it again as plain pixels: upright, sRGB, at most 1024 pixels on its longer side, without
 * metadata. Of an animation, its first picture is taken. One image is decoded at a time.
 *
 * @param ground `#rrggbb`, drawn under what is transparent. Unset: it stays transparent.
 * @throws FileRefused
 */
export async function normalizeImage(data: Buffer, ground?: string): Promise<NormalImage> {
  const metadata = await inspect(data);
  return afterOthers(() => decode(data, metadata, ground));
}

type Pixels = { readonly data: Buffer; readonly info: OutputInfo };

async function decode(
  data: Buffer,
  { hasAlpha }: Metadata,
  ground: string | undefined,
): Promise<NormalImage> {
  const upright = sharp(data, { limitInputPixels: maxPixels, failOn: 'error' })
    .rotate()
    .resize(maxSide, maxSide, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .timeout({ seconds: 20 });
  const decoded = await (hasAlpha ? upright.ensureAlpha() : upright.removeAlpha())
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(() => {
      throw isHeic(data) ? heicRefused() : new FileRefused('the image is damaged');
    });
  const transparent = ground === undefined && isTransparent(decoded);
  const pixels = transparent ? withoutHidden(decoded) : await onGround(decoded, ground ?? '#ffffff');
  const { width, height, channels } = pixels.info;
  const picture = sharp(pixels.data, { raw: { width, height, channels } });
  const size = transparent ? `${width}x${height} transparent\n` : `${width}x${height}\n`;
  return {
    hash: createHash('sha256').update(size).update(pixels.data).digest('hex'),
    data: transparent
      ? await picture.png({ compressionLevel: 9 }).toBuffer()
      : await picture.jpeg({ quality: 92, chromaSubsampling: '4:4:4' }).toBuffer(),
    transparent,
    faint: describeFaintness(pixels, ground),
  };
}

const opaque = 255;

function isTransparent({ data, info: { channels } }: Pixels): boolean {
  if (channels !== 4) return false;
  for (let at = 3; at < data.length; at += 4) if (data[at] !== opaque) return true;
  return false;
}

/** Pixels whose invisible colours are black, so that images that look equal are equal. */
function withoutHidden(pixels: Pixels): Pixels {
  const { data } = pixels;
  for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 0) data.fill(0, at, at + 3);
  return pixels;
}

async function onGround(pixels: Pixels, ground: string): Promise<Pixels> {
  const { width, height, channels } = pixels.info;
  if (channels === 3) return pixels;
  return sharp(pixels.data, { raw: { width, height, channels } })
    .flatten({ background: ground })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
}

/** Levels of 255 by which a pixel must differ to be seen, and the share of such pixels that makes a picture. */
const visibleLevels = 24;
const leastVisible = 0.005;

/** The share of pixels that are visibly opaque. */
function opaqueShare({ data }: Pixels): number {
  let visible = 0;
  for (let at = 3; at < data.length; at += 4) if ((data[at] ?? 0) > visibleLevels) visible += 1;
  return (visible * 4) / data.length;
}

/** The share of pixels that differ visibly from a colour. Plain loops: a picture has a million pixels. */
function visibleShare({ data, info: { channels } }: Pixels, [red, green, blue]: Colour): number {
  let visible = 0;
  for (let at = 0; at < data.length; at += channels) {
    if (
      Math.abs((data[at] ?? 0) - red) > visibleLevels ||
      Math.abs((data[at + 1] ?? 0) - green) > visibleLevels ||
      Math.abs((data[at + 2] ?? 0) - blue) > visibleLevels
    ) {
      visible += 1;
    }
  }
  return (visible * channels) / data.length;
}

/** Levels of red, green and blue. */
type Colour = readonly [number, number, number];

/** The average colour. */
function averageOf({ data, info: { channels } }: Pixels): Colour {
  let [red, green, blue] = [0, 0, 0];
  for (let at = 0; at < data.length; at += channels) {
    red += data[at] ?? 0;
    green += data[at + 1] ?? 0;
    blue += data[at + 2] ?? 0;
  }
  const pixels = data.length / channels;
  return [red / pixels, green / pixels, blue / pixels];
}

const levelsOf = (colour: string): Colour => {
  const level = (at: number): number => Number.parseInt(colour.slice(at, at + 2), 16);
  return [level(1), level(3), level(5)];
};

function describeFaintness(pixels: Pixels, ground: string | undefined): string | undefined {
  if (pixels.info.channels === 4) {
    return opaqueShare(pixels) < leastVisible ? 'is almost all transparent' : undefined;
  }
  if (ground !== undefined && visibleShare(pixels, levelsOf(ground)) < leastVisible) {
    return `is almost invisible on its ground ${ground}`;
  }
  return visibleShare(pixels, averageOf(pixels)) < leastVisible ? 'is almost all one colour' : undefined;
}
