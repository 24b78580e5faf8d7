import { eq, inArray, or, sql, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { RowState } from '../../core/ledger.ts';
import type { Database } from './database.ts';
import { remake } from './people-schema.ts';
import { video, waiting } from './schema.ts';

const made = alias(video, 'made');

/** How many clips of its own path a row waits for. Its other waits are for clips that only its page may need. */
const pathLeft = (row: typeof video | typeof made) =>
  sql<number>`case when ${row.state} = 'waiting' then (
      select count(*)::int from ${waiting} w
      where w.video = ${row.id} and strpos(${row.path}, to_json(w.clip)::text) > 0
    ) else 0 end`;

/** Rows, each with the one that its film is made anew as. */
export const readVideos = (database: Database, which: SQL | undefined) =>
  database
    .select({ film: video, made, filmPathLeft: pathLeft(video), madePathLeft: pathLeft(made) })
    .from(video)
    .leftJoin(remake, eq(remake.of, video.id))
    .leftJoin(made, eq(made.id, remake.video))
    .where(which);

/** Rows in these states, and those that are told in another one since their film is made anew. */
export const mayBeIn = (states: readonly RowState['state'][]): SQL | undefined =>
  or(inArray(video.state, [...states]), sql`${video.id} = any(array(select r.of from ${remake} r))`);
