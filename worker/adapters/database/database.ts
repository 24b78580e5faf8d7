import type { SQL } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { z } from 'zod';

/** Drizzle over either driver, or within a transaction of one. */
export type Database = PgDatabase<PgQueryResultHKT>;

/** What both drivers answer a raw statement with. */
const resultSchema = z.object({ rows: z.array(z.unknown()) });

/** Runs a raw statement and reads its rows. */
export async function query<T>(database: Database, row: z.ZodType<T>, statement: SQL): Promise<readonly T[]> {
  const { rows } = resultSchema.parse(await database.execute(statement));
  return z.array(row).parse(rows);
}

/** Access to a database, whichever driver is under it. */
export interface DatabaseAccess {
  readonly database: Database;
  /** Runs within one transaction, which takes place when `run` resolves and never happened otherwise. */
  readonly transaction: <T>(run: (tx: Database) => Promise<T>) => Promise<T>;
  /** Runs an operation, again while the database is away or two transactions got in each other's way. */
  readonly persist: <T>(operation: () => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

/** An open database. */
export interface DatabaseConnection extends DatabaseAccess {
  /**
   * The same for requests: operations fail within five seconds when the database does not answer. Jobs retry for
   * much longer.
   */
  readonly forRequests: DatabaseAccess;
}
