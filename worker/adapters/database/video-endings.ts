import { and, eq, inArray, sql, type SQL } from 'drizzle-orm';
import type { ErrorCode } from '../../../errors/catalogue.ts';
import type { Database } from './database.ts';
import { campaign, video, waiting } from './schema.ts';

const unended = ['waiting', 'ready'] as const;

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

/** `Ledger.failVideo` within a transaction. */
export async function failVideo(tx: Database, id: string, code: ErrorCode, message: string): Promise<void> {
  await endWaiting(tx, sql`w.video = ${id}`);
  await tx
    .update(video)
    .set({ state: 'failed', code, message })
    .where(and(eq(video.id, id), inArray(video.state, unended)));
}

/** `Ledger.cancelCampaign` within a transaction. */
export async function cancelVideos(tx: Database, id: string): Promise<void> {
  await tx.select({ id: campaign.id }).from(campaign).where(eq(campaign.id, id)).for('no key update');
  await endWaiting(tx, sql`v.campaign = ${id}`);
  await tx
    .update(video)
    .set({ state: 'cancelled' })
    .where(and(eq(video.campaign, id), inArray(video.state, unended)));
}
