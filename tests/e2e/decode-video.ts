import { z } from 'zod';
import { quietly, runTool } from '../../worker/adapters/media/ffmpeg.ts';
import { parseWav } from '../../worker/adapters/media/wav.ts';

const stream = z.object({
  codec_name: z.string(),
  codec_type: z.string(),
  profile: z.string(),
  pix_fmt: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  color_range: z.string().optional(),
  color_space: z.string().optional(),
  color_primaries: z.string().optional(),
  color_transfer: z.string().optional(),
  r_frame_rate: z.string(),
  nb_frames: z.string(),
  duration: z.string(),
  start_time: z.string(),
  sample_rate: z.string().optional(),
  channels: z.number().optional(),
});

const probe = z.object({
  streams: z.array(stream),
  packets: z.array(
    z.object({ stream_index: z.number(), pts: z.number(), dts: z.number(), flags: z.string() }),
  ),
  format: z.object({ duration: z.string() }),
});

/** What ffprobe says about a file: streams, packets in file order, format. */
export async function probeFile(file: string): Promise<z.infer<typeof probe>> {
  const answer = await runTool('ffprobe', [
    ...['-loglevel', 'error', '-show_streams', '-show_packets', '-show_format', '-of', 'json', file],
  ]);
  return probe.parse(JSON.parse(answer.toString()));
}

/** Every frame of a video as RGB, decoded with any complaint of the decoder being an error. */
export async function decodeFrames(
  file: string,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<readonly Buffer[]> {
  const pixels = await runTool('ffmpeg', [
    ...[...quietly, '-xerror', '-err_detect', 'explode', '-i', file, '-an', '-fps_mode', 'passthrough'],
    ...['-pix_fmt', 'rgb24', '-c:v', 'rawvideo', '-f', 'image2pipe', 'pipe:1'],
  ]);
  const bytes = width * height * 3;
  return Array.from({ length: pixels.length / bytes }, (_, index) =>
    pixels.subarray(index * bytes, (index + 1) * bytes),
  );
}

/** The left channel of a file's sound, as players hear it: edit lists applied. */
export async function decodeSound(file: string): Promise<Float32Array> {
  const wav = await runTool('ffmpeg', [
    ...[...quietly, '-xerror', '-i', file, '-vn', '-c:a', 'pcm_s16le', '-f', 'wav', 'pipe:1'],
  ]);
  const sound = parseWav(wav);
  if (sound === undefined) throw new Error('The sound is not 48 kHz.');
  return sound.left;
}
