import { countOf, formatCount, formatEstimate } from '../terminal/quantities.ts';
import type { Reading } from './campaign-meter.ts';

/** `18 of 40 rows · 2 failed`. */
export function describeRows({ rows }: Reading): string {
  const { total, ended, failed, skipped } = rows;
  const parts = [`${formatCount(ended)} of ${countOf(total, 'row')}`];
  if (failed > 0) parts.push(`${formatCount(failed)} failed`);
  if (skipped > 0) parts.push(`${formatCount(skipped)} skipped`);
  return parts.join(' · ');
}

/** `61 clips rendered, 140 reused`. */
export function describeClips({ clips }: Pick<Reading, 'clips'>): string {
  return `${countOf(clips.rendered, 'clip')} rendered, ${formatCount(clips.reused)} reused`;
}

function describeSpeed(framesPerSecond: number): string {
  return `${framesPerSecond < 10 ? framesPerSecond.toFixed(1) : Math.round(framesPerSecond)} frames/s`;
}

/** Speed and time left as far as they are known; nothing is guessed before a clip was finished. */
export function describePace(reading: Reading): string {
  const { framesPerSecond, secondsLeft, rows, planned, assembling } = reading;
  if (rows.ended === rows.total) return 'finishing';
  if (assembling) return 'putting the last videos together';
  if (framesPerSecond === undefined || secondsLeft === undefined) return 'measuring the speed';
  const left = formatEstimate(secondsLeft);
  const bound = secondsLeft < 5 ? left : planned ? `about ${left}` : `more than ${left}`;
  return `${describeSpeed(framesPerSecond)} · ${bound} left`;
}
