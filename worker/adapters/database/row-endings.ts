import { and, count, eq, inArray, not, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { ErrorCode } from '../../../errors/catalogue.ts';
import type { RowsEnded } from '../../core/video.ts';
import type { VideoPicture } from '../../core/video.ts';
import { jsonRows, query, textArray, type Database } from './database.ts';
import { campaign, order, video, waiting } from './schema.ts';

/** Forgets what videos wait for. @param which a condition on `w`, the lines, and `v`, their videos. */
export async function endWaiting(tx: Database, which: SQL): Promise<void> {
  await tx.execute(
    sql`with line as (
          select w.clip, w.video from ${waiting} w join ${video} v on v.id = w.video
          where ${which} order by w.clip, w.video for update of w
        )
        delete from ${waiting} using line
        where ${waiting.clip} = line.clip and ${waiting.video} = line.video`,
  );
}

/** A condition for a row that has not ended. */
const isOpen = inArray(video.state, ['waiting', 'ready']);

/** What `update` is to say of rows that end by it. */
export const endsNow = { endedAt: sql`now()` };

export const noneEnded: RowsEnded = { rows: 0, campaigns: [], over: [], remakes: [] };

const countedRow = z.object({ campaign: z.string(), over: z.boolean() });

/** Counts rows that this transaction has ended, and takes them from what is open in their orders: its last locks. */
export async function countEnded(
  tx: Database,
  ended: readonly { readonly campaign: string }[],
): Promise<RowsEnded> {
  const counts = new Map<string, number>();
  for (const { campaign: id } of ended) counts.set(id, (counts.get(id) ?? 0) + 1);
  const campaigns = [...counts.keys()];
  if (campaigns.length === 0) return noneEnded;
  const counted = await query(
    tx,
    countedRow,
    sql`with line as (
          select o.campaign, e.rows from ${order} o
          join jsonb_to_recordset(${jsonRows(Array.from(counts, ([id, rows]) => ({ id, rows })))})
            as e(id text, rows int) on e.id = o.campaign
          order by o.campaign for no key update of o
        )
        update ${order} o set open_rows = o.open_rows - line.rows from line where line.campaign = o.campaign
        returning o.campaign, o.open_rows = 0 and o.state = 'rendering' as over`,
  );
  const ordered = new Set(counted.map((each) => each.campaign));
  return {
    rows: ended.length,
    campaigns,
    over: counted.flatMap((each) => (each.over ? [each.campaign] : [])),
    remakes: campaigns.filter((id) => !ordered.has(id)),
  };
}

const completedRow = z.object({
  campaign: z.string(),
  ended: z.boolean(),
  ordered: z.boolean(),
  over: z.boolean(),
});

/** `Renders.complete`. */
export async function completeVideo(
  database: Database,
  id: string,
  coming: readonly VideoPicture[],
): Promise<RowsEnded> {
  const [done] = await query(
    database,
    completedRow,
    sql`select campaign, ended, ordered, over from bespoke.complete_video(${id}, ${JSON.stringify(coming)})`,
  );
  if (done === undefined) return noneEnded;
  const campaigns = [done.campaign];
  return {
    rows: done.ended ? 1 : 0,
    campaigns,
    over: done.over ? campaigns : [],
    remakes: done.ordered || done.campaign !== id ? [] : campaigns,
  };
}

/** `Renders.fail` within a transaction. Where the row had ended before, the answer may have been lost: it is given again. */
export async function failVideo(
  tx: Database,
  id: string,
  code: ErrorCode,
  message: string,
): Promise<RowsEnded> {
  await endWaiting(tx, sql`w.video = ${id}`);
  const ended = await tx
    .update(video)
    .set({ state: 'failed', code, message, ...endsNow })
    .where(and(eq(video.id, id), isOpen))
    .returning({ campaign: video.campaign });
  if (ended.length > 0) return countEnded(tx, ended);
  const before = await tx
    .select({ campaign: video.campaign, openRows: order.openRows, state: order.state })
    .from(video)
    .leftJoin(order, eq(order.campaign, video.campaign))
    .where(and(eq(video.id, id), not(isOpen)));
  return {
    rows: 0,
    campaigns: before.map((row) => row.campaign),
    over: before.flatMap((row) => (row.openRows === 0 && row.state === 'rendering' ? [row.campaign] : [])),
    remakes: before.flatMap((row) => (row.openRows === null ? [row.campaign] : [])),
  };
}

/**
 * Locks campaigns in the order of their ids. Who changes an order, or records rows, has its campaign's
 * lock, and takes it before any of a clip, of who waits, of a video, of a webhook delivery.
 */
export async function lockCampaigns(tx: Database, ids: readonly string[]): Promise<void> {
  await tx
    .select({ id: campaign.id })
    .from(campaign)
    .where(sql`${campaign.id} = any${textArray(ids)}`)
    .orderBy(campaign.id)
    .for('no key update');
}

/** Counts rows of an order that this transaction has opened, or ended: its last lock. */
export async function addOpenRows(tx: Database, id: string, rows: number): Promise<void> {
  if (rows === 0) return;
  await tx
    .update(order)
    .set({ openRows: sql`${order.openRows} + ${rows}` })
    .where(eq(order.campaign, id));
}

/** Ends all open rows of a campaign in one way. Its lock is held. */
export async function endOpenVideos(
  tx: Database,
  id: string,
  end:
    | { readonly state: 'cancelled' }
    | { readonly state: 'failed'; readonly code: ErrorCode; readonly message: string },
): Promise<void> {
  await endWaiting(tx, sql`v.campaign = ${id}`);
  const ended = tx.$with('ended').as(
    tx
      .update(video)
      .set({ ...end, ...endsNow })
      .where(and(eq(video.campaign, id), isOpen))
      .returning({ id: video.id }),
  );
  const [counted] = await tx.with(ended).select({ rows: count() }).from(ended);
  await addOpenRows(tx, id, -(counted?.rows ?? 0));
}
