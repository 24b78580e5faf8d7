import { PGlite } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { z } from 'zod';
import { storageError } from '../store/storage-error.ts';
import { query, type Database, type DatabaseAccess, type DatabaseConnection } from './database.ts';
import { migrations, refuseNewer } from './migrate.ts';
import { persist } from './persist.ts';

/**
 * Opens the embedded database. It serves one process, and excludes no other by itself: own the
 * workspace first. It runs without fsync: it outlives its process, not the machine's power.
 *
 * @throws BespokeError `directory-not-writable`, `disk-full`.
 */
export async function openPglite(folder: string): Promise<PGlite> {
  try {
    return await PGlite.create({ dataDir: folder, relaxedDurability: false });
  } catch (error) {
    throw storageError(error, folder);
  }
}

/** From this size on, tidying costs less than it saves. */
const tidyFromBytes = 32 * 1024 * 1024;
const sizeRow = z.object({ tables: z.string().nullable(), bytes: z.coerce.number() });

/** PGlite has no autovacuum: rows that were changed or deleted stay until somebody clears them away. */
async function tidy(client: PGlite, database: Database): Promise<void> {
  const [size] = await query(
    database,
    sizeRow,
    sql`select string_agg(relid::regclass::text, ', ') as tables,
          coalesce(sum(pg_total_relation_size(relid)), 0)::float8 as bytes
        from pg_stat_user_tables where schemaname in ('bespoke', 'bullmq')`,
  );
  if (size?.tables && size.bytes > tidyFromBytes) await client.exec(`vacuum (analyze) ${size.tables}`);
}

/**
 * The ledger's tables on PGlite. The queue may live in the same PGlite; whoever opened it closes it.
 *
 * @throws BespokeError `database-newer`.
 */
export async function connectPgliteTables(client: PGlite): Promise<DatabaseConnection> {
  const database = drizzle({ client });
  await migrate(database, migrations);
  await refuseNewer(database);
  await tidy(client, database);
  const access: DatabaseAccess = {
    database,
    transaction: (run) => database.transaction(run),
    persist: (operation) =>
      persist(operation, {
        patienceMs: 0,
        firstPauseMs: 10,
        address: 'the workspace',
        onRetry: () => undefined,
      }),
    close: () => Promise.resolve(),
  };
  return { ...access, forRequests: access };
}
