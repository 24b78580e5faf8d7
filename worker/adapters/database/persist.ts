import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import { errors } from '../../../errors/messages.ts';
import { findCertificateTrouble } from '../tls-failure.ts';

/** What a failed statement means for the next step. */
export type FailureKind = 'away' | 'refused' | 'conflict' | 'disk-full' | 'slow' | 'other';

const connectionCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  '53300', // too many connections
  '57P01', // shut down by an administrator
  '57P02', // crashed
  '57P03', // starting up
  '57P05', // idle session ended
  '25006', // the server is a standby now; the address may soon lead to another server
]);

const refusedCodes: ReadonlySet<string> = new Set(['3D000', '42501']);
const conflictCodes: ReadonlySet<string> = new Set(['40001', '40P01', '55P03']);
const connectionMessage = /Connection terminated|timeout exceeded when trying to connect|Query read timeout/i;
const refusedMessage = /does not support SSL|no encryption|SASL|password must be a string/i;

function kindOf(error: Error): FailureKind {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (connectionCodes.has(code) || code.startsWith('08')) return 'away';
  if (conflictCodes.has(code)) return 'conflict';
  if (findCertificateTrouble(error) !== undefined) return 'refused';
  // The server ended a statement that passed its time limit.
  if (code === '57014') return 'slow';
  if (code === '53100' || code === 'ENOSPC') return 'disk-full';
  if (refusedCodes.has(code) || code.startsWith('28')) return 'refused';
  if (connectionMessage.test(error.message)) return 'away';
  if (refusedMessage.test(error.message)) return 'refused';
  return 'other';
}

/** Looks through the causes of an error, since drivers and query builders wrap theirs. */
function failureKind(error: unknown): FailureKind {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    const kind = kindOf(each);
    if (kind !== 'other') return kind;
    if (each instanceof AggregateError && each.errors.length > 0) return failureKind(each.errors[0]);
  }
  return 'other';
}

/**
 * What the statement of a failed query does, and to which table or by which function; `undefined` where no query is
 * known. Statements hold placeholders in place of values, so nothing in them is about a person.
 */
function statementOf(error: unknown): string | undefined {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if (!('query' in each) || typeof each.query !== 'string') continue;
    const verb = /\b(?:select|insert|update|delete)\b/i.exec(each.query)?.[0].toLowerCase();
    const name = /"?bespoke"?\."?(\w+)/.exec(each.query)?.[1];
    return verb && name && `${verb} ${name}`;
  }
  return undefined;
}

/** How long and how often an operation is retried while the database does not answer. */
export interface Persistence {
  /** How long an operation is retried while the database does not answer. */
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
  errors.postgresSilent(
    { address, seconds: Math.round(patienceMs / 1000), why: lastWords(cause) },
    { cause },
  );

/** What the server or its pooler said about a connection that it ended or refused. It is about no record. */
function lastWords(error: unknown): string | undefined {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    const code = 'code' in each && typeof each.code === 'string' ? each.code : '';
    if (!connectionCodes.has(code) && !code.startsWith('08')) continue;
    return each instanceof DatabaseError ? each.message : code;
  }
  return undefined;
}

const refused = ({ address }: Persistence, cause: unknown): BespokeError => {
  const certificate = findCertificateTrouble(cause);
  return certificate === undefined
    ? errors.postgresRefused({ address }, { cause })
    : errors.postgresCertificate({ address, ...certificate }, { cause });
};

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
        throw errors.postgresSlow(
          { address: settings.address, statement: statementOf(error) },
          { cause: error },
        );
      }
      if (kind === 'disk-full') {
        throw errors.postgresFull({ address: settings.address }, { cause: error });
      }
      if (kind === 'refused') throw refused(settings, error);
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
