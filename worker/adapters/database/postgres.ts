import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Client, Pool, type ClientBase, type PoolClient } from 'pg';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import type { Log } from '../../core/ports.ts';
import type { Database, DatabaseAccess, DatabaseConnection } from './database.ts';
import { withinTime } from '../../core/within-time.ts';
import { migrations, refuseOthers } from './migrate.ts';
import { persist, type Persistence } from './persist.ts';

/** Where PostgreSQL is, and how patient to be with it. Times in milliseconds. */
export interface PostgresOptions {
  /** `postgres://` or `postgresql://`, with user, password, database and `sslmode` as need be. */
  readonly url: string;
  readonly log: Log;
  /** How long to wait for PostgreSQL to answer at the start. */
  readonly startupMs?: number;
  /** How long operations are tried again while PostgreSQL is away later. */
  readonly patienceMs?: number;
  readonly connections?: number;
}

/** How long requests wait for PostgreSQL. With the probe that follows, it is four seconds. */
const requestPatienceMs = 2_500;
const probeMs = 1_500;

/** The server ends a statement that takes longer. If there is no answer even then, the connection is dead. */
const statementMs = 60_000;
const unansweredMs = statementMs + 5_000;

/** Set within the session: a connection pooler may refuse to start a session with settings that it does not know. */
const limitStatements = (client: ClientBase): unknown =>
  client.query(`set statement_timeout = ${statementMs}`);

/** Any number, but the same for all who migrate: of several that start at once, one does. */
const migrationLock = 4_213_077_121;

/** Host, port and database, never the password. */
function addressOf(url: string): string {
  if (!URL.canParse(url)) {
    throw new BespokeError(
      'postgres-refused',
      'DATABASE_URL is not an address of the form postgres://user@host:5432/database.',
    );
  }
  const { hostname, port, pathname } = new URL(url);
  return `${hostname || 'localhost'}:${port === '' ? '5432' : port}${pathname}`;
}

async function migrateOnce(pool: Pool): Promise<void> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    const database = drizzle({ client });
    await refuseOthers(database);
    await migrate(database, migrations);
    await client.query('select pg_advisory_unlock($1)', [migrationLock]);
  } catch (error) {
    broken = error instanceof Error ? error : new Error('unknown');
    throw error;
  } finally {
    // A session that failed is ended, and its lock with it.
    client.release(broken);
  }
}

/**
 * Drizzle, left to take a connection from the pool by itself, keeps it for good when `begin` fails: a
 * few restarts of PostgreSQL would use up the pool. A connection that saw a failure is not used again.
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
 * probe.
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
        () => {
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
 * The ledger's tables on PostgreSQL. Once connected it outlives PostgreSQL being away for a while:
 * operations are tried again.
 *
 * @throws BespokeError `postgres-away`, `postgres-refused`, `database-newer`, `database-older`.
 */
export async function connectPostgresTables(options: PostgresOptions): Promise<DatabaseConnection> {
  const { url, log, startupMs = 10_000, patienceMs = 90_000, connections = 8 } = options;
  const address = addressOf(url);
  const settings: Persistence = {
    patienceMs,
    firstPauseMs: 100,
    address,
    onRetry: (fields) => log.warn('PostgreSQL is tried again', { ...fields, postgres: address }),
  };
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 5_000,
    query_timeout: unansweredMs,
    onConnect: limitStatements,
    keepAlive: true,
    application_name: 'bespoke',
  });
  const note = (error: Error): void => log.debug('PostgreSQL connection', { error: error.message });
  pool.on('error', note);
  // The pool listens to idle connections only; one that breaks while it is lent out and between two
  // queries of a transaction would end the process.
  pool.on('connect', (client) => client.on('error', note));
  const lent = new Set<PoolClient>();
  pool.on('acquire', (client) => lent.add(client));
  pool.on('release', (_error, client) => lent.delete(client));
  /** Connections that were open while the server was silent may never be answered, even when it is back. */
  async function endAll(): Promise<void> {
    for (const client of lent) if (client instanceof Client) client.end().catch(note);
    const idle = await Promise.all(Array.from({ length: pool.idleCount }, () => pool.connect()));
    for (const client of idle) client.release(true);
  }
  const answers = createProbe(url, note, () => void endAll().catch(note));
  try {
    await persist(() => migrateOnce(pool), { ...settings, patienceMs: startupMs });
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
