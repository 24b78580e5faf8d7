import type { SceneCue } from '../../video/story/scene.ts';

/** `HH:MM:SS.mmm` of a frame. */
function timestamp(frame: number, fps: number): string {
  const ms = Math.round((frame * 1000) / fps);
  const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');
  return `${pad(Math.floor(ms / 3_600_000), 2)}:${pad(Math.floor(ms / 60_000) % 60, 2)}:${pad(Math.floor(ms / 1000) % 60, 2)}.${pad(ms % 1000, 3)}`;
}

/** Text of a cue: markup escaped, no blank line (it would end the cue), no arrow (it would start one). */
function cueText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/\s*\n\s*/g, '\n')
    .trim();
}

/** Captions as a WebVTT file. Source: W3C WebVTT, section 4. */
export function writeVtt(cues: readonly SceneCue[], fps: number): string {
  const blocks = cues.map(
    ({ fromFrame, toFrame, text }) =>
      `${timestamp(fromFrame, fps)} --> ${timestamp(toFrame, fps)}\n${cueText(text)}\n`,
  );
  return `WEBVTT\n\n${blocks.join('\n')}`;
}
