/** From a moment up to another one, in whatever unit. */
export type Span = readonly [start: number, end: number];

/** How a sound begins and ends; times are in one unit. */
export interface Fades {
  readonly length: number;
  readonly fadeIn: number;
  readonly fadeOut: number;
}

/** What fades leave of a sound at a moment, from 0 to 1. */
export function fadeAt(at: number, { length, fadeIn, fadeOut }: Fades): number {
  const come = fadeIn === 0 ? 1 : at / fadeIn;
  const go = fadeOut === 0 ? 1 : (length - at) / fadeOut;
  return Math.max(0, Math.min(1, come, go));
}

/** Seconds that music takes to be lowered before a voice speaks, and to come back after it. */
const rampSeconds = 0.25;
/** In shorter pauses, in seconds, music stays low. */
const pauseSeconds = 1;

/** Spans in order, those with short pauses between them as one. */
function mergeSpans(spans: readonly Span[], pause: number): readonly Span[] {
  const merged: [number, number][] = [];
  for (const [start, end] of spans.toSorted(([one], [other]) => one - other)) {
    const last = merged.at(-1);
    if (last !== undefined && start - last[1] < pause) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

/**
 * What is left of music at a moment, from 0 to 1. Moments that rise are found at once.
 *
 * @param speech when voices speak.
 * @param low what is left while one speaks.
 * @param perSecond of the unit of times.
 */
export function createMusicLevel(
  speech: readonly Span[],
  low: number,
  perSecond: number,
): (at: number) => number {
  const ramp = rampSeconds * perSecond;
  const spans = mergeSpans(speech, pauseSeconds * perSecond);
  let next = 0;
  return (at) => {
    const before = spans[next - 1];
    if (before !== undefined && at <= before[1] + ramp) next = 0;
    while ((spans[next]?.[1] ?? Infinity) + ramp < at) next += 1;
    const [start, end] = spans[next] ?? [Infinity, Infinity];
    const away = Math.max(start - at, at - end, 0);
    return low + (1 - low) * Math.min(1, away / ramp);
  };
}

/** When music is low or on its way there, for players that fade it themselves. Times are as in `createMusicLevel`. */
export const lowSpans = (speech: readonly Span[], perSecond: number): readonly Span[] =>
  mergeSpans(speech, pauseSeconds * perSecond).map(([start, end]) => [
    Math.max(0, Math.round(start - rampSeconds * perSecond)),
    end,
  ]);
