import { and, count, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { CampaignProgress } from '../../core/campaigns.ts';
import { query, type Database } from './database.ts';
import { clip, render } from './schema.ts';
import { remake } from './viewer-schema.ts';

const counted = z.object({
  waiting: z.number(),
  ready: z.number(),
  done: z.number(),
  failed: z.number(),
  skipped: z.number(),
  cancelled: z.number(),
  coming: z.number(),
  clipsWanted: z.number(),
  clipsStored: z.number(),
  clipsFailed: z.number(),
  framesWanted: z.number(),
  framesStored: z.number(),
});

const rowState = z.enum(['waiting', 'ready', 'done', 'failed', 'skipped', 'cancelled']);
const movedRow = z.object({ from: rowState, to: rowState, rows: z.number() });

/** Counts renders that have a remake by the state of the remake. Few have one, so this costs next to nothing. */
async function countRemade(
  database: Database,
  id: string,
  counts: CampaignProgress['rows'],
): Promise<CampaignProgress['rows']> {
  const moved = await query(
    database,
    movedRow,
    sql`select f.state as "from", case m.state when 'done' then 'ready' else m.state end as "to", count(*)::int as rows
        from ${remake} r join ${render} f on f.id = r.of join ${render} m on m.id = r.render
        where f.campaign = ${id} group by 1, 2`,
  );
  const now = { ...counts };
  for (const { from, to, rows } of moved) {
    now[from] -= rows;
    now[to] += rows;
  }
  return now;
}

/**
 * `Campaigns.progress`. It is read often: it counts without grouping, since sorting rows by their
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
            count(*) filter (where state = 'cancelled')::int as cancelled,
            count(*) filter (where coming <> '[]')::int as coming
          from ${render} where campaign = ${id}
        ) rows, (
          select count(*)::int as "clipsWanted",
            count(*) filter (where state = 'stored')::int as "clipsStored",
            count(*) filter (where state = 'failed')::int as "clipsFailed",
            coalesce(sum(duration_in_frames), 0)::float8 as "framesWanted",
            coalesce(sum(duration_in_frames) filter (where state = 'stored'), 0)::float8 as "framesStored"
          from ${clip} where campaign = ${id}
        ) clips`,
  );
  const { clipsWanted, clipsStored, clipsFailed, framesWanted, framesStored, coming, ...rows } =
    counted.parse(found);
  return {
    rows: await countRemade(database, id, rows),
    clips: { wanted: clipsWanted, stored: clipsStored, failed: clipsFailed },
    frames: { wanted: framesWanted, stored: framesStored },
    coming,
  };
}

/** `Campaigns.startedRows`. A row's clips are each counted once, as rendered for it or as reused. */
export async function countBegunRows(database: Database, id: string): Promise<number> {
  const [begun] = await database
    .select({ rows: count() })
    .from(render)
    .where(
      and(
        eq(render.campaign, id),
        eq(render.state, 'waiting'),
        sql`${render.clipsLeft} < ${render.clipsRendered} + ${render.clipsReused}`,
      ),
    );
  return begun?.rows ?? 0;
}
