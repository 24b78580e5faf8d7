import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { z } from 'zod';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import { query, type Database } from './database.ts';

/** Where migrations are, and where a database remembers which of them it has. */
export const migrations = {
  migrationsFolder: fileURLToPath(new URL('./migrations', import.meta.url)),
  migrationsSchema: 'bespoke_migrations',
  migrationsTable: 'applied',
} as const;

const newestRow = z.object({ newest: z.coerce.number().nullable() });

/** @throws BespokeError `database-newer` when it holds a migration that is not known here. */
export async function refuseNewer(database: Database): Promise<void> {
  const known = Math.max(...readMigrationFiles(migrations).map(({ folderMillis }) => folderMillis));
  const [row] = await query(
    database,
    newestRow,
    sql`select max(created_at)::float8 as newest
        from ${sql.identifier(migrations.migrationsSchema)}.${sql.identifier(migrations.migrationsTable)}`,
  );
  if ((row?.newest ?? 0) > known) {
    throw new BespokeError(
      'database-newer',
      'The tables have been changed by a newer version of Bespoke than this one.',
    );
  }
}
