import { fileURLToPath } from 'node:url';
import { sql, type SQL } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import { errors } from '../../../errors/messages.ts';

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
  /** Runs an operation, and retries it while the database does not answer or after a conflict of transactions. */
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

/**
 * Many values as one parameter, to be taken apart by `jsonb_to_recordset`. What PostgreSQL's text
 * cannot hold is left out (NUL) or replaced (lone surrogates).
 */
export function jsonRows(rows: readonly unknown[]): SQL {
  const text = JSON.stringify(rows).replaceAll(/\\\\|\\u0000|\\ud[89a-f][0-9a-f]{2}/g, (escape) =>
    escape === '\\\\' ? escape : escape === '\\u0000' ? '' : '\ufffd',
  );
  return sql`${text}::jsonb`;
}

/**
 * A list of texts for `= any`, whatever its length. As an array they are looked up in an index one by one;
 * of a subquery the planner believes that it holds a hundred, and reads small tables from end to end.
 */
export function textArray(texts: Iterable<string>): SQL {
  return sql`(array(select jsonb_array_elements_text(${jsonRows([...texts])})))`;
}

/** Where a page ends, for the next to continue from: a line's number. */
export function toCursor(page: readonly { readonly number: number }[], limit: number): string | undefined {
  const last = page.at(-1);
  return page.length < limit || last === undefined ? undefined : String(last.number);
}

/**
 * Reads a cursor that `toCursor` gave.
 *
 * @throws BespokeError `request-invalid` when it is invalid.
 */
export function fromCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  if (!/^\d{1,15}$/.test(cursor)) {
    throw errors.cursorInvalid();
  }
  return Number(cursor);
}

/** Where migrations are, and where a database remembers which of them it has. */
const migrations = {
  migrationsFolder: fileURLToPath(new URL('./migrations', import.meta.url)),
  migrationsSchema: 'bespoke_migrations',
  migrationsTable: 'applied',
} as const;

const table = sql`${sql.identifier(migrations.migrationsSchema)}.${sql.identifier(migrations.migrationsTable)}`;
const presentRow = z.object({ present: z.boolean() });
const appliedRow = z.object({ hash: z.string(), at: z.coerce.number() });

/**
 * Refuses a database whose tables were made by another version, before anything in it is changed.
 *
 * @throws BespokeError `database-newer`, `database-older` when it holds a migration that is not known here.
 */
async function refuseOthers(database: Database): Promise<void> {
  const [found] = await query(
    database,
    presentRow,
    sql`select to_regclass(${`${migrations.migrationsSchema}.${migrations.migrationsTable}`}) is not null as present`,
  );
  if (found?.present !== true) return;
  const known = readMigrationFiles(migrations);
  const newest = Math.max(...known.map(({ folderMillis }) => folderMillis));
  const hashes = new Set(known.map(({ hash }) => hash));
  const applied = await query(database, appliedRow, sql`select hash, created_at::float8 as at from ${table}`);
  const others = applied.filter(({ hash }) => !hashes.has(hash));
  if (others.length === 0) return;
  throw others.some(({ at }) => at > newest) ? errors.databaseNewer() : errors.databaseOlder();
}

/**
 * Applies the migrations that a database lacks, and records them where Drizzle's own migrator would. That one opens a
 * transaction itself, so the lock that keeps others from doing the same would have to be one of the session, and behind
 * a connection pooler sessions are shared.
 *
 * @param tx a transaction in which nobody else migrates.
 * @throws BespokeError `database-newer`, `database-older`.
 */
export async function applyMigrations(tx: Database): Promise<void> {
  await refuseOthers(tx);
  await tx.execute(sql`create schema if not exists ${sql.identifier(migrations.migrationsSchema)}`);
  await tx.execute(
    sql`create table if not exists ${table} (id serial primary key, hash text not null, created_at bigint)`,
  );
  const applied = await query(tx, appliedRow, sql`select hash, created_at::float8 as at from ${table}`);
  const known = new Set(applied.map(({ hash }) => hash));
  for (const { sql: statements, hash, folderMillis } of readMigrationFiles(migrations)) {
    if (known.has(hash)) continue;
    for (const statement of statements) await tx.execute(sql.raw(statement));
    await tx.execute(sql`insert into ${table} (hash, created_at) values (${hash}, ${folderMillis})`);
  }
}
