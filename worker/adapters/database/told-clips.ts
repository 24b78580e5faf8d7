import { and, eq, not, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Ledger } from '../../core/ledger.ts';
import { query, type Database } from './database.ts';
import { textArray } from './json-rows.ts';
import { clip } from './schema.ts';
import { clipUse, viewing } from './viewing-schema.ts';

const keyRow = z.object({ key: z.string() });

/** `Ledger.tellClips`. Clips are locked, so that none of them is forgotten with whom it was made for. */
export async function tellClips(
  database: Database,
  video: string,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const there = await query(
    database,
    keyRow,
    sql`with told as (
          select c.key from ${clip} c
          where c.key = any${textArray(keys)} and c.state = 'stored'
            and exists (select from ${viewing} v where v.video = ${video})
          order by c.key for key share of c
        ), used as (
          insert into ${clipUse} (clip, video) select key, ${video} from told
          where not exists (select from ${clipUse} u where u.clip = told.key and u.video = ${video})
          on conflict do nothing
        )
        select key from told`,
  );
  return new Set(there.map(({ key }) => key));
}

/** `Ledger.toldClip`. */
export async function readToldClip(
  database: Database,
  video: string,
  key: string,
): ReturnType<Ledger['toldClip']> {
  const used = database
    .select({ clip: clipUse.clip })
    .from(clipUse)
    .where(and(eq(clipUse.clip, key), eq(clipUse.video, video)));
  const [found] = await database
    .select({ state: clip.state })
    .from(clip)
    .where(and(eq(clip.key, key), or(not(clip.personal), sql`exists ${used}`)));
  return found?.state;
}

/** `Ledger.loseClip`. */
export async function loseClip(database: Database, key: string): Promise<void> {
  await database
    .update(clip)
    .set({ state: 'wanted' })
    .where(and(eq(clip.key, key), eq(clip.state, 'stored')));
}
