import { and, asc, eq, gt, inArray, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Ledger } from '../../core/ledger.ts';
import type { VideoPicture, VideoWarning } from '../../core/video.ts';
import { checkSecret, rewriteSecret } from './check-secret.ts';
import { completeClip, failClip, reviveClips } from './clip-endings.ts';
import { query, type Database, type DatabaseAccess } from './database.ts';
import { readImages, writeImages } from './image-memory.ts';
import { textArray } from './json-rows.ts';
import { toClipDraft, toVideoEntry } from './ledger-rows.ts';
import { readOutstanding } from './outstanding.ts';
import { countBegunRows, readProgress } from './progress.ts';
import { share } from './people-schema.ts';
import { fromClipJson, mayBeIn, readVideos, readVideosWithClips } from './read-videos.ts';
import { campaign, clip, video, waiting } from './schema.ts';
import { submitRows } from './submit.ts';
import { loseClip, readToldClip, tellClips } from './told-clips.ts';
import { wish } from './viewing-schema.ts';
import { wishClips } from './want-clips.ts';
import { addOpenRows, cancelVideos, completeVideo, failVideo } from './video-endings.ts';

const speedRow = z.object({
  template: z.string(),
  scene: z.string(),
  format: z.enum(['16:9', '9:16', '1:1']),
  scale: z.number(),
  framesPerSecond: z.number(),
  bytesPerFrame: z.number(),
});

/** The pictures to come, as they are kept, without some of them. */
const without = (pictures: readonly VideoPicture[]) =>
  sql<readonly VideoPicture[]>`(${video.coming}::jsonb - ${textArray(pictures)})::text`;

const isAbout = ({ code, field }: VideoWarning, picture: VideoPicture): boolean =>
  code === 'picture-unavailable' && field === picture;

/** The ledger in SQL: one set of statements for PGlite and PostgreSQL. */
export function createLedger({ database, transaction, persist, close }: DatabaseAccess): Ledger {
  const inTransaction = <T>(run: (tx: Database) => Promise<T>): Promise<T> => persist(() => transaction(run));

  // Each job reads with these, so their text is built once. They have no name, which a connection pooler in
  // transaction mode could not follow.
  const wantedByKey = database
    .select()
    .from(clip)
    .where(
      and(
        eq(clip.key, sql.placeholder('key')),
        eq(clip.state, 'wanted'),
        sql`(exists (select from ${waiting} w where w.clip = ${clip.key})
          or exists (select from ${wish} v where v.clip = ${clip.key}))`,
      ),
    )
    .prepare('');
  const videoById = readVideos(database, eq(video.id, sql.placeholder('id'))).prepare('');
  const videoWithClipsById = readVideosWithClips(database, eq(video.id, sql.placeholder('id'))).prepare('');

  return {
    checkSecret: (fingerprint) => persist(() => checkSecret(database, fingerprint)),
    probe: () => persist(() => rewriteSecret(database)),

    openCampaign: (wish) =>
      inTransaction(async (tx) => {
        const begun = await tx
          .insert(campaign)
          .values(wish)
          .onConflictDoNothing({ target: campaign.identity, where: isNull(campaign.finishedAt) })
          .returning({ id: campaign.id });
        if (begun.length > 0) return { campaign: wish, continued: false };
        const [open] = await tx
          .select()
          .from(campaign)
          .where(and(eq(campaign.identity, wish.identity), isNull(campaign.finishedAt)));
        if (open === undefined) throw new Error('A campaign was finished while it was opened.');
        const { id, identity, template, format, asOf } = open;
        return { campaign: { id, identity, template, format, asOf }, continued: id !== wish.id };
      }),

    finishCampaign: (id) =>
      persist(async () => {
        await database
          .update(campaign)
          .set({ finishedAt: sql`now()` })
          .where(and(eq(campaign.id, id), isNull(campaign.finishedAt)));
      }),

    recordedRows: (id, rows) =>
      persist(async () => {
        const found = await database
          .select({ row: video.row })
          .from(video)
          .where(and(eq(video.campaign, id), inArray(video.row, [...rows])));
        return new Set(found.map(({ row }) => row));
      }),

    submit: (id, videos, clips) => inTransaction((tx) => submitRows(tx, id, videos, clips)),

    wish: (id, wishes) => inTransaction((tx) => wishClips(tx, id, wishes)),

    clipStates: (keys) =>
      persist(async () => {
        const found = await database
          .select({ key: clip.key, state: clip.state })
          .from(clip)
          .where(sql`${clip.key} = any${textArray(keys)}`);
        return new Map(found.map(({ key, state }) => [key, state]));
      }),

    tellClips: (id, keys) => persist(() => tellClips(database, id, keys)),
    toldClip: (id, key) => persist(() => readToldClip(database, id, key)),
    loseClip: (key) => persist(() => loseClip(database, key)),

    wantedClip: (key) =>
      persist(async () => {
        const [found] = await wantedByKey.execute({ key });
        return found && toClipDraft(found);
      }),

    completeClip: (key, made) => persist(() => completeClip(database, key, made)),
    failClip: (key, code, message) => inTransaction((tx) => failClip(tx, key, code, message)),
    reviveClips: (id, keys) => inTransaction((tx) => reviveClips(tx, id, keys)),

    video: (id) =>
      persist(async () => {
        const [found] = await videoById.execute({ id });
        return found && toVideoEntry(found);
      }),

    videoWithClips: (id) =>
      persist(async () => {
        const [found] = await videoWithClipsById.execute({ id });
        return found && { video: toVideoEntry(found), clips: found.clips.map(fromClipJson) };
      }),

    clips: (keys) =>
      persist(async () => {
        const found = await database
          .select()
          .from(clip)
          .where(sql`${clip.key} = any${textArray(keys)}`);
        const byKey = new Map(found.map((row) => [row.key, toClipDraft(row)]));
        return keys.flatMap((key) => byKey.get(key) ?? []);
      }),

    videoByLink: (link) =>
      persist(async () => {
        const [found] = await readVideos(database, eq(video.link, link));
        return found && toVideoEntry(found);
      }),

    relinkVideo: (id, link) =>
      inTransaction(async (tx) => {
        await tx.delete(share).where(eq(share.video, id));
        await tx
          .update(video)
          .set({ link: link ?? null })
          .where(eq(video.id, id));
      }),

    completeVideo: (id, coming = []) => persist(() => completeVideo(database, id, coming)),

    claimReport: (id) =>
      persist(async () => {
        const claimed = await database
          .update(video)
          .set({ reported: true })
          .where(and(eq(video.id, id), eq(video.reported, false)))
          .returning({ id: video.id });
        return claimed.length > 0;
      }),

    endPictures: ({ id, key }, pictures, warnings = []) => {
      const end = (on: Database) =>
        on
          .update(video)
          .set({ coming: without(pictures) })
          .where(and(eq(video.id, id), eq(video.key, key), sql`${video.coming} <> '[]'`))
          .returning({ warnings: video.warnings });
      if (warnings.length === 0) return persist(async () => void (await end(database)));
      return inTransaction(async (tx) => {
        const [now] = await end(tx);
        if (now === undefined) return;
        const others = now.warnings.filter((each) => !pictures.some((picture) => isAbout(each, picture)));
        await tx
          .update(video)
          .set({ warnings: [...others, ...warnings] })
          .where(eq(video.id, id));
      });
    },

    losePicture: ({ id, key }, picture) =>
      persist(async () => {
        await database
          .update(video)
          .set({ coming: sql`(${without([picture])}::jsonb || to_jsonb(array[${picture}::text]))::text` })
          .where(and(eq(video.id, id), eq(video.key, key), eq(video.state, 'done')));
      }),

    addStill: (key, still) =>
      persist(async () => {
        const one = JSON.stringify([still]);
        const known = await database
          .update(clip)
          .set({
            stills: sql`case when ${clip.stills}::jsonb @> ${one}::jsonb then ${clip.stills}
              else (${clip.stills}::jsonb || ${one}::jsonb)::text end`,
          })
          .where(eq(clip.key, key))
          .returning({ key: clip.key });
        return known.length > 0;
      }),

    reopenVideo: (id) =>
      inTransaction(async (tx) => {
        const [now] = await tx
          .update(video)
          .set({ state: 'ready', endedAt: null, coming: [] })
          .where(and(eq(video.id, id), eq(video.state, 'done')))
          .returning({ campaign: video.campaign, warnings: video.warnings });
        if (now === undefined) return;
        await tx
          .update(video)
          .set({ warnings: now.warnings.filter(({ code }) => code !== 'picture-unavailable') })
          .where(eq(video.id, id));
        await addOpenRows(tx, now.campaign, 1);
      }),

    failVideo: (id, code, message) => inTransaction((tx) => failVideo(tx, id, code, message)),
    cancelCampaign: (id) => inTransaction((tx) => cancelVideos(tx, id)),

    progress: (id) => persist(() => readProgress(database, id)),
    begunRows: (id) => persist(() => countBegunRows(database, id)),

    rows: (id, after, limit, states) =>
      persist(async () => {
        const found = await readVideos(
          database,
          and(eq(video.campaign, id), gt(video.row, after), states && mayBeIn(states)),
        )
          .orderBy(asc(video.row))
          .limit(limit);
        return found.map(toVideoEntry);
      }),

    doneRows: (id, after, limit) =>
      persist(async () => {
        const found = await readVideos(
          database,
          and(eq(video.campaign, id), eq(video.state, 'done'), gt(video.ended, after)),
        )
          .orderBy(asc(video.ended))
          .limit(limit);
        return { rows: found.map(toVideoEntry), last: found.at(-1)?.film.ended ?? after };
      }),

    storedClips: (keys) =>
      persist(async () => {
        const found = await database
          .select({ key: clip.key })
          .from(clip)
          .where(and(sql`${clip.key} = any${textArray(keys)}`, eq(clip.state, 'stored')));
        return new Set(found.map(({ key }) => key));
      }),

    sceneSpeeds: (template) =>
      persist(() =>
        query(
          database,
          speedRow,
          sql`select template, scene, format, (encoding::jsonb->>'scale')::float8 as scale,
                sum(duration_in_frames)::float8 * 1000 / greatest(sum(render_ms), 1) as "framesPerSecond",
                sum(bytes)::float8 / sum(duration_in_frames) as "bytesPerFrame"
              from ${clip}
              where template = ${template} and render_ms is not null and bytes is not null
              group by 1, 2, 3, 4`,
        ),
      ),

    images: (urlKeys) => persist(() => readImages(database, urlKeys)),
    rememberImages: (images) => persist(() => writeImages(database, images)),
    outstanding: (after, limit) => persist(() => readOutstanding(database, after, limit)),

    close,
  };
}
