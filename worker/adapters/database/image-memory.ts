import { sql } from 'drizzle-orm';
import type { ImageMemory } from '../../core/image-memory.ts';
import type { Database } from './database.ts';
import { jsonRows, textArray } from './json-rows.ts';
import { image } from './schema.ts';

/** `Ledger.images`. */
export async function readImages(
  database: Database,
  urlKeys: readonly string[],
): Promise<readonly ImageMemory[]> {
  const found = await database
    .select()
    .from(image)
    .where(sql`${image.urlKey} = any${textArray(urlKeys)}`);
  return found.map(({ hash, reason, ...rest }) => ({
    ...rest,
    hash: hash ?? undefined,
    reason: reason ?? undefined,
  }));
}

/** `Ledger.rememberImages`. */
export async function writeImages(database: Database, images: readonly ImageMemory[]): Promise<void> {
  await database.execute(
    sql`insert into ${image} (url_key, hash, reason, fetched_at)
        select distinct on ("urlKey") "urlKey", hash, reason, "fetchedAt"
        from jsonb_to_recordset(${jsonRows(images)})
          as seen("urlKey" text, hash text, reason text, "fetchedAt" timestamptz)
        order by "urlKey", "fetchedAt" desc
        on conflict (url_key) do update
          set hash = excluded.hash, reason = excluded.reason, fetched_at = excluded.fetched_at`,
  );
}
