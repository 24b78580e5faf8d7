import { quietly, runTool } from './ffmpeg.ts';

const quoted = (file: string): string => `file 'file:${file.replaceAll("'", String.raw`'\''`)}'`;

/**
 * Joins clips and lays the mix under them without encoding anything again. Clips share their codec
 * parameters and begin with an IDR frame, so that every frame is there once. The index comes first in
 * the file, for players that start while they load.
 */
export async function assembleClips(clips: readonly string[], mix: string, file: string): Promise<void> {
  await runTool(
    'ffmpeg',
    [
      ...quietly,
      ...['-f', 'concat', '-safe', '0', '-protocol_whitelist', 'file,pipe', '-i', 'pipe:0', '-i', mix],
      ...['-map', '0:v:0', '-map', '1:a:0', '-c', 'copy', '-map_metadata', '-1', '-fflags', '+bitexact'],
      ...['-video_track_timescale', '90000', '-movflags', '+faststart', '-f', 'mp4', file],
    ],
    { input: Buffer.from(clips.map(quoted).join('\n')) },
  );
}
