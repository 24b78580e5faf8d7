import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { storageError } from '../store/storage-error.ts';
import type { DatabaseConnection } from './database.ts';
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

/**
 * The ledger's tables on PGlite. The queue may live in the same PGlite; whoever opened it closes it.
 *
 * @throws BespokeError `database-newer`.
 */
export async function connectPgliteTables(client: PGlite): Promise<DatabaseConnection> {
  const database = drizzle({ client });
  await migrate(database, migrations);
  await refuseNewer(database);
  return {
    database,
    persist: (operation) =>
      persist(operation, {
        patienceMs: 0,
        firstPauseMs: 10,
        address: 'the workspace',
        onRetry: () => undefined,
      }),
    close: () => Promise.resolve(),
  };
}
