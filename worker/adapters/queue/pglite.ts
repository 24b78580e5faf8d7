import { EventEmitter } from 'node:events';
import type { PGlite } from '@electric-sql/pglite';
import {
  createPostgresBackend,
  type PgPool,
  type PgPoolClient,
  type PgQueryResult,
  runMigrations,
  withBackend,
} from 'bullmq';
import { errors } from '../../../errors/messages.ts';
import { type BullmqEngine, fewEvents } from './bullmq-engine.ts';

type Unlisten = () => Promise<void>;

/** BullMQ's statements start with comments. */
const listenStatement = /^(?:\s*--[^\n]*\n)*\s*LISTEN\s+"?(\w+)"?\s*;?\s*$/i;

/** A session in the shape of node-postgres. All sessions share the one connection of PGlite. */
class PgliteClient extends EventEmitter implements PgPoolClient {
  readonly #database: PGlite;
  #listening: Unlisten[] = [];

  constructor(database: PGlite) {
    super();
    this.#database = database;
  }

  async query<R>(text: string, params?: readonly unknown[]): Promise<PgQueryResult<R>> {
    const channel = listenStatement.exec(text)?.[1];
    if (channel !== undefined) {
      const unlisten = await this.#database.listen(channel, (payload) =>
        this.emit('notification', { channel, payload }),
      );
      this.#listening.push(() => unlisten());
      return { rows: [], rowCount: 0 };
    }
    if (params === undefined || params.length === 0) {
      const last = (await this.#database.exec(text)).at(-1);
      const rows = (last?.rows ?? []) as R[];
      return { rows, rowCount: last?.affectedRows ?? rows.length };
    }
    const { rows, affectedRows } = await this.#database.query<R>(text, [...params]);
    return { rows, rowCount: affectedRows ?? rows.length };
  }

  release(): void {
    const listening = this.#listening;
    this.#listening = [];
    for (const unlisten of listening) unlisten().catch(() => undefined);
  }
}

/**
 * A `pg.Pool` in the shape that BullMQ's PostgreSQL backend uses, over one PGlite in this process. PGlite runs one
 * statement or transaction at a time, so no statement of BullMQ runs inside another transaction. Ending the pool
 * leaves PGlite open; the code that opened it closes it.
 */
class PglitePool extends EventEmitter implements PgPool {
  /** No connection can be lost silently, so waiting may be long. */
  readonly options = { keepAlive: true };
  readonly #database: PGlite;

  constructor(database: PGlite) {
    super();
    this.#database = database;
  }

  connect(): Promise<PgPoolClient> {
    return Promise.resolve(new PgliteClient(this.#database));
  }

  query<R>(text: string, params?: readonly unknown[]): Promise<PgQueryResult<R>> {
    return new PgliteClient(this.#database).query<R>(text, params);
  }

  end(): Promise<void> {
    return Promise.resolve();
  }
}

const schema = 'bullmq';

/**
 * BullMQ's PostgreSQL backend on PGlite. It sets the search path of the database's only session, so all other tables
 * must be named with their schema. Call it before anything else uses the database, because migrations are sent as
 * single statements.
 */
export async function connectPglite(database: PGlite): Promise<BullmqEngine> {
  await database.exec(`create schema if not exists ${schema}; set search_path to ${schema}`);
  await runMigrations(await new PglitePool(database).connect(), schema);
  const { Queue, Worker } = withBackend(createPostgresBackend);
  return {
    openQueue: (name) => new Queue(name, { connection: new PglitePool(database), streams: fewEvents }),
    openWorker: (name, process, options) =>
      new Worker(name, process, { ...options, connection: new PglitePool(database) }),
    away: (doing) => errors.embeddedQueueSilent({ doing }),
    probe: async () => {
      // The deployment's probe writes to the same database.
      await database.query('select 1');
    },
    explain: (error) => error,
    close: () => Promise.resolve(),
  };
}
