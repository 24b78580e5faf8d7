import { EventEmitter } from 'node:events';
import type { PGlite } from '@electric-sql/pglite';
import type { PgPool, PgPoolClient, PgQueryResult } from 'bullmq';

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
export class PglitePool extends EventEmitter implements PgPool {
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
