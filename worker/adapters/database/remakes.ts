import { randomUUID } from 'node:crypto';
import { and, eq, inArray, isNotNull, or, sql } from 'drizzle-orm';
import { remakeIdentity, type SettledRemakes } from '../../core/viewers.ts';
import type { WebhookEvent } from '../../core/webhooks.ts';
import type { Database } from './database.ts';
import { filesOfVideos, forgetClips, forgetImages, lockClips, noteRemovals } from './release-content.ts';
import { endWaiting, lockCampaigns } from './row-endings.ts';
import { campaign, order, renderPlan, video, webhookDelivery } from './schema.ts';
import { clipUse, remake } from './viewer-schema.ts';

type VideoRow = typeof video.$inferSelect;

const nothing: SettledRemakes = { failed: [], owed: [], coming: [] };

/** Reads a row by its id. */
export async function readVideo(tx: Database, id: string): Promise<VideoRow | undefined> {
  const [found] = await tx.select().from(video).where(eq(video.id, id));
  return found;
}

async function clipsUsed(tx: Database, id: string): Promise<readonly string[]> {
  const used = await tx.select({ clip: clipUse.clip }).from(clipUse).where(eq(clipUse.video, id));
  return used.map((each) => each.clip);
}

/** Removes the row that a film was being made as, and its campaign. */
async function removeRow(tx: Database, { id, campaign: of }: VideoRow): Promise<void> {
  await endWaiting(tx, sql`w.video = ${id}`);
  await tx.delete(video).where(eq(video.id, id));
  await tx.delete(campaign).where(eq(campaign.id, of));
}

/** Gives up a row that a film is being made as, with what only it would have shown. */
export async function giveUpRemake(tx: Database, id: string): Promise<void> {
  const row = await readVideo(tx, id);
  if (row === undefined) return;
  const keys = await clipsUsed(tx, id);
  await lockClips(tx, keys);
  await removeRow(tx, row);
  const clips = await forgetClips(tx, keys);
  await noteRemovals(tx, [...clips.files, ...(await filesOfVideos(tx, [row]))]);
}

/** Longer than any process takes to tell a film of the row that it is made anew as. */
const untold = sql`interval '10 minutes'`;

/** Rows that films were to be made as, which no film was told of: nothing will ever show or erase them. */
export async function orphanedRemakes(database: Database): Promise<readonly string[]> {
  const found = await database
    .select({ id: video.id })
    .from(video)
    .innerJoin(campaign, eq(campaign.id, video.id))
    .where(
      sql`${campaign.identity} = ${remakeIdentity('')} || ${campaign.id}
          and ${campaign.createdAt} < now() - ${untold}
          and not exists (select from ${remake} r where r.video = ${video.id})`,
    );
  return found.map(({ id }) => id);
}

/** Takes a film away that is made anew: from now on nobody is shown it. */
export async function withdrawFilm(tx: Database, film: VideoRow): Promise<void> {
  await tx.update(video).set({ key: null, path: [], mix: null, coming: [] }).where(eq(video.id, film.id));
  await tx.delete(renderPlan).where(eq(renderPlan.video, film.id));
  await noteRemovals(tx, await filesOfVideos(tx, [film]));
}

/** Takes clips away from a video, and their files where no other one shows them. */
export async function dropClips(tx: Database, id: string, keys: readonly string[]): Promise<void> {
  await lockClips(tx, keys);
  await tx.delete(clipUse).where(and(eq(clipUse.video, id), inArray(clipUse.clip, [...keys])));
  const clips = await forgetClips(tx, keys);
  const images = await forgetImages(tx, clips.hashes, []);
  await noteRemovals(tx, [...clips.files, ...images.files]);
}

/** Owes the webhook of a single render one message more. @returns the delivery to queue. */
async function oweWebhook(tx: Database, of: string, event: WebhookEvent): Promise<readonly string[]> {
  const [told] = await tx
    .update(order)
    .set({ round: sql`${order.round} + 1` })
    .where(and(eq(order.campaign, of), eq(order.kind, 'render'), isNotNull(order.webhookUrl)))
    .returning({ round: order.round, url: order.webhookUrl });
  if (told === undefined || told.url === null) return [];
  const id = `msg_${randomUUID().replaceAll('-', '')}`;
  await tx
    .insert(webhookDelivery)
    .values({ id, order: of, round: told.round, event, url: told.url, state: 'pending' });
  return [id];
}

/** Puts a film that is done in its place. Whoever was told that it cannot be made is told that it is. */
async function adopt(tx: Database, film: VideoRow, made: VideoRow, told: boolean): Promise<SettledRemakes> {
  const { key, path, mix, durationInFrames, personal, coming } = made;
  const isPicture = ({ code }: (typeof made.warnings)[number]): boolean => code === 'picture-unavailable';
  const warnings = [...film.warnings.filter((each) => !isPicture(each)), ...made.warnings.filter(isPicture)];
  await lockClips(tx, await clipsUsed(tx, made.id));
  await tx
    .update(video)
    .set({ key, path, mix, durationInFrames, personal, coming, warnings })
    .where(eq(video.id, film.id));
  await tx.execute(
    sql`insert into ${clipUse} (clip, video) select clip, ${film.id} from ${clipUse} where video = ${made.id}
        on conflict do nothing`,
  );
  await tx.delete(renderPlan).where(eq(renderPlan.video, film.id));
  await tx.update(renderPlan).set({ video: film.id }).where(eq(renderPlan.video, made.id));
  await removeRow(tx, made);
  return {
    failed: [],
    owed: told ? await oweWebhook(tx, film.campaign, 'render.done') : [],
    coming: coming.length > 0 ? [{ id: film.id, priority: film.priority }] : [],
  };
}

/** What has become of the film that a row is made as; the locks of both campaigns are taken. */
export async function settleRemake(tx: Database, id: string): Promise<SettledRemakes> {
  const [found] = await tx.select().from(remake).where(eq(remake.video, id));
  const [made, film] = found === undefined ? [] : [await readVideo(tx, id), await readVideo(tx, found.of)];
  if (made === undefined || film === undefined || film.erased) return nothing;
  await lockCampaigns(tx, [made.campaign, film.campaign]);
  const now = await readVideo(tx, id);
  const [line] = await tx.select().from(remake).where(eq(remake.video, id));
  if (now === undefined || line === undefined) return nothing;
  if (now.state === 'done') return adopt(tx, film, now, line.failureTold);
  if (now.state !== 'failed' || line.failureTold) return nothing;
  await tx.update(remake).set({ failureTold: true }).where(eq(remake.video, id));
  return {
    failed: [{ film: film.id, code: now.code ?? 'internal' }],
    owed: await oweWebhook(tx, film.campaign, 'render.failed'),
    coming: [],
  };
}

/** Rows whose end is to be looked at by `settleRemake`. */
export async function endedRemakes(
  database: Database,
  ids: readonly string[] | undefined,
): Promise<readonly string[]> {
  const found = await database
    .select({ id: remake.video })
    .from(remake)
    .innerJoin(video, eq(video.id, remake.video))
    .where(
      and(
        or(eq(video.state, 'done'), and(eq(video.state, 'failed'), eq(remake.failureTold, false))),
        ids && inArray(remake.video, [...ids]),
      ),
    );
  return found.map(({ id }) => id);
}
