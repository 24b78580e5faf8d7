import type { PGlite } from '@electric-sql/pglite';
import { createPostgresBackend, runMigrations, withBackend } from 'bullmq';
import { errors } from '../../../errors/messages.ts';
import { fewEvents, type BullmqEngine } from './bullmq-engine.ts';
import { PglitePool } from './pglite-pool.ts';

const schema = 'bullmq';

/**
 * BullMQ's PostgreSQL backend on PGlite. It claims the search path of the database's only session, so
 * all other tables must be named with their schema. Call it before anything else uses the database:
 * migrations are sent as single statements.
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
