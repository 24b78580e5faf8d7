import { BespokeError } from '../../../errors/bespoke-error.ts';
import { errors } from '../../../errors/messages.ts';
import type { ErrorCode } from '../../../errors/catalogue.ts';
import type { Pipeline } from '../pipeline.ts';
import type { JobAttempt, JobName } from '../ports.ts';
import type { JobWatch, JobWork } from './job-watch.ts';
import { traceOf } from './trace-of.ts';

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
