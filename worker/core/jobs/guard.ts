import { BespokeError } from '../../../errors/bespoke-error.ts';
import { errors } from '../../../errors/messages.ts';
import type { ErrorCode } from '../../../errors/catalogue.ts';
import type { Pipeline } from '../pipeline.ts';
import type { JobAttempt, JobName } from '../ports.ts';
import { withTimeLimit } from '../within-time.ts';

const minuteMs = 60_000;

/** How long a job of each kind may take in milliseconds; of a long one, each of its pieces. */
export type JobLimits = Readonly<Record<JobName, number>>;

/**
 * Time limits of jobs. They are longer than the limits of everything within a job, so they only end a job that
 * would otherwise never end.
 *
 * @param clipTimeoutMs what drawing one clip may take.
 */
export function jobLimits(clipTimeoutMs: number): JobLimits {
  return {
    'render-clip': clipTimeoutMs + 5 * minuteMs,
    'assemble-video': 15 * minuteMs,
    'take-pictures': 15 * minuteMs,
    // Its pictures may have to be fetched, and the first one waits for a browser.
    'draw-still': 5 * minuteMs,
    'plan-render': 5 * minuteMs,
    // For 500 rows: their pictures, eight at a time, may take ten seconds each.
    'plan-campaign': 30 * minuteMs,
    // What differs is drawn three times; then each row that is planned again is a piece of its own.
    'prove-cut': 3 * clipTimeoutMs + 5 * minuteMs,
    'deliver-webhook': 5 * minuteMs,
  };
}

/** A job's work. It calls `renew` when a piece of it is done and the next one begins. */
export type JobWork = (signal: AbortSignal, renew: () => void) => Promise<void>;

/** Keeps the jobs of one process within their time limits. */
export interface JobWatch {
  /**
   * Does a job. When its time is up its signal fires and the job ends with `job-timed-out`, so that its
   * place is free for others, even if the work continues.
   */
  readonly run: (name: JobName, signal: AbortSignal, work: JobWork) => Promise<void>;
  /** Kinds of jobs whose work continues although its time was up, and how many of each. */
  readonly overdue: () => ReadonlyMap<JobName, number>;
}

/** Makes what keeps the jobs of one process within their limits, and counts those that are not. */
export function createJobWatch(
  limits: JobLimits,
  { metrics, log }: Pick<Pipeline, 'metrics' | 'log'>,
): JobWatch {
  const overdue = new Map<JobName, number>();

  function count(name: JobName, change: 1 | -1): void {
    const jobs = (overdue.get(name) ?? 0) + change;
    if (jobs === 0) overdue.delete(name);
    else overdue.set(name, jobs);
    metrics.jobsOverdue(name, jobs);
  }

  return {
    run: (name, signal, work) => {
      const ms = limits[name];
      let expired = false;
      const late = (): BespokeError => {
        expired = true;
        count(name, 1);
        metrics.jobTimedOut(name);
        log.warn('job was not done in time', { kind: name, seconds: ms / 1000 });
        return errors.jobTimedOut({ seconds: ms / 1000 });
      };
      return withTimeLimit({ ms, signal, late }, async (limited, renew) => {
        try {
          await work(limited, renew);
        } finally {
          if (expired) count(name, -1);
        }
      });
    },
    overdue: () => overdue,
  };
}

/** Causes beyond this many are of no help. */
const mostErrors = 5;

/**
 * What kind of error it was, what caused it, and where they arose, for the log: names and codes on one
 * line, then stack frames. Messages are left out, since those of drivers and scenes quote the values
 * that they failed on.
 */
export function traceOf(error: unknown): string {
  const kinds: string[] = [];
  const frames: string[] = [];
  let each: unknown = error;
  while (each instanceof Error && kinds.length < mostErrors) {
    const { name, message, stack = '' } = each;
    kinds.push('code' in each && typeof each.code === 'string' ? `${name} ${each.code}` : name);
    const lines = stack.replace(message, '').split('\n');
    frames.push(...lines.filter((line) => /^\s+at /.test(line)));
    each = each.cause;
  }
  return kinds.length === 0 ? `a thrown ${typeof error}` : [kinds.join(', caused by '), ...frames].join('\n');
}

/** Does a job, and records its failure where no further attempt follows. */
export type Guard = (
  attempt: JobAttempt,
  /** What the job is about, for the log. */
  ids: Readonly<Record<string, string>>,
  run: JobWork,
  fail: (code: ErrorCode, message: string) => Promise<void>,
) => Promise<void>;

/** Tries that a job is given although its workers vanish: it may be what kills them. */
const mostAttempts = 10;

/** Failures of the place we run in, not of the job: the job stays queued and the worker stops. */
const fatalCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'disk-full',
  'directory-not-writable',
  'browser-missing',
  'store-refused',
]);

/** Engines that are unavailable or slow for a while: the job is still to be done, and is queued again later. */
const awayCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'postgres-away',
  'postgres-slow',
  'redis-away',
  'redis-refuses-writes',
  'store-away',
]);

const isOneOf = (error: unknown, codes: ReadonlySet<ErrorCode>): error is BespokeError =>
  error instanceof BespokeError && codes.has(error.code);

/** Failures that cost minutes each time. After two in a row, a third attempt would most likely fail as well. */
const finalWhenRepeated: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['clip-timeout']);

/** Whether a further attempt follows one that failed with this error. */
export function isTriedAgain(error: unknown, { last, previousCode }: JobAttempt): boolean {
  if (last) return false;
  if (!(error instanceof BespokeError)) return true;
  return error.retryable && !(finalWhenRepeated.has(error.code) && error.code === previousCode);
}

interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
}

function failureOf(error: unknown): Failure {
  if (error instanceof BespokeError) return error;
  return errors.unexpected();
}

/**
 * What jobs have in common. Each is kept within the time limit of its kind. A failure is recorded when no
 * further attempt follows; the error is thrown on either way, since the queue decides about attempts.
 *
 * @param halt is called with failures of the machine (disk full, no browser) that no job survives.
 */
export function createGuard(
  name: JobName,
  { log }: Pick<Pipeline, 'log'>,
  watch: Pick<JobWatch, 'run'>,
  halt: (error: BespokeError) => void,
): Guard {
  return async (attempt, ids, run, fail) => {
    if (attempt.number > mostAttempts) {
      const { code, message } = errors.workerDied({ times: mostAttempts });
      await fail(code, message);
      return;
    }
    try {
      await watch.run(name, attempt.signal, run);
    } catch (error) {
      if (attempt.signal.aborted) throw error;
      if (isOneOf(error, fatalCodes)) {
        halt(error);
        // Not as itself: the queue ends jobs whose error no retry can help, and this one is not the job's.
        throw new Error(`This worker cannot continue: ${error.code}`, { cause: error });
      }
      const { code, message } = failureOf(error);
      log.warn('job failed', { ...ids, code, attempt: attempt.number, trace: traceOf(error) });
      if (!isTriedAgain(error, attempt) && !isOneOf(error, awayCodes)) await fail(code, message);
      throw error;
    }
  };
}
