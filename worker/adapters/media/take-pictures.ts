import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { quietly, runTool } from './ffmpeg.ts';
import { probeVideo } from './probe-video.ts';

/** Half a frame early, so that rounding never lands behind the frame. */
const seekTo = (frame: number, fps: number): string => Math.max(0, (frame - 0.5) / fps).toFixed(6);

/** Writes one frame as JPEG. @throws BespokeError `media-failed`, `disk-full`. */
export async function takePoster(video: string, frame: number, fps: number, file: string): Promise<void> {
  const png = await runTool('ffmpeg', [
    ...quietly,
    ...['-ss', seekTo(frame, fps), '-i', `file:${video}`, '-frames:v', '1'],
    ...['-c:v', 'png', '-compression_level', '0', '-f', 'image2pipe', 'pipe:1'],
  ]);
  await sharp(png).jpeg({ quality: 84, mozjpeg: true }).toFile(file);
}

/** A stretch of a video, in its own frames. */
export interface FrameRange {
  readonly fromFrame: number;
  readonly durationInFrames: number;
  readonly fps: number;
}

/** Mail clients show what is smaller than this; a picture of more is cut off or not loaded. */
const mostBytes = 1_000_000;

/** From how a teaser should look to what always fits. */
const attempts = [
  { side: 480, fps: 10, colours: 96 },
  { side: 400, fps: 10, colours: 64 },
  { side: 320, fps: 8, colours: 48 },
  { side: 240, fps: 6, colours: 32 },
  { side: 160, fps: 4, colours: 16 },
  { side: 96, fps: 2, colours: 8 },
] as const;

const even = (value: number): number => Math.max(2, 2 * Math.round(value / 2));

/** Writes a range as an endless GIF under 1 MB. @throws BespokeError `media-failed`, `disk-full`. */
export async function takeTeaser(video: string, range: FrameRange, file: string): Promise<void> {
  const { width, height } = await probeVideo(video);
  for (const { side, fps, colours } of attempts) {
    const ratio = Math.min(1, side / Math.max(width, height));
    const size = { width: even(width * ratio), height: even(height * ratio) };
    const rate = Math.min(fps, range.fps);
    const wanted = Math.max(1, Math.round((range.durationInFrames / range.fps) * rate));
    const pixels = await runTool('ffmpeg', [
      ...quietly,
      ...['-ss', seekTo(range.fromFrame, range.fps), '-t', (range.durationInFrames / range.fps).toFixed(6)],
      ...['-i', `file:${video}`, '-vf', `scale=${size.width}:${size.height}:flags=bilinear`, '-an'],
      ...['-r', String(rate), '-fps_mode', 'cfr', '-frames:v', String(wanted), '-pix_fmt', 'rgb24'],
      ...['-c:v', 'rawvideo', '-f', 'image2pipe', 'pipe:1'],
    ]);
    const frames = Math.floor(pixels.length / (size.width * size.height * 3));
    const gif = await sharp(pixels.subarray(0, frames * size.width * size.height * 3), {
      raw: { width: size.width, height: size.height * frames, channels: 3, pageHeight: size.height },
    })
      .gif({
        loop: 0,
        delay: Array.from({ length: frames }, () => Math.round(1000 / rate)),
        colours,
        effort: 1,
        dither: 0.5,
        // Pixels that hardly change stay as they are: a third smaller, so that the first attempt mostly fits.
        interFrameMaxError: 8,
      })
      .toBuffer();
    if (gif.length < mostBytes || side === attempts.at(-1)?.side) {
      await writeFile(file, gif);
      return;
    }
  }
}
