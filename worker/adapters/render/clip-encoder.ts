import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Encoding } from '../../core/ports.ts';
import { finishTool, quietly, startTool, type ToolProcess } from '../media/ffmpeg.ts';

/** Divides the frame length of every usual rate, so that joined clips start exactly on their frame. */
const timescale = 90_000;

/**
 * A header without samples, then fragments, as Media Source requires. The first frame is shown at 0 without an edit
 * list, which Media Source may ignore: frames that are shown before others that were decoded earlier have negative
 * offsets. The index at the start gives the length to players without Media Source.
 */
const container = '+empty_moov+default_base_moof+frag_keyframe+negative_cts_offsets+global_sidx';

/**
 * JPEG has the full range and the matrix of BT.601. Only these change, in integers and without scaling chroma
 * up and down again: sharper in colour than `zscale`, in a tenth of its time.
 */
const fromJpegToVideo = [
  'colorspace=ispace=bt470bg:irange=pc:iprimaries=bt709:itrc=bt709',
  'space=bt709:range=tv:primaries=bt709:trc=bt709:format=yuv420p',
].join(':');

/**
 * Arguments that give every clip of a format the same codec parameters, so that each can follow any other by stream
 * copy. `stitchable` keeps headers independent of content; every clip starts with an IDR frame and refers to nothing
 * outside of it. Always one thread, because the number changes the bits, and other clips are encoded at the same time.
 */
function encoderArguments({ crf, preset }: Encoding, fps: number, file: string): readonly string[] {
  return [
    ...quietly,
    ...['-threads', '1', '-f', 'image2pipe', '-c:v', 'mjpeg', '-framerate', String(fps), '-i', 'pipe:0'],
    ...['-vf', fromJpegToVideo],
    ...['-c:v', 'libx264', '-preset', preset, '-crf', String(crf), '-profile:v', 'high', '-threads', '1'],
    ...['-pix_fmt', 'yuv420p', '-flags', '+cgop', '-x264-params', 'open-gop=0:stitchable=1'],
    ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
    ...['-fps_mode', 'cfr', '-video_track_timescale', String(timescale)],
    ...['-map_metadata', '-1', '-fflags', '+bitexact', '-movflags', container, '-f', 'mp4', file],
  ];
}

/** Identifies how clips of any quality are encoded: other arguments give other clips. */
export const encoderFingerprint: string = createHash('sha256')
  .update(encoderArguments({ scale: 1, crf: 0, preset: 'veryfast', jpegQuality: 0 }, 1, '').join(' '))
  .digest('hex')
  .slice(0, 8);

/** Takes JPEG frames in order and writes a silent H.264 clip. */
export class ClipEncoder {
  readonly #process: ToolProcess;
  readonly #finished: Promise<Buffer>;
  #failed = false;

  constructor(encoding: Encoding, fps: number, file: string) {
    this.#process = startTool('ffmpeg', encoderArguments(encoding, fps, file));
    this.#process.stdin.on('error', () => undefined);
    this.#finished = finishTool(this.#process, 'ffmpeg', { timeLimitMs: 3_600_000 });
    this.#finished.catch(() => (this.#failed = true));
  }

  /** Resolves when the encoder can take another frame. @throws what `finish` would throw. */
  async write(frame: Buffer): Promise<void> {
    if (this.#failed) await this.#finished;
    if (!this.#process.stdin.write(frame)) {
      await Promise.race([once(this.#process.stdin, 'drain'), this.#finished]);
    }
  }

  /** @throws BespokeError `media-failed`, `disk-full`. */
  async finish(): Promise<void> {
    this.#process.stdin.end();
    await this.#finished;
  }

  async abandon(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#finished.catch(() => undefined);
  }
}
