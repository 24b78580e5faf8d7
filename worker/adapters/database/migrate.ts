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

const table = sql`${sql.identifier(migrations.migrationsSchema)}.${sql.identifier(migrations.migrationsTable)}`;
const presentRow = z.object({ present: z.boolean() });
const appliedRow = z.object({ hash: z.string(), at: z.coerce.number() });

/**
 * Refuses a database whose tables were made by another version, before anything in it is changed.
 *
 * @throws BespokeError `database-newer`, `database-older` when it holds a migration that is not known here.
 */
export async function refuseOthers(database: Database): Promise<void> {
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
  throw others.some(({ at }) => at > newest)
    ? new BespokeError(
        'database-newer',
        'The tables were changed by a newer version of Bespoke than this one.',
      )
    : new BespokeError(
        'database-older',
        'The tables were made by an older version of Bespoke, which this one cannot read.',
      );
}
