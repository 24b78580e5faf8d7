import { and, count, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { CampaignProgress } from '../../core/ledger.ts';
import { query, type Database } from './database.ts';
import { clip, video } from './schema.ts';

const counted = z.object({
  waiting: z.number(),
  ready: z.number(),
  done: z.number(),
  failed: z.number(),
  skipped: z.number(),
  cancelled: z.number(),
  clipsWanted: z.number(),
  clipsStored: z.number(),
  clipsFailed: z.number(),
  framesWanted: z.number(),
  framesStored: z.number(),
});

/**
 * `Ledger.progress`. Asked for often, and by many: counts without grouping, since sorting rows by their
 * state costs several times what reading them does.
 */
export async function readProgress(database: Database, id: string): Promise<CampaignProgress> {
  const [found] = await query(
    database,
    counted,
    sql`select * from (
          select count(*) filter (where state = 'waiting')::int as waiting,
            count(*) filter (where state = 'ready')::int as ready,
            count(*) filter (where state = 'done')::int as done,
            count(*) filter (where state = 'failed')::int as failed,
            count(*) filter (where state = 'skipped')::int as skipped,
            count(*) filter (where state = 'cancelled')::int as cancelled
          from ${video} where campaign = ${id}
        ) rows, (
          select count(*)::int as "clipsWanted",
            count(*) filter (where state = 'stored')::int as "clipsStored",
            count(*) filter (where state = 'failed')::int as "clipsFailed",
            coalesce(sum(duration_in_frames), 0)::float8 as "framesWanted",
            coalesce(sum(duration_in_frames) filter (where state = 'stored'), 0)::float8 as "framesStored"
          from ${clip} where campaign = ${id}
        ) clips`,
  );
  const { clipsWanted, clipsStored, clipsFailed, framesWanted, framesStored, ...rows } = counted.parse(found);
  return {
    rows,
    clips: { wanted: clipsWanted, stored: clipsStored, failed: clipsFailed },
    frames: { wanted: framesWanted, stored: framesStored },
  };
}

/** `Ledger.begunRows`. A row's clips are each counted once, as rendered for it or as reused. */
export async function countBegunRows(database: Database, id: string): Promise<number> {
  const [begun] = await database
    .select({ rows: count() })
    .from(video)
    .where(
      and(
        eq(video.campaign, id),
        eq(video.state, 'waiting'),
        sql`${video.clipsLeft} < ${video.clipsRendered} + ${video.clipsReused}`,
      ),
    );
  return begun?.rows ?? 0;
}
