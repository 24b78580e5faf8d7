import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Client, DatabaseError, Pool, type ClientBase } from 'pg';
import { z } from 'zod';
import { errors } from '../../../errors/messages.ts';
import type { Log } from '../../core/ports.ts';
import {
  applyMigrations,
  query,
  type Database,
  type DatabaseAccess,
  type DatabaseConnection,
} from './database.ts';
import { withinTime } from '../../core/within-time.ts';
import { persist, type Persistence } from './persist.ts';

/** Where PostgreSQL is, and how patient to be with it. Times in milliseconds. */
export interface PostgresOptions {
  /** `postgres://` or `postgresql://`, with user, password, database and `sslmode` as need be. */
  readonly url: string;
  readonly log: Log;
  /** How long to wait for PostgreSQL to answer at the start. */
  readonly startupMs?: number;
  /** How long operations are retried while PostgreSQL does not answer later. */
  readonly patienceMs?: number;
  readonly connections?: number;
  /** How long one statement may take, except while tables are made. */
  readonly statementMs?: number;
}

/** How long requests wait for PostgreSQL. With the probe that follows, it is four seconds. */
const requestPatienceMs = 2_500;
const probeMs = 1_500;

const connectMs = 5_000;

/** The server ends a statement that takes too long. If there is no answer this much later, the connection is dead. */
const unansweredAfterMs = 5_000;

/** The process of a session, as whoever accepted the connection named it: PostgreSQL, or a pooler in front of it. */
const processOf = (client: ClientBase): number | null =>
  'processID' in client && typeof client.processID === 'number' ? client.processID : null;

/**
 * Limits the statements of a session that is ours alone. A pooler such as PgBouncer lends sessions to one transaction
 * after another, so what is set in one would hold for others and not for us; it also refuses sessions that start with
 * settings that it does not know.
 */
const limitStatements = (client: ClientBase, ms: number): unknown =>
  client.query(`select set_config('statement_timeout', $1, false) where pg_backend_pid() = $2`, [
    String(ms),
    processOf(client),
  ]);

/** Any number, but the same for all who migrate: of several that start at once, one does. */
const migrationLock = 4_213_077_121;

/** Host, port and database, never the password. */
function addressOf(url: string): string {
  if (!URL.canParse(url)) {
    throw errors.postgresUrlInvalid();
  }
  const { hostname, port, pathname } = new URL(url);
  return `${hostname || 'localhost'}:${port === '' ? '5432' : port}${pathname}`;
}

/**
 * The URL for the driver, which takes three other modes for `verify-full` and warns of it each time.
 *
 * @throws BespokeError `postgres-refused` for a certificate file that cannot be read.
 */
function connectionStringOf(url: string): string {
  const connectionString = url.includes('uselibpqcompat=true')
    ? url
    : url.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, '$1verify-full');
  try {
    new Client({ connectionString });
  } catch (error) {
    if (!(error instanceof Error) || !('path' in error) || !('code' in error)) throw error;
    const { path, code } = error;
    throw errors.postgresCertificateFile({ file: String(path), why: String(code) }, { cause: error });
  }
  return connectionString;
}

/**
 * Makes the tables on a connection of its own without time limits: to change a large table takes long, and so
 * does waiting for another process that does it.
 */
async function migrateOnce(client: Client): Promise<void> {
  try {
    await client.connect();
    await drizzle({ client }).transaction(async (tx) => {
      await tx.execute(sql`set local statement_timeout = 0`);
      await tx.execute(sql`select pg_advisory_xact_lock(${migrationLock})`);
      await applyMigrations(tx);
    });
  } finally {
    await client.end();
  }
}

/**
 * Takes the connection itself, since Drizzle never returns one whose `begin` fails: a few restarts of PostgreSQL
 * would use up the pool. A connection that saw a failure is not used again.
 */
async function runTransaction<T>(pool: Pool, run: (tx: Database) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failed = true;
  try {
    const result = await drizzle({ client }).transaction(run);
    failed = false;
    return result;
  } finally {
    client.release(failed);
  }
}

/**
 * Asks on a separate connection whether PostgreSQL answers. Callers that ask at the same time share one
 * probe. An error from the server or its pooler, for example that it is busy, is an answer too.
 *
 * @param onSilence is called once for each probe that was not answered.
 */
function createProbe(
  url: string,
  note: (error: Error) => void,
  onSilence: () => void,
): () => Promise<boolean> {
  async function ask(): Promise<void> {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: probeMs });
    client.on('error', note);
    try {
      await client.connect();
      await client.query('select 1');
    } finally {
      // A silent server would not answer the closing message either.
      client.end().catch(note);
    }
  }
  let asking: Promise<boolean> | undefined;
  return () => {
    asking ??= withinTime(ask(), probeMs, () => new Error('PostgreSQL is silent.'))
      .then(
        () => true,
        (error: unknown) => {
          if (error instanceof DatabaseError) return true;
          onSilence();
          return false;
        },
      )
      .finally(() => {
        asking = undefined;
      });
    return asking;
  };
}

/**
 * The tables on PostgreSQL. Once connected it outlives PostgreSQL being away for a while:
 * operations are tried again.
 *
 * @throws BespokeError `postgres-away`, `postgres-refused`, `database-newer`, `database-older`.
 */
export async function connectPostgresTables(options: PostgresOptions): Promise<DatabaseConnection> {
  const { log, startupMs = 10_000, patienceMs = 90_000 } = options;
  const { connections = 8, statementMs = 60_000 } = options;
  const address = addressOf(options.url);
  const url = connectionStringOf(options.url);
  const settings: Persistence = {
    patienceMs,
    firstPauseMs: 100,
    address,
    onRetry: (fields) =>
      log.warn('a statement is sent to PostgreSQL again', { ...fields, postgres: address }),
  };
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: connectMs,
    query_timeout: statementMs + unansweredAfterMs,
    onConnect: (client) => limitStatements(client, statementMs),
    keepAlive: true,
    application_name: 'bespoke',
  });
  const note = (error: Error): void => log.debug('PostgreSQL connection', { error: error.message });
  pool.on('error', note);
  // The pool listens to idle connections only; one that breaks while it is lent out and between two
  // queries of a transaction would end the process.
  pool.on('connect', (client) => client.on('error', note));
  const inUse = new Set<ClientBase>();
  pool.on('acquire', (client) => inUse.add(client));
  pool.on('release', (_error, client) => inUse.delete(client));
  /** Connections that were open while the server was silent may never be answered, even when it is back. */
  function endAll(): void {
    for (const client of inUse) if (client instanceof Client) client.end().catch(note);
    // Each on its own: where others take the idle ones first, the pool opens new ones, which may fail.
    for (let left = pool.idleCount; left > 0; left -= 1) {
      pool.connect().then((client) => client.release(true), note);
    }
  }
  const answers = createProbe(url, note, endAll);
  async function makeTables(): Promise<void> {
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: connectMs,
      keepAlive: true,
      application_name: 'bespoke',
    });
    client.on('error', note);
    inUse.add(client);
    await migrateOnce(client).finally(() => inUse.delete(client));
  }
  try {
    await persist(makeTables, { ...settings, patienceMs: startupMs, answers });
  } catch (error) {
    await pool.end();
    throw error;
  }
  const accessWith = (patience: Persistence): DatabaseAccess => ({
    database: drizzle({ client: pool }),
    transaction: (run) => runTransaction(pool, run),
    persist: (operation) => persist(operation, patience),
    close: () => pool.end(),
  });
  return {
    ...accessWith(settings),
    forRequests: accessWith({ ...settings, patienceMs: requestPatienceMs, answers }),
  };
}

/** What is between us and PostgreSQL, and what limits statements there. */
export interface PostgresSession {
  /** Whether a connection pooler answers in PostgreSQL's place. */
  readonly pooled: boolean;
  /** How long one statement may take by the server's own settings; 0 is no limit. */
  readonly statementMs: number;
}

const sessionRow = z.object({ own: z.boolean(), limit: z.coerce.number() });

/** Looks at a session of PostgreSQL, for `bespoke doctor`. */
export async function lookAtSession(url: string): Promise<PostgresSession> {
  const client = new Client({
    connectionString: connectionStringOf(url),
    connectionTimeoutMillis: connectMs,
    query_timeout: connectMs,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const [row] = await query(
      drizzle({ client }),
      sessionRow,
      sql`select pg_backend_pid() = ${processOf(client)}::int as own, setting as limit
          from pg_settings where name = 'statement_timeout'`,
    );
    return { pooled: row?.own !== true, statementMs: row?.limit ?? 0 };
  } finally {
    await client.end();
  }
}
