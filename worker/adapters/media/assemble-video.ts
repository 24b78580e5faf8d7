import { quietly, runTool } from './ffmpeg.ts';

/** A line of ffmpeg's concat script; quotes within are closed, escaped and opened again. */
const scriptLine = (file: string): string => `file 'file:${file.replaceAll("'", String.raw`'\''`)}'`;

/**
 * Joins clips by stream copy and lays the mix under them. Pixels and sound are copied, nothing is
 * encoded again.
 *
 * @param clips absolute paths, in order; all with the same codec parameters.
 * @throws BespokeError `media-failed`, `disk-full`.
 */
export async function assembleVideo(clips: readonly string[], mix: string, file: string): Promise<void> {
  const script = ['ffconcat version 1.0', ...clips.map(scriptLine), ''].join('\n');
  await runTool(
    'ffmpeg',
    [
      ...quietly,
      ...['-protocol_whitelist', 'file,pipe', '-f', 'concat', '-safe', '0', '-i', 'pipe:0'],
      ...['-i', `file:${mix}`, '-map', '0:v:0', '-map', '1:a:0', '-c', 'copy'],
      ...[
        '-movflags',
        '+faststart',
        '-map_metadata',
        '-1',
        '-fflags',
        '+bitexact',
        '-f',
        'mp4',
        `file:${file}`,
      ],
    ],
    { input: Buffer.from(script) },
  );
}
