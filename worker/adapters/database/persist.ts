import { setTimeout as sleep } from 'node:timers/promises';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import { failureKind } from './failure-kind.ts';

/** How long and how often an operation is tried again while the database is away. */
export interface Persistence {
  /** How long an operation is tried again while the database is away. */
  readonly patienceMs: number;
  readonly firstPauseMs: number;
  /** Where the database is, without user and password. */
  readonly address: string;
  /**
   * Whether the database answers at all. Asked when an operation has used up its patience, so that a slow
   * operation is not given up. Unset: operations have no limit here.
   */
  readonly answers?: () => Promise<boolean>;
  readonly onRetry: (fields: { readonly attempt: number; readonly kind: string }) => void;
}

const longestPauseMs = 5_000;
const conflictsInARow = 20;

/** Waits for an operation as long as the database answers. @throws BespokeError `postgres-away` */
async function waitWhileAnswering<T>(run: () => Promise<T>, settings: Persistence): Promise<T> {
  const { patienceMs, answers } = settings;
  if (answers === undefined) return run();
  // A new promise: awaiting the query builder's own again would run the query again.
  const operation = (async () => run())();
  operation.catch(() => undefined);
  for (;;) {
    const late = Symbol('late');
    const timer = new AbortController();
    const first = await Promise.race([
      operation,
      sleep(patienceMs, late, { signal: timer.signal }).catch(() => late),
    ]).finally(() => timer.abort());
    if (first !== late) return operation;
    if (!(await answers())) throw silent(settings);
  }
}

const silent = ({ address, patienceMs }: Persistence, cause?: unknown): BespokeError =>
  new BespokeError(
    'postgres-away',
    `PostgreSQL at ${address} did not answer for ${Math.round(patienceMs / 1000)} s.`,
    { cause },
  );

/**
 * Runs an operation, again with growing pauses while its failures are such that time heals them. The
 * operation must bear being repeated after its answer was lost.
 *
 * @throws BespokeError `postgres-away`, `postgres-slow`, `postgres-refused`, `disk-full`; other errors as they
 * are.
 */
export async function persist<T>(operation: () => Promise<T>, settings: Persistence): Promise<T> {
  const deadline = Date.now() + settings.patienceMs;
  let conflicts = 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await waitWhileAnswering(operation, settings);
    } catch (error) {
      if (error instanceof BespokeError) throw error;
      const kind = failureKind(error);
      if (kind === 'other') throw error;
      if (kind === 'slow') {
        throw new BespokeError(
          'postgres-slow',
          `PostgreSQL at ${settings.address} answers, but took too long for one statement.`,
          { cause: error },
        );
      }
      if (kind === 'disk-full') {
        throw new BespokeError('disk-full', `The database at ${settings.address} has no space left.`, {
          cause: error,
        });
      }
      if (kind === 'refused') {
        throw new BespokeError('postgres-refused', `PostgreSQL at ${settings.address} refuses this user.`, {
          cause: error,
        });
      }
      if (kind === 'conflict' && ++conflicts > conflictsInARow) throw error;
      const pauseMs = Math.min(settings.firstPauseMs * 2 ** Math.min(attempt - 1, 10), longestPauseMs);
      if (kind === 'away' && Date.now() + pauseMs > deadline) {
        throw silent(settings, error);
      }
      settings.onRetry({ attempt, kind });
      await sleep(pauseMs * (0.5 + Math.random() / 2));
    }
  }
}
