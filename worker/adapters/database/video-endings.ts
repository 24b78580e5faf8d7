import { and, eq, inArray, not, sql, type SQL } from 'drizzle-orm';
import type { ErrorCode } from '../../../errors/catalogue.ts';
import type { RowsEnded, RowState } from '../../core/ledger.ts';
import type { VideoPicture } from '../../core/video.ts';
import type { Database } from './database.ts';
import { textArray } from './json-rows.ts';
import { campaign, video, waiting } from './schema.ts';

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

/** Counts rows that one statement has ended. */
export function toRowsEnded(rows: readonly { readonly campaign: string }[]): RowsEnded {
  return { campaigns: [...new Set(rows.map((row) => row.campaign))], rows: rows.length };
}

/**
 * Ends one row. Where it had ended before, its campaign is told all the same: the answer of the call that
 * ended it may have been lost.
 */
async function endVideo(
  tx: Database,
  id: string,
  from: readonly RowState['state'][],
  end: Readonly<{ [C in keyof typeof video.$inferInsert]?: (typeof video.$inferInsert)[C] | SQL }>,
): Promise<RowsEnded> {
  const ended = await tx
    .update(video)
    .set({ ...end, ...endsNow })
    .where(and(eq(video.id, id), inArray(video.state, [...from])))
    .returning({ campaign: video.campaign });
  if (ended.length > 0) return toRowsEnded(ended);
  const before = await tx
    .select({ campaign: video.campaign })
    .from(video)
    .where(and(eq(video.id, id), not(isOpen)));
  return { ...toRowsEnded(before), rows: 0 };
}

/** `Ledger.completeVideo`. */
export function completeVideo(
  database: Database,
  id: string,
  coming: readonly VideoPicture[],
): Promise<RowsEnded> {
  return endVideo(database, id, ['ready'], {
    state: 'done',
    coming,
    ended: sql`nextval(pg_get_serial_sequence('bespoke.video', 'ended'))`,
  });
}

/** `Ledger.failVideo` within a transaction. */
export async function failVideo(
  tx: Database,
  id: string,
  code: ErrorCode,
  message: string,
): Promise<RowsEnded> {
  await endWaiting(tx, sql`w.video = ${id}`);
  return endVideo(tx, id, ['waiting', 'ready'], { state: 'failed', code, message });
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

/** Ends all open rows of a campaign in one way. Its lock is held. */
export async function endOpenVideos(
  tx: Database,
  id: string,
  end:
    | { readonly state: 'cancelled' }
    | { readonly state: 'failed'; readonly code: ErrorCode; readonly message: string },
): Promise<void> {
  await endWaiting(tx, sql`v.campaign = ${id}`);
  await tx
    .update(video)
    .set({ ...end, ...endsNow })
    .where(and(eq(video.campaign, id), isOpen));
}

/** `Ledger.cancelCampaign` within a transaction. */
export async function cancelVideos(tx: Database, id: string): Promise<void> {
  await lockCampaigns(tx, [id]);
  await endOpenVideos(tx, id, { state: 'cancelled' });
}
