import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { CampaignProgress } from '../../core/campaigns.ts';
import { query, textArray, type Database } from './database.ts';
import { clip, render } from './schema.ts';
import { remake } from './viewer-schema.ts';

const rowState = z.enum(['waiting', 'ready', 'done', 'failed', 'skipped', 'cancelled']);

const counted = z.object({
  waiting: z.number(),
  ready: z.number(),
  done: z.number(),
  failed: z.number(),
  skipped: z.number(),
  cancelled: z.number(),
  started: z.number(),
  coming: z.number(),
  clipsWanted: z.number(),
  clipsStored: z.number(),
  clipsFailed: z.number(),
  framesWanted: z.number(),
  framesStored: z.number(),
  remade: z.array(z.object({ from: rowState, to: rowState, rows: z.number() })),
});

function toProgress({
  clipsWanted,
  clipsStored,
  clipsFailed,
  framesWanted,
  framesStored,
  started,
  coming,
  remade,
  ...rows
}: z.infer<typeof counted>): CampaignProgress {
  for (const { from, to, rows: moved } of remade) {
    rows[from] -= moved;
    rows[to] += moved;
  }
  return {
    rows,
    clips: { wanted: clipsWanted, stored: clipsStored, failed: clipsFailed },
    frames: { wanted: framesWanted, stored: framesStored },
    started,
    coming,
  };
}

/**
 * `Campaigns.progress`. It is read often: each campaign is counted without grouping, since sorting rows by their state
 * costs several times what reading them does. Renders that have a remake are counted by the state of the remake; few
 * have one, so this costs next to nothing.
 */
export async function readProgress(
  database: Database,
  ids: readonly string[],
): Promise<readonly CampaignProgress[]> {
  const found = await query(
    database,
    counted,
    sql`select rows.*, clips.*, remade.* from unnest(${textArray(ids)}) with ordinality as each(id, place)
        cross join lateral (
          select count(*) filter (where state = 'waiting')::int as waiting,
            count(*) filter (where state = 'ready')::int as ready,
            count(*) filter (where state = 'done')::int as done,
            count(*) filter (where state = 'failed')::int as failed,
            count(*) filter (where state = 'skipped')::int as skipped,
            count(*) filter (where state = 'cancelled')::int as cancelled,
            -- A row's clips are each counted once, as rendered for it or as reused.
            count(*) filter (where state = 'waiting' and clips_left < clips_rendered + clips_reused)::int as started,
            count(*) filter (where coming <> '[]')::int as coming
          from ${render} where campaign = each.id
        ) rows
        cross join lateral (
          select count(*)::int as "clipsWanted",
            count(*) filter (where state = 'stored')::int as "clipsStored",
            count(*) filter (where state = 'failed')::int as "clipsFailed",
            coalesce(sum(duration_in_frames), 0)::float8 as "framesWanted",
            coalesce(sum(duration_in_frames) filter (where state = 'stored'), 0)::float8 as "framesStored"
          from ${clip} where campaign = each.id
        ) clips
        cross join lateral (
          select coalesce(jsonb_agg(moved), '[]') as remade from (
            select f.state as "from", case m.state when 'done' then 'ready' else m.state end as "to",
              count(*)::int as rows
            from ${remake} r join ${render} f on f.id = r.of join ${render} m on m.id = r.render
            where f.campaign = each.id group by 1, 2
          ) moved
        ) remade
        order by place`,
  );
  return found.map(toProgress);
}
