import { chmod } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/pglite';
import { z } from 'zod';
import type { Log } from '../../core/ports.ts';
import { makeFolder, privateModes } from '../store/make-folder.ts';
import { storageError } from '../store/storage-error.ts';
import {
  applyMigrations,
  query,
  type Database,
  type DatabaseAccess,
  type DatabaseConnection,
} from './database.ts';
import { persist } from './persist.ts';

/**
 * Opens the embedded database. It serves one process, and does not exclude others itself: own the
 * workspace first. It runs without fsync: it outlives its process, not the machine's power.
 *
 * @throws BespokeError `directory-not-writable`, `disk-full`.
 */
export async function openPglite(folder: string): Promise<PGlite> {
  try {
    // PGlite makes its files readable and writable for everyone; the mode of their folder keeps other users out.
    await makeFolder(folder, privateModes.folder);
    await chmod(folder, privateModes.folder);
    return await PGlite.create({ dataDir: folder, relaxedDurability: false });
  } catch (error) {
    throw storageError(error, folder);
  }
}

/** From this size on, tidying costs less than it saves. */
const tidyFromBytes = 32 * 1024 * 1024;
const sizeRow = z.object({ tables: z.string().nullable(), bytes: z.coerce.number() });

/** PGlite has no autovacuum: rows that were changed or deleted stay until someone clears them away. */
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

/** How much write-ahead log may follow the last checkpoint. A checkpoint of that much takes a fraction of a second. */
const checkpointBytes = 32 * 1024 * 1024;
/** An idle queue writes less than this between two checks. */
const idleBytes = 64 * 1024;
const logRow = z.object({ written: z.number(), sinceCheckpoint: z.number() });
const tableRow = z.object({ table: z.string() });

/**
 * Keeps the files of a database small while it is open. PGlite has neither PostgreSQL's checkpointer nor its
 * autovacuum: without this the write-ahead log in `pg_wal` grows with every write, and rows that were changed or
 * deleted stay until the next start. Both hold up all other statements. So checkpoints are written early and are short, and
 * only small tables are vacuumed, one at each check, while nothing is written. Large tables are vacuumed at the start.
 *
 * @returns a stop that resolves when no check is running any more.
 */
export function maintainPglite(
  client: PGlite,
  log: Pick<Log, 'warn'>,
  everyMs = 5_000,
): { readonly stop: () => Promise<void> } {
  const database = drizzle({ client });
  const stopping = new AbortController();
  const { signal } = stopping;
  let writtenBefore = Number.NaN;

  /** The small table with the most dead rows, by the rule of PostgreSQL's autovacuum. */
  async function vacuumOne(): Promise<void> {
    const [found] = await query(
      database,
      tableRow,
      sql`select relid::regclass::text as table from pg_stat_user_tables
          where schemaname in ('bespoke', 'bullmq') and n_dead_tup > 1000 and n_dead_tup > n_live_tup / 5
            and pg_total_relation_size(relid) < ${2 * tidyFromBytes}
          order by n_dead_tup desc limit 1`,
    );
    if (found !== undefined) await client.exec(`vacuum (analyze) ${found.table}`);
  }

  async function look(): Promise<void> {
    const [now] = await query(
      database,
      logRow,
      sql`select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as written,
            pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn)::float8 as "sinceCheckpoint"
          from pg_control_checkpoint()`,
    );
    if (now === undefined || signal.aborted) return;
    if (now.sinceCheckpoint > checkpointBytes) await client.exec('checkpoint');
    else if (now.written - writtenBefore < idleBytes) await vacuumOne();
    writtenBefore = now.written;
  }

  async function run(): Promise<void> {
    for (;;) {
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await look();
      } catch (error) {
        log.warn('the database was not tidied', { error: error instanceof Error ? error.name : 'unknown' });
      }
    }
  }

  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/**
 * The tables on PGlite. The queue may live in the same PGlite; its opener closes it.
 *
 * @throws BespokeError `database-newer`, `database-older`.
 */
export async function connectPgliteTables(client: PGlite): Promise<DatabaseConnection> {
  const database = drizzle({ client });
  await database.transaction(applyMigrations);
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
