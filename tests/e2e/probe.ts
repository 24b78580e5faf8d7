import { quietly, runTool } from '../../worker/adapters/media/ffmpeg.ts';

interface ProbedStream {
  readonly codec_type: 'video' | 'audio';
  readonly codec_name: string;
  readonly pix_fmt?: string;
  readonly color_range?: string;
  readonly color_space?: string;
  readonly color_transfer?: string;
  readonly color_primaries?: string;
  readonly r_frame_rate: string;
  readonly sample_rate?: string;
  readonly width?: number;
  readonly height?: number;
  readonly start_time: string;
  readonly duration: string;
  readonly nb_frames: string;
}

interface ProbedPacket {
  readonly stream_index: number;
  readonly pts: number;
  readonly dts: number;
  readonly duration: number;
  readonly flags: string;
}

/** Streams and packets of a file, as its container lists them. */
export interface Probe {
  readonly streams: readonly ProbedStream[];
  readonly packets: readonly ProbedPacket[];
}

/** Reads a media file's streams and packets. */
export async function probeFile(file: string): Promise<Probe> {
  const args = ['-v', 'error', '-show_streams', '-show_packets', '-of', 'json', file];
  return JSON.parse((await runTool('ffprobe', args)).toString()) as Probe;
}

/** Every frame of a video as packed RGB at the given size, as a player shows it. */
export async function decodeFrames(file: string, width: number, height: number): Promise<readonly Buffer[]> {
  const colours = 'in_color_matrix=bt709:in_range=limited:out_range=full';
  const pixels = await runTool('ffmpeg', [
    ...quietly,
    ...['-i', file, '-an', '-fps_mode', 'passthrough'],
    ...['-vf', `scale=${width}:${height}:flags=area:${colours},format=rgb24`],
    ...['-c:v', 'rawvideo', '-f', 'image2pipe', 'pipe:1'],
  ]);
  const bytes = width * height * 3;
  return Array.from({ length: pixels.length / bytes }, (_, index) =>
    pixels.subarray(index * bytes, (index + 1) * bytes),
  );
}
