import { and, asc, eq, gt, inArray, or, sql, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import type { ErrorCode } from '../../../errors/catalogue.ts';
import type { Renders, RowState, VideoEntry } from '../../core/renders.ts';
import type { VideoPicture, VideoWarning } from '../../core/video.ts';
import { query, textArray, type Database, type DatabaseAccess } from './database.ts';
import { submitRows } from './record-renders.ts';
import { addOpenRows, completeVideo, failVideo } from './row-endings.ts';
import { renderPlan, video, waiting } from './schema.ts';
import { planTerms, remake, share, viewing, wish } from './viewer-schema.ts';

type VideoRow = typeof video.$inferSelect;

/** @param pathLeft how many clips of its path the row waits for. */
function toRowState(row: VideoRow, pathLeft: number): RowState {
  switch (row.state) {
    case 'waiting': {
      const path = new Set(row.path.map(({ clip }) => clip)).size;
      // Each clip of the row is counted once, as rendered for it or as reused.
      const beside = row.clipsRendered + row.clipsReused - path;
      return {
        state: 'waiting',
        path: { done: path - pathLeft, total: path },
        beside: { done: beside - (row.clipsLeft - pathLeft), total: beside },
      };
    }
    case 'done':
      return { state: 'done', clipsRendered: row.clipsRendered, clipsReused: row.clipsReused };
    case 'failed': {
      const code: ErrorCode = row.code ?? 'internal';
      return { state: 'failed', code, message: row.message ?? '' };
    }
    case 'skipped':
      return { state: 'skipped', reason: 'erased' };
    case 'ready':
    case 'cancelled':
      return { state: row.state };
    default:
      return row.state satisfies never;
  }
}

/** A row as which a film is made anew; one that is done takes the film's place in a moment. */
function toRemake(row: VideoRow, pathLeft: number): VideoEntry['remake'] {
  const status = toRowState(row, pathLeft);
  return { status: status.state === 'done' ? { state: 'ready' } : status, path: row.path };
}

/** A row as it was read, with the row that remakes its film, if there is one. */
export interface ReadVideo {
  readonly film: VideoRow;
  readonly made: VideoRow | null;
  /** How many clips of its own path each of the two waits for. */
  readonly filmPathLeft: number;
  readonly madePathLeft: number;
}

/** Converts a row of the table. */
function toVideoEntry({ film: row, made, filmPathLeft, madePathLeft }: ReadVideo): VideoEntry {
  return {
    id: row.id,
    campaign: row.campaign,
    row: row.row,
    fileName: row.fileName,
    priority: row.priority,
    key: row.key ?? undefined,
    path: row.path,
    mix: row.mix ?? undefined,
    durationInFrames: row.durationInFrames,
    warnings: row.warnings,
    person: row.person ?? undefined,
    personal: row.personal,
    link: row.link ?? undefined,
    endedAt: row.endedAt ?? undefined,
    status: toRowState(row, filmPathLeft),
    coming: row.coming,
    ...(made !== null && { remake: toRemake(made, madePathLeft) }),
  };
}

const made = alias(video, 'made');

/** How many clips of its own path a row waits for. Its other waits are for clips that only its page may need. */
const pathLeft = (row: typeof video | typeof made) =>
  sql<number>`case when ${row.state} = 'waiting' then (
      select count(*)::int from ${waiting} w
      where w.video = ${row.id} and strpos(${row.path}, to_json(w.clip)::text) > 0
    ) else 0 end`;

const columns = { film: video, made, filmPathLeft: pathLeft(video), madePathLeft: pathLeft(made) };

/** Rows, each with the one that its film is made anew as. */
const readVideos = (database: Database, which: SQL | undefined) =>
  database
    .select(columns)
    .from(video)
    .leftJoin(remake, eq(remake.of, video.id))
    .leftJoin(made, eq(made.id, remake.video))
    .where(which);

/** The same with their plans. */
const readPlannedVideos = (database: Database, which: SQL | undefined) =>
  database
    .select({ ...columns, plan: renderPlan.plan })
    .from(video)
    .leftJoin(remake, eq(remake.of, video.id))
    .leftJoin(made, eq(made.id, remake.video))
    .leftJoin(renderPlan, eq(renderPlan.video, video.id))
    .where(which);

/** Rows in these states, and those that are told in another one since their film is made anew. */
const mayBeIn = (states: readonly RowState['state'][]): SQL | undefined =>
  or(inArray(video.state, [...states]), sql`${video.id} = any(array(select r.of from ${remake} r))`);

type Outstanding = Awaited<ReturnType<Renders['outstanding']>>;

/** A page holds clips, videos or pictures, in this order; its cursor says which. */
const clipCursor = 'clip:';
const videoCursor = 'video:';
const pictureCursor = 'picture:';

const clipRow = z.object({ key: z.string(), priority: z.number(), last: z.string() });

/** `Renders.outstanding`. Lines of who waits exist for wanted clips only. */
async function readOutstanding(
  database: Database,
  after: string | undefined,
  limit: number,
): Promise<Outstanding> {
  const cursor = after ?? clipCursor;
  if (cursor.startsWith(clipCursor)) {
    const last = cursor.slice(clipCursor.length);
    // The page is cut before it is joined, so that its cost does not grow with the pages after it.
    const clips = await query(
      database,
      clipRow,
      sql`with page as materialized (
            select clip from (
              (select clip from ${waiting} where clip > ${last} group by clip order by clip limit ${limit})
              union
              (select clip from ${wish} where clip > ${last} group by clip order by clip limit ${limit})
            ) as either order by clip limit ${limit}
          ), waiter as (
            select page.clip, v.priority, v."row"
            from page join ${waiting} w on w.clip = page.clip join ${video} v on v.id = w.video
            union all
            select page.clip, w.priority, 0 from page join ${wish} w on w.clip = page.clip
          )
          select clip as key, min(priority)::int as priority, max(clip) over () as last
          from waiter group by clip order by min("row"), clip`,
    );
    const end = clips.length === limit ? clips[0]?.last : undefined;
    return {
      clips: clips.map(({ key, priority }) => ({ key, priority })),
      videos: [],
      pictures: [],
      next: end === undefined ? videoCursor : clipCursor + end,
    };
  }
  const ready = cursor.startsWith(videoCursor);
  const prefix = ready ? videoCursor : pictureCursor;
  const found = await database
    .select({ id: video.id, priority: video.priority })
    .from(video)
    .where(
      and(
        ready ? eq(video.state, 'ready') : sql`${video.coming} <> '[]'`,
        gt(video.id, cursor.slice(prefix.length)),
      ),
    )
    .orderBy(asc(video.id))
    .limit(limit);
  const end = found.length === limit ? found.at(-1) : undefined;
  const following = ready ? pictureCursor : undefined;
  return {
    clips: [],
    videos: ready ? found : [],
    pictures: ready ? [] : found,
    next: end === undefined ? following : prefix + end.id,
  };
}

/** What a video is made from. */
async function readViewing(database: Database, video: string): ReturnType<Renders['source']> {
  const [found] = await database
    .select({ terms: planTerms.terms, record: viewing.record, images: viewing.images })
    .from(viewing)
    .innerJoin(planTerms, eq(planTerms.id, viewing.terms))
    .where(eq(viewing.video, video));
  return found;
}

/** The pictures to come, as they are kept, without some of them. */
const without = (pictures: readonly VideoPicture[]) =>
  sql<readonly VideoPicture[]>`(${video.coming}::jsonb - ${textArray(pictures)})::text`;

const isAbout = ({ code, field }: VideoWarning, picture: VideoPicture): boolean =>
  code === 'picture-unavailable' && field === picture;

/** Renders in SQL: one set of statements for PGlite and PostgreSQL. */
export function createRenders({ database, transaction, persist }: DatabaseAccess): Renders {
  const inTransaction = <T>(run: (tx: Database) => Promise<T>): Promise<T> => persist(() => transaction(run));

  // Each job reads with these, so their text is built once. They have no name, which a connection pooler in
  // transaction mode could not follow.
  const videoById = readVideos(database, eq(video.id, sql.placeholder('id'))).prepare('');
  const plannedVideoById = readPlannedVideos(database, eq(video.id, sql.placeholder('id'))).prepare('');

  return {
    recordedRows: (id, rows) =>
      persist(async () => {
        const found = await database
          .select({ row: video.row })
          .from(video)
          .where(and(eq(video.campaign, id), inArray(video.row, [...rows])));
        return new Set(found.map(({ row }) => row));
      }),

    record: (id, videos, clips) => inTransaction((tx) => submitRows(tx, id, videos, clips)),

    find: (id) =>
      persist(async () => {
        const [found] = await videoById.execute({ id });
        return found && toVideoEntry(found);
      }),

    findPlanned: (id) =>
      persist(async () => {
        const [found] = await plannedVideoById.execute({ id });
        if (found === undefined) return undefined;
        const { film, plan } = found;
        const { campaign, key, mix, path } = film;
        const planned =
          plan === null || key === null || mix === null
            ? undefined
            : { id, campaign, key, mix, path, ...plan };
        return { video: toVideoEntry(found), planned };
      }),

    findByLink: (link) =>
      persist(async () => {
        const [found] = await readVideos(database, eq(video.link, link));
        return found && toVideoEntry(found);
      }),

    relink: (id, link) =>
      inTransaction(async (tx) => {
        await tx.delete(share).where(eq(share.video, id));
        await tx
          .update(video)
          .set({ link: link ?? null })
          .where(eq(video.id, id));
      }),
    source: (id) => persist(() => readViewing(database, id)),

    list: (id, after, limit, states) =>
      persist(async () => {
        const found = await readVideos(
          database,
          and(eq(video.campaign, id), gt(video.row, after), states && mayBeIn(states)),
        )
          .orderBy(asc(video.row))
          .limit(limit);
        return found.map(toVideoEntry);
      }),

    listDone: (id, after, limit) =>
      persist(async () => {
        const found = await readVideos(
          database,
          and(eq(video.campaign, id), eq(video.state, 'done'), gt(video.ended, after)),
        )
          .orderBy(asc(video.ended))
          .limit(limit);
        return { rows: found.map(toVideoEntry), last: found.at(-1)?.film.ended ?? after };
      }),

    complete: (id, coming = []) => persist(() => completeVideo(database, id, coming)),

    fail: (id, code, message) => inTransaction((tx) => failVideo(tx, id, code, message)),

    reopen: (id) =>
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

    outstanding: (after, limit) => persist(() => readOutstanding(database, after, limit)),
  };
}
