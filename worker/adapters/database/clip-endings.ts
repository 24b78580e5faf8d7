import { and, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { ErrorCode } from '../../../errors/catalogue.ts';
import type { RowsEnded } from '../../core/ledger.ts';
import type { Priority } from '../../core/ports.ts';
import { query, type Database } from './database.ts';
import { textArray } from './json-rows.ts';
import { clip, video, waiting } from './schema.ts';
import { wish } from './viewing-schema.ts';
import { endsNow, endWaiting, lockCampaigns, toRowsEnded } from './video-endings.ts';

/**
 * Locks videos in the order of their ids, as everybody does who changes several.
 *
 * @returns those that wait, and go on waiting until this transaction says otherwise.
 */
async function lockVideos(tx: Database, ids: readonly string[]): Promise<readonly string[]> {
  const locked = await tx
    .select({ id: video.id, state: video.state })
    .from(video)
    .where(sql`${video.id} = any${textArray(ids)}`)
    .orderBy(video.id)
    .for('no key update');
  return locked.filter(({ state }) => state === 'waiting').map(({ id }) => id);
}

const waiterRow = z.object({ video: z.string() });

/**
 * Removes all waits for a clip, of viewers and of videos. The clip must be locked, so that no new wait is added.
 *
 * All transactions lock clips before the lines of who waits, these before videos, and each kind in the
 * order of its keys; so none waits for another in a circle.
 *
 * @returns the videos.
 */
async function takeWaiters(tx: Database, key: string): Promise<readonly string[]> {
  const lines = await query(
    tx,
    waiterRow,
    sql`with line as (
          select clip, video from ${waiting} where clip = ${key} order by video for update
        ), viewers as (
          delete from ${wish} where clip = ${key}
        )
        delete from ${waiting} w using line where w.clip = line.clip and w.video = line.video
        returning w.video as video`,
  );
  return lines.map((line) => line.video);
}

/** `Ledger.completeClip` within a transaction. */
export async function completeClip(
  tx: Database,
  key: string,
  made: { readonly bytes: number | undefined; readonly renderMs: number | undefined },
): Promise<{ readonly released: readonly { readonly id: string; readonly priority: Priority }[] }> {
  const known = await tx
    .update(clip)
    .set({
      state: 'stored',
      code: null,
      message: null,
      ...(made.bytes === undefined ? {} : { bytes: made.bytes }),
      ...(made.renderMs === undefined ? {} : { renderMs: Math.round(made.renderMs) }),
    })
    .where(eq(clip.key, key))
    .returning({ key: clip.key });
  // A clip that is recorded only now is not the one that was made: those who wait for it go on waiting.
  if (known.length === 0) return { released: [] };
  const ids = await takeWaiters(tx, key);
  if (ids.length === 0) return { released: [] };
  // Updating one row locks it; several rows are locked first, in the order of their ids.
  const waits = ids.length === 1 ? ids : await lockVideos(tx, ids);
  const counted = await tx
    .update(video)
    .set({
      clipsLeft: sql`${video.clipsLeft} - 1`,
      state: sql`case when ${video.clipsLeft} <= 1 then 'ready' else ${video.state} end`,
    })
    .where(and(sql`${video.id} = any${textArray(waits)}`, eq(video.state, 'waiting')))
    .returning({ id: video.id, priority: video.priority, row: video.row, state: video.state });
  const ready = counted.filter(({ state }) => state === 'ready').sort((a, b) => a.row - b.row);
  return { released: ready.map(({ id, priority }) => ({ id, priority })) };
}

/** `Ledger.failClip` within a transaction. */
export async function failClip(
  tx: Database,
  key: string,
  code: ErrorCode,
  message: string,
): Promise<RowsEnded> {
  const failed = await tx
    .update(clip)
    .set({ state: 'failed', code, message })
    .where(and(eq(clip.key, key), eq(clip.state, 'wanted')))
    .returning({ key: clip.key });
  if (failed.length === 0) return { campaigns: [], rows: 0 };
  await tx.delete(wish).where(eq(wish.clip, key));
  const lines = await tx.select({ video: waiting.video }).from(waiting).where(eq(waiting.clip, key));
  const ids = lines.map((line) => line.video);
  await endWaiting(tx, sql`w.video = any${textArray(ids)}`);
  const waits = await lockVideos(tx, ids);
  const ended = await tx
    .update(video)
    .set({ state: 'failed', code, message, ...endsNow })
    .where(sql`${video.id} = any${textArray(waits)}`)
    .returning({ campaign: video.campaign });
  return toRowsEnded(ended);
}

/** `Ledger.reviveClips` within a transaction. */
export async function reviveClips(tx: Database, id: string, keys: readonly string[]): Promise<void> {
  const lost = [...new Set(keys)].sort();
  const [known] = await tx.select({ campaign: video.campaign }).from(video).where(eq(video.id, id));
  // Else a cancelling that has looked for those who wait already would not see this one begin to.
  if (known !== undefined) await lockCampaigns(tx, [known.campaign]);
  await tx
    .select({ key: clip.key })
    .from(clip)
    .where(sql`${clip.key} = any${textArray(lost)}`)
    .orderBy(clip.key)
    .for('no key update');
  const [ready] = await tx
    .select({ campaign: video.campaign })
    .from(video)
    .where(and(eq(video.id, id), eq(video.state, 'ready')))
    .for('no key update');
  if (ready === undefined || lost.length === 0) return;
  await tx
    .update(clip)
    .set({ state: 'wanted', campaign: ready.campaign, code: null, message: null })
    .where(inArray(clip.key, lost));
  await tx
    .insert(waiting)
    .values(lost.map((key) => ({ clip: key, video: id })))
    .onConflictDoNothing();
  await tx.update(video).set({ state: 'waiting', clipsLeft: lost.length }).where(eq(video.id, id));
}
