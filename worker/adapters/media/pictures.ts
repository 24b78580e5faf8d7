import { readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { Still } from '../../../video/story/path.ts';
import type { StillCollector, TeaserStrip } from '../../core/ports.ts';
import { quietly, runTool } from './ffmpeg.ts';

/** Longer side of the pictures in a strip, and so the largest size of a teaser. */
const stripSide = 480;

interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** The frames that a still consists of. */
function framesOf(still: Still): readonly number[] {
  if (still.kind === 'poster') return [still.frame];
  return Array.from({ length: still.count }, (_, index) => still.fromFrame + index * still.step);
}

/** One process decodes and scales all frames: sharp takes twice the processor time for single frames. */
async function writeStrip(jpegs: readonly [Buffer, ...Buffer[]], file: string): Promise<void> {
  const size = await sharp(jpegs[0]).metadata();
  const ratio = Math.min(1, stripSide / Math.max(size.width, size.height));
  const [width, height] = [size.width, size.height].map((side) => Math.max(1, Math.round(side * ratio)));
  if (width === undefined || height === undefined) throw new Error('A frame has no size.');
  const pixels = await runTool(
    'ffmpeg',
    [
      ...quietly,
      ...['-threads', '1', '-f', 'image2pipe', '-c:v', 'mjpeg', '-i', 'pipe:0', '-filter_threads', '1'],
      ...['-vf', `scale=${width}:${height}:flags=bicubic+accurate_rnd+full_chroma_int`],
      ...['-fps_mode', 'passthrough', '-pix_fmt', 'rgb24', '-c:v', 'rawvideo', '-f', 'image2pipe', 'pipe:1'],
    ],
    { input: Buffer.concat(jpegs) },
  );
  if (pixels.length !== jpegs.length * width * height * 3)
    throw new Error('A picture of a strip is missing.');
  await sharp(pixels, {
    raw: { width, height: height * jpegs.length, channels: 3, pageHeight: height },
  })
    .jpeg({ quality: 90 })
    .toFile(file);
}

async function writeStill(still: Still, jpegs: ReadonlyMap<number, Buffer>, file: string): Promise<void> {
  const [first, ...others] = framesOf(still).map((frame) => {
    const jpeg = jpegs.get(frame);
    if (jpeg === undefined) throw new Error(`Frame ${frame} is missing.`);
    return jpeg;
  });
  if (first === undefined) throw new Error('A still has no frames.');
  if (still.kind === 'strip') return writeStrip([first, ...others], file);
  await sharp(first).jpeg({ quality: 84, progressive: true }).toFile(file);
}

/** Keeps the frames of a clip that stills need, until their pictures are written. */
export function collectStills(stills: readonly Still[]): StillCollector {
  const wanted = new Set(stills.flatMap(framesOf));
  const jpegs = new Map<number, Buffer>();
  return {
    // A clip may be drawn a second time from its start.
    take: (frame, jpeg) => void (wanted.has(frame) && jpegs.set(frame, jpeg)),
    write: (still, file) => writeStill(still, jpegs, file),
  };
}

/** Half a frame early, so that rounding never ends after the frame. */
const seekTo = (frame: number, fps: number): string => Math.max(0, (frame - 0.5) / fps).toFixed(6);

const startOfImage = Buffer.from([0xff, 0xd8, 0xff]);

/** Divides a stream of JPEGs: inside a picture no marker looks like its start. */
function splitJpegs(stream: Buffer): readonly Buffer[] {
  const starts: number[] = [];
  for (let at = stream.indexOf(startOfImage); at >= 0; at = stream.indexOf(startOfImage, at + 1)) {
    starts.push(at);
  }
  return starts.map((start, index) => stream.subarray(start, starts[index + 1]));
}

/**
 * Takes a still from a clip that was drawn without it.
 *
 * @throws BespokeError `media-failed`, `disk-full`.
 */
export async function takeStill(clip: string, still: Still, fps: number, file: string): Promise<void> {
  const frames = framesOf(still);
  const [first = 0] = frames;
  const last = frames.at(-1) ?? first;
  const decoded = await runTool('ffmpeg', [
    ...quietly,
    ...['-ss', seekTo(first, fps), '-i', `file:${clip}`, '-an', '-frames:v', String(last - first + 1)],
    // JPEG requires full range and the matrix of BT.601.
    ...['-vf', 'scale=in_color_matrix=bt709:in_range=limited:out_color_matrix=bt601:out_range=full'],
    ...['-pix_fmt', 'yuvj420p', '-c:v', 'mjpeg', '-q:v', '2', '-f', 'image2pipe', 'pipe:1'],
  ]);
  const collector = collectStills([still]);
  for (const [index, jpeg] of splitJpegs(decoded).entries()) collector.take(first + index, jpeg);
  await collector.write(still, file);
}

/** Mail clients cut off larger pictures or do not load them. */
const mostBytes = 1_000_000;

interface TeaserSize {
  readonly side: number;
  /** Uses every n-th picture of the strips. */
  readonly every: number;
  readonly colours: number;
  /** Bytes a pixel, relative to the full size: smaller pictures need more for each pixel. */
  readonly cost: number;
}

/** Sizes of a teaser, best first; the last always fits. */
const sizes: readonly TeaserSize[] = [
  { side: stripSide, every: 1, colours: 256, cost: 1.15 },
  { side: stripSide, every: 1, colours: 128, cost: 1 },
  { side: 400, every: 1, colours: 128, cost: 1.1 },
  { side: 320, every: 1, colours: 96, cost: 1.25 },
  { side: 240, every: 2, colours: 64, cost: 1.6 },
  { side: 160, every: 3, colours: 32, cost: 2 },
  { side: 96, every: 5, colours: 8, cost: 2.5 },
];

/** The share of pixels that change from picture to picture, so that the GIF writes them again; samples one in 16. */
function changingShare(pictures: readonly Pixels[]): number {
  let changed = 0;
  let seen = 0;
  for (const [index, { data }] of pictures.entries()) {
    const before = pictures[index - 1]?.data;
    if (before === undefined) continue;
    for (let at = 0; at < data.length; at += 16 * 3) {
      seen += 1;
      const far = [0, 1, 2].some((channel) => {
        const here = data[at + channel] ?? 0;
        return Math.abs(here - (before[at + channel] ?? 0)) > 8;
      });
      if (far) changed += 1;
    }
  }
  return seen === 0 ? 0 : changed / seen;
}

/**
 * Estimates the bytes of a GIF by a linear fit over pictures of the sample templates: a pixel that takes more
 * bytes as JPEG also takes more as GIF, and pixels that do not change take almost none.
 *
 * @param density bytes of JPEG for each pixel of the strips.
 */
function estimateBytes(
  { side, every, cost }: TeaserSize,
  pictures: readonly Pixels[],
  density: number,
  changing: number,
): number {
  const [first] = pictures;
  if (first === undefined) return 0;
  const area = first.width * first.height * Math.min(1, side / Math.max(first.width, first.height)) ** 2;
  const following = Math.ceil(pictures.length / every) - 1;
  const again = Math.min(1, 0.2 + 1.5 * changing);
  return area * (1 + following * again) * Math.min(1, cost * (0.06 + 2.2 * density));
}

const even = (value: number): number => Math.max(2, 2 * Math.round(value / 2));

/** A pixel is written again only if its colour has changed by more than this distance in RGB. */
const tolerance = 6;

/** Pictures of one size, one after another. Pixels that hardly change stay as they are: the GIF is smaller. */
function holdStill(pictures: readonly Pixels[]): Buffer {
  const held = Buffer.concat(pictures.map(({ data }) => data));
  const each = held.length / pictures.length;
  for (let at = each; at < held.length; at += 3) {
    const before = at - each;
    const [red, green, blue] = [held[before] ?? 0, held[before + 1] ?? 0, held[before + 2] ?? 0];
    const farRed = (held[at] ?? 0) - red;
    const farGreen = (held[at + 1] ?? 0) - green;
    const farBlue = (held[at + 2] ?? 0) - blue;
    if (farRed * farRed + farGreen * farGreen + farBlue * farBlue > tolerance * tolerance) continue;
    held[at] = red;
    held[at + 1] = green;
    held[at + 2] = blue;
  }
  return held;
}

/**
 * All pictures have one palette, and dithering depends only on a pixel's place: parts that do not move keep their
 * colours and are not written again.
 */
async function encodeGif(
  pictures: readonly Pixels[],
  { side, every, colours }: TeaserSize,
  rate: number,
): Promise<Buffer> {
  const shown = pictures.filter((_, index) => index % every === 0);
  const [first] = shown;
  if (first === undefined) throw new Error('A teaser has no pictures.');
  const ratio = Math.min(1, side / Math.max(first.width, first.height));
  const size = `${even(first.width * ratio)}:${even(first.height * ratio)}`;
  return runTool(
    'ffmpeg',
    [
      ...quietly,
      ...['-f', 'image2pipe', '-c:v', 'rawvideo', '-frame_size', String(first.data.length)],
      ...['-pixel_format', 'rgb24', '-video_size', `${first.width}x${first.height}`],
      ...['-framerate', String(rate / every), '-i', 'pipe:0', '-filter_complex_threads', '1'],
      '-filter_complex',
      `scale=${size}:flags=bilinear,split[a][b];[a]palettegen=max_colors=${colours}[p];` +
        '[b][p]paletteuse=dither=bayer:bayer_scale=5:diff_mode=rectangle',
      ...['-fps_mode', 'passthrough', '-loop', '0', '-f', 'gif', 'pipe:1'],
    ],
    { input: holdStill(shown) },
  );
}

/**
 * Writes strips, one after another, as an endless GIF under 1 MB. Its size is estimated from the strips; if the
 * result is larger than 1 MB, the next smaller size is used.
 *
 * @param rate pictures a second.
 */
export async function writeTeaser(strips: readonly TeaserStrip[], rate: number, file: string): Promise<void> {
  const pictures: Pixels[] = [];
  let bytes = 0;
  for (const strip of strips) {
    const jpeg = await readFile(strip.file);
    const { data, info } = await sharp(jpeg).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    bytes += jpeg.length;
    const each = height / strip.count;
    for (let index = 0; index < strip.count; index += 1) {
      const from = index * each * width * 3;
      pictures.push({ data: data.subarray(from, from + each * width * 3), width, height: each });
    }
  }
  const density = bytes / pictures.reduce((sum, { data }) => sum + data.length / 3, 0);
  const changing = changingShare(pictures);
  const promising = sizes.findIndex(
    (size) => estimateBytes(size, pictures, density, changing) < 0.9 * mostBytes,
  );
  const first = promising < 0 ? sizes.length - 1 : promising;
  for (const size of sizes.slice(first)) {
    const gif = await encodeGif(pictures, size, rate);
    if (gif.length < mostBytes || size === sizes.at(-1)) {
      await writeFile(file, gif);
      return;
    }
  }
}
