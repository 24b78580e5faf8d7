import { sql } from 'drizzle-orm';
import type { Shelf } from '../../core/ports.ts';
import type { Database } from './database.ts';
import { jsonRows } from './json-rows.ts';
import { removal } from './people-schema.ts';
import { clip, image, order, video } from './schema.ts';

/** For how long a job that began before may still publish what it made. */
const watch = sql`interval '1 hour'`;

/** A file that nobody needs any more. */
export interface Doomed {
  readonly shelf: Shelf;
  readonly name: string;
  /** Whether a job may be at it right now. */
  readonly inWork: boolean;
}

/** Notes files that are to be removed. */
export async function noteRemovals(tx: Database, files: readonly Doomed[]): Promise<void> {
  await tx.execute(
    sql`insert into ${removal} (shelf, name, watch_until)
        select shelf, name, now() + case when bool_or("inWork") then ${watch} else interval '0' end
        from jsonb_to_recordset(${jsonRows(files)}) as file(shelf text, name text, "inWork" bool)
        group by shelf, name
        on conflict (shelf, name) do update set watch_until = greatest(excluded.watch_until, removal.watch_until)`,
  );
}

/** Keeps files that somebody needs again: content has its name, whoever it is about. */
export async function keepNeeded(database: Database): Promise<void> {
  const stem = sql`split_part(r.name, '.', 1)`;
  await database.execute(
    sql`delete from ${removal} r where case r.shelf
          when 'stills' then exists (select from ${clip} c where c.key = split_part(${stem}, '-', 1))
          when 'clips' then exists (select from ${clip} c where c.key = ${stem})
          when 'images' then exists (select from ${image} i where i.hash = ${stem})
            or exists (select from ${clip} c where position(${stem} in c.inputs) > 0)
          when 'mixes' then exists (select from ${video} v where v.mix = ${stem})
          when 'inputs' then exists (select from ${order} o where position(r.name in o.source) > 0)
          else exists (select from ${video} v where v.key = ${stem})
        end`,
  );
}
