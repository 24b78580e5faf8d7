import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { ChangedRecord, ViewerData } from '../../core/viewer-data.ts';
import type { Database, DatabaseConnection } from './database.ts';
import { textArray } from './json-rows.ts';
import { consent, recordChange, remake, share } from './people-schema.ts';
import { filesOfVideos, forgetClips, forgetImages, lockClips } from './release-content.ts';
import { noteRemovals } from './removals.ts';
import { campaign, video } from './schema.ts';
import { endWaiting, lockCampaigns } from './video-endings.ts';
import { clipUse, planTerms, viewing } from './viewing-schema.ts';

type VideoRow = typeof video.$inferSelect;

async function readVideo(tx: Database, id: string): Promise<VideoRow | undefined> {
  const [found] = await tx.select().from(video).where(eq(video.id, id));
  return found;
}

/** Takes clips away from a video, and their files where no other one shows them. */
async function dropClips(tx: Database, id: string, keys: readonly string[]): Promise<void> {
  await tx.delete(clipUse).where(and(eq(clipUse.video, id), sql`${clipUse.clip} = any${textArray(keys)}`));
  const clips = await forgetClips(tx, keys);
  const images = await forgetImages(tx, clips.hashes, []);
  await noteRemovals(tx, [...clips.files, ...images.files]);
}

/** Removes the row that a film was being made as, and its campaign. */
async function removeRow(tx: Database, { id, campaign: of }: VideoRow): Promise<void> {
  await endWaiting(tx, sql`w.video = ${id}`);
  await tx.delete(video).where(eq(video.id, id));
  await tx.delete(campaign).where(eq(campaign.id, of));
}

/** Gives up the film that is being made for a video, with what only it would have shown. */
async function giveUp(tx: Database, of: string): Promise<void> {
  const [line] = await tx.select().from(remake).where(eq(remake.of, of));
  const row = line && (await readVideo(tx, line.video));
  if (row === undefined) return;
  const used = await tx.select({ clip: clipUse.clip }).from(clipUse).where(eq(clipUse.video, row.id));
  const keys = used.map((each) => each.clip);
  await lockClips(tx, keys);
  await removeRow(tx, row);
  const clips = await forgetClips(tx, keys);
  await noteRemovals(tx, [...clips.files, ...(await filesOfVideos(tx, [row]))]);
}

/** Puts one remake that is done in the place of its film. */
async function adoptOne(tx: Database, id: string): Promise<void> {
  const [line] = await tx.select().from(remake).where(eq(remake.video, id));
  const [made, film] = line === undefined ? [] : [await readVideo(tx, id), await readVideo(tx, line.of)];
  if (line === undefined || made === undefined || film === undefined) return;
  await lockCampaigns(tx, [made.campaign, film.campaign]);
  const now = await readVideo(tx, id);
  if (now?.state !== 'done' || film.erased) return;
  const used = await tx.select({ clip: clipUse.clip }).from(clipUse).where(eq(clipUse.video, id));
  const kept = new Set(used.map((each) => each.clip));
  const outdated = line.outdated.filter((key) => !kept.has(key));
  await lockClips(tx, [...outdated, ...kept]);
  const { key, path, mix, durationInFrames, personal } = now;
  await tx.update(video).set({ key, path, mix, durationInFrames, personal }).where(eq(video.id, film.id));
  await tx.execute(
    sql`insert into ${clipUse} (clip, video) select clip, ${film.id} from ${clipUse} where video = ${id}
        on conflict do nothing`,
  );
  await removeRow(tx, now);
  await dropClips(tx, film.id, outdated);
  await noteRemovals(tx, await filesOfVideos(tx, [film]));
}

async function changeRecord(tx: Database, id: string, changed: ChangedRecord): Promise<void> {
  const { viewing: made, changes, outdated } = changed;
  const film = await readVideo(tx, id);
  if (film === undefined || film.erased) return;
  await lockCampaigns(tx, [film.campaign]);
  await giveUp(tx, id);
  const { id: terms } = made.terms;
  await tx.insert(planTerms).values({ id: terms, terms: made.terms }).onConflictDoNothing();
  const { record, images } = made;
  await tx.update(viewing).set({ terms, record, images }).where(eq(viewing.video, id));
  await tx.delete(recordChange).where(eq(recordChange.video, id));
  if (changes.length > 0) {
    await tx
      .insert(recordChange)
      .values(
        changes.map(({ original, ...change }) => ({ video: id, ...change, original: original ?? null })),
      );
  }
  if (changed.remake !== undefined) {
    await tx.insert(remake).values({ of: id, video: changed.remake, outdated });
    return;
  }
  await lockClips(tx, outdated);
  await dropClips(tx, id, outdated);
}

/** What viewers say about their data in SQL: one set of statements for PGlite and PostgreSQL. */
export function createViewerData({ database, transaction, persist }: DatabaseConnection): ViewerData {
  const inTransaction = <T>(run: (tx: Database) => Promise<T>): Promise<T> => persist(() => transaction(run));

  return {
    clipsUsed: (id) =>
      persist(async () => {
        const used = await database.select({ clip: clipUse.clip }).from(clipUse).where(eq(clipUse.video, id));
        return used.map(({ clip }) => clip);
      }),

    changes: (id) =>
      persist(() =>
        database
          .select({ name: recordChange.name, kind: recordChange.kind, original: recordChange.original })
          .from(recordChange)
          .where(eq(recordChange.video, id))
          .orderBy(asc(recordChange.name)),
      ),

    change: async (id, changed) => {
      await inTransaction((tx) => changeRecord(tx, id, changed));
      // It may have been done before anybody knew what for.
      const { remake: made } = changed;
      if (made !== undefined) await inTransaction((tx) => adoptOne(tx, made));
    },

    adopt: async (id) => {
      const done = await persist(() =>
        database
          .select({ id: remake.video })
          .from(remake)
          .innerJoin(video, eq(video.id, remake.video))
          .where(and(eq(video.state, 'done'), id === undefined ? undefined : eq(remake.video, id))),
      );
      for (const each of done) await inTransaction((tx) => adoptOne(tx, each.id));
    },

    consents: (id) =>
      persist(async () => {
        const found = await database
          .select({ variable: consent.variable })
          .from(consent)
          .where(eq(consent.video, id))
          .orderBy(asc(consent.variable));
        return found.map(({ variable }) => variable);
      }),

    setConsent: (id, variable, agreed) =>
      persist(async () => {
        if (agreed) await database.insert(consent).values({ video: id, variable }).onConflictDoNothing();
        else
          await database
            .delete(consent)
            .where(and(eq(consent.video, id), inArray(consent.variable, [variable])));
      }),

    share: (id, link) =>
      persist(async () => {
        await database.insert(share).values({ video: id, link }).onConflictDoNothing();
        const [found] = await database.select({ link: share.link }).from(share).where(eq(share.video, id));
        return found?.link ?? link;
      }),

    unshare: (id) =>
      persist(async () => {
        await database.delete(share).where(eq(share.video, id));
      }),

    sharedLink: (id) =>
      persist(async () => {
        const [found] = await database.select({ link: share.link }).from(share).where(eq(share.video, id));
        return found?.link;
      }),

    sharedVideo: (link) =>
      persist(async () => {
        const [found] = await database.select({ video: share.video }).from(share).where(eq(share.link, link));
        return found?.video;
      }),
  };
}
