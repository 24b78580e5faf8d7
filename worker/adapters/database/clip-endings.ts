import { and, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { ErrorCode } from '../../../errors/catalogue.ts';
import type { RowsEnded } from '../../core/ledger.ts';
import type { Priority } from '../../core/ports.ts';
import { query, type Database } from './database.ts';
import { textArray } from './json-rows.ts';
import { clip, video, waiting } from './schema.ts';
import { wish } from './viewing-schema.ts';
import { countEnded, endsNow, endWaiting, lockCampaigns, noneEnded } from './video-endings.ts';

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

const releasedRow = z.object({ id: z.string(), priority: z.number() });

/** `Ledger.completeClip`. */
export async function completeClip(
  database: Database,
  key: string,
  { bytes, renderMs }: { readonly bytes: number | undefined; readonly renderMs: number | undefined },
): Promise<{ readonly released: readonly { readonly id: string; readonly priority: Priority }[] }> {
  const ms = renderMs === undefined ? null : Math.round(renderMs);
  return {
    released: await query(
      database,
      releasedRow,
      sql`select id, priority from bespoke.complete_clip(${key}, ${bytes ?? null}, ${ms})`,
    ),
  };
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
  if (failed.length === 0) return noneEnded;
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
  return countEnded(tx, ended);
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
