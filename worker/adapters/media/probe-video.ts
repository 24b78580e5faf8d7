import { z } from 'zod';
import { runTool } from './ffmpeg.ts';

const probed = z.object({
  streams: z.tuple([z.object({ width: z.number(), height: z.number() })]),
});

/** Size of a video's frames in pixels. @throws BespokeError `media-failed`. */
export async function probeVideo(
  video: string,
): Promise<{ readonly width: number; readonly height: number }> {
  const answer = await runTool('ffprobe', [
    ...['-loglevel', 'error', '-select_streams', 'v:0', '-show_entries', 'stream=width,height'],
    ...['-of', 'json', `file:${video}`],
  ]);
  return probed.parse(JSON.parse(answer.toString())).streams[0];
}
