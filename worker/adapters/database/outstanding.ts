import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Ledger } from '../../core/ledger.ts';
import { query, type Database } from './database.ts';
import { video, waiting } from './schema.ts';
import { wish } from './viewing-schema.ts';

type Outstanding = Awaited<ReturnType<Ledger['outstanding']>>;

/** A page holds clips, videos or pictures, in this order; its cursor says which. */
const clipCursor = 'clip:';
const videoCursor = 'video:';
const pictureCursor = 'picture:';

const clipRow = z.object({ key: z.string(), priority: z.number(), last: z.string() });

/** `Ledger.outstanding`. Lines of who waits exist for wanted clips only. */
export async function readOutstanding(
  database: Database,
  after: string | undefined,
  limit: number,
): Promise<Outstanding> {
  const cursor = after ?? clipCursor;
  if (cursor.startsWith(clipCursor)) {
    const last = cursor.slice(clipCursor.length);
    // The page is cut before it is joined, so that its cost does not grow with the pages after it.
    const clips = await query(
      database,
      clipRow,
      sql`with page as materialized (
            select clip from (
              (select clip from ${waiting} where clip > ${last} group by clip order by clip limit ${limit})
              union
              (select clip from ${wish} where clip > ${last} group by clip order by clip limit ${limit})
            ) as either order by clip limit ${limit}
          ), waiter as (
            select page.clip, v.priority, v."row"
            from page join ${waiting} w on w.clip = page.clip join ${video} v on v.id = w.video
            union all
            select page.clip, w.priority, 0 from page join ${wish} w on w.clip = page.clip
          )
          select clip as key, min(priority)::int as priority, max(clip) over () as last
          from waiter group by clip order by min("row"), clip`,
    );
    const end = clips.length === limit ? clips[0]?.last : undefined;
    return {
      clips: clips.map(({ key, priority }) => ({ key, priority })),
      videos: [],
      pictures: [],
      next: end === undefined ? videoCursor : clipCursor + end,
    };
  }
  const ready = cursor.startsWith(videoCursor);
  const prefix = ready ? videoCursor : pictureCursor;
  const found = await database
    .select({ id: video.id, priority: video.priority })
    .from(video)
    .where(
      and(
        ready ? eq(video.state, 'ready') : sql`${video.coming} <> '[]'`,
        gt(video.id, cursor.slice(prefix.length)),
      ),
    )
    .orderBy(asc(video.id))
    .limit(limit);
  const end = found.length === limit ? found.at(-1) : undefined;
  const following = ready ? pictureCursor : undefined;
  return {
    clips: [],
    videos: ready ? found : [],
    pictures: ready ? [] : found,
    next: end === undefined ? following : prefix + end.id,
  };
}
