import { createHash } from 'node:crypto';

const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

/** Between attempts: about a day in all. */
const pausesMs = [
  5 * seconds,
  30 * seconds,
  2 * minutes,
  10 * minutes,
  1 * hours,
  3 * hours,
  6 * hours,
  12 * hours,
] as const;
const longestMs = 12 * hours;
/** Of a pause, added or taken away: a target that was away does not get everything in one moment. */
const jitter = 0.1;

/** From 0 to 1: different for each attempt, always the same for one attempt. */
function spread(delivery: string, attempts: number): number {
  return createHash('sha256').update(`${delivery} ${attempts}`).digest().readUInt32BE() / 2 ** 32;
}

/** Reads `Retry-After`: seconds, or the date of HTTP. */
function askedPauseMs(retryAfter: string | undefined, now: Date): number {
  if (retryAfter === undefined) return 0;
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * seconds : Date.parse(retryAfter) - now.getTime();
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), longestMs);
}

/**
 * When to try a webhook again.
 *
 * @param attempts how many were made, at least one.
 * @param retryAfter what the receiver asks for, which can make a pause longer, up to 12 hours.
 * @returns `undefined` when it is to be given up.
 */
export function nextAttemptAt(
  delivery: string,
  attempts: number,
  now: Date,
  retryAfter: string | undefined,
): Date | undefined {
  const pauseMs = pausesMs[attempts - 1];
  if (pauseMs === undefined) return undefined;
  const varied = pauseMs * (1 - jitter + 2 * jitter * spread(delivery, attempts));
  return new Date(now.getTime() + Math.round(Math.max(varied, askedPauseMs(retryAfter, now))));
}
