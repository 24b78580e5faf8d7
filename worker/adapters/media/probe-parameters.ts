import { z } from 'zod';
import { runTool } from './ffmpeg.ts';

const text = z.string().default('unknown');
const stream = z.object({
  codec_name: text,
  profile: text,
  pix_fmt: text,
  width: z.number(),
  height: z.number(),
  r_frame_rate: text,
  time_base: text,
  color_range: text,
  color_space: text,
});
const probed = z.object({ streams: z.tuple([stream]) });

/** The codec parameters that clips must share to be joined, as text. @throws BespokeError `media-failed`. */
export async function probeParameters(video: string): Promise<Readonly<Record<string, string>>> {
  const answer = await runTool('ffprobe', [
    ...[
      '-loglevel',
      'error',
      '-select_streams',
      'v:0',
      '-show_entries',
      `stream=${Object.keys(stream.shape).join(',')}`,
    ],
    ...['-of', 'json', `file:${video}`],
  ]);
  const [found] = probed.parse(JSON.parse(answer.toString())).streams;
  return {
    codec: `${found.codec_name} ${found.profile}`,
    pixels: found.pix_fmt,
    size: `${found.width} by ${found.height}`,
    'frame rate': found.r_frame_rate,
    'time base': found.time_base,
    colour: `${found.color_space} ${found.color_range}`,
  };
}
