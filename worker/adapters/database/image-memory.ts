import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { ImageMemory } from '../../core/clips.ts';
import { jsonRows, query, textArray, type Database } from './database.ts';
import { image } from './picture-schema.ts';

/** `Clips.images`. */
export async function readImages(
  database: Database,
  urlKeys: readonly string[],
): Promise<readonly ImageMemory[]> {
  const found = await database
    .select()
    .from(image)
    .where(sql`${image.urlKey} = any${textArray(urlKeys)}`);
  return found.map(toMemory);
}

const toMemory = ({ hash, reason, ...rest }: typeof image.$inferSelect): ImageMemory => ({
  ...rest,
  hash: hash ?? undefined,
  reason: reason ?? undefined,
});

const imageRow = z.object({
  urlKey: z.string(),
  hash: z.string().nullable(),
  reason: z.string().nullable(),
  fetchedAt: z.coerce.date(),
  needed: z.boolean(),
});

/** `Clips.needImages`. */
export async function needImages(
  database: Database,
  urlKeys: readonly string[],
): Promise<readonly ImageMemory[]> {
  const asked = sql`url_key = any${textArray(urlKeys)}`;
  const found = await query(
    database,
    imageRow,
    sql`with needed_now as (
          update ${image} set needed = true where ${asked} and not needed and hash is not null returning *
        ), found as (
          select * from needed_now
          union all select * from ${image} where ${asked} and (needed or hash is null)
        )
        select url_key as "urlKey", hash, reason, fetched_at as "fetchedAt", needed from found`,
  );
  return found.map(toMemory);
}

/** `Clips.rememberImages`. */
export async function writeImages(database: Database, images: readonly ImageMemory[]): Promise<void> {
  await database.execute(
    sql`insert into ${image} as known (url_key, hash, reason, fetched_at, needed)
        select distinct on ("urlKey") "urlKey", hash, reason, "fetchedAt", needed
        from jsonb_to_recordset(${jsonRows(images)})
          as seen("urlKey" text, hash text, reason text, "fetchedAt" timestamptz, needed bool)
        order by "urlKey", "fetchedAt" desc
        on conflict (url_key) do update
          set hash = excluded.hash, reason = excluded.reason, fetched_at = excluded.fetched_at,
            needed = known.needed or excluded.needed`,
  );
}
