import { and, asc, desc, eq, inArray, isNull, or, sql, type SQL } from 'drizzle-orm';
import type { OrderSource } from '../../core/campaigns.ts';
import { erasedFileName } from '../../core/erased-row.ts';
import type { Erased, People, Subject } from '../../core/people.ts';
import { readOrders } from './campaigns.ts';
import { jsonRows, textArray, type Database, type DatabaseAccess } from './database.ts';
import {
  filesOfVideos,
  forgetClips,
  forgetImages,
  keepNeeded,
  lockClips,
  noteRemovals,
} from './release-content.ts';
import { countEnded, endsNow, endWaiting, lockCampaigns } from './row-endings.ts';
import { campaign, idempotency, image, order, renderPlan, video, webhookDelivery } from './schema.ts';
import {
  clipUse,
  consent,
  erasedPerson,
  recordChange,
  remake,
  removal,
  session,
  sessionEvent,
  share,
  viewing,
  wish,
} from './viewer-schema.ts';

/** `People.suppressed`. */
export async function erasedAmong(
  database: Database,
  people: readonly string[],
): Promise<ReadonlySet<string>> {
  if (people.length === 0) return new Set();
  const found = await database
    .select({ person: erasedPerson.person })
    .from(erasedPerson)
    .where(sql`${erasedPerson.person} = any${textArray(people)}`);
  return new Set(found.map(({ person }) => person));
}

/** A subject's rows; a film that is made anew for a video is one of its own. */
const theirVideos = (subject: Subject): SQL | undefined =>
  'person' in subject
    ? eq(video.person, subject.person)
    : or(
        eq(video.id, subject.video),
        sql`${video.id} in (select r.video from ${remake} r where r.of = ${subject.video})`,
      );

/** A subject's single renders. */
const theirRenders = (subject: Subject): SQL | undefined =>
  and(
    eq(order.kind, 'render'),
    'person' in subject ? eq(order.person, subject.person) : eq(order.campaign, subject.video),
  );

/** Locks the campaigns that may hold, or be about to record, a row of the subject. */
async function lockTheirCampaigns(tx: Database, subject: Subject): Promise<void> {
  const rows = await tx.select({ id: video.campaign }).from(video).where(theirVideos(subject));
  const orders = await tx.select({ id: order.campaign }).from(order).where(theirRenders(subject));
  // Who records rows at this moment has looked before this person was barred, or sees it.
  const open =
    'person' in subject
      ? await tx.select({ id: campaign.id }).from(campaign).where(isNull(campaign.finishedAt))
      : [];
  await lockCampaigns(tx, [...new Set([...rows, ...orders, ...open].map(({ id }) => id))]);
}

/** Takes the records of single renders away, with what their clients said of them. */
async function eraseRenders(tx: Database, subject: Subject) {
  const source: OrderSource = { kind: 'erased' };
  const renders = await tx
    .update(order)
    .set({ source, metadata: {}, webhookUrl: null, message: null, person: null })
    .where(theirRenders(subject))
    .returning({ id: order.campaign });
  const ids = renders.map(({ id }) => id);
  const keys = await tx
    .delete(idempotency)
    .where(inArray(idempotency.order, ids))
    .returning({ key: idempotency.key });
  const webhooks = await tx
    .delete(webhookDelivery)
    .where(inArray(webhookDelivery.order, ids))
    .returning({ id: webhookDelivery.id });
  return { records: ids.length, idempotencyKeys: keys.length, webhooks: webhooks.length };
}

/** Takes away what videos are made from, and all that their viewers did and said. */
async function eraseViewings(tx: Database, ids: readonly string[]) {
  const theirs = textArray(ids);
  for (const table of [clipUse, wish, recordChange, consent, share] as const) {
    await tx.delete(table).where(sql`video = any${theirs}`);
  }
  await tx.delete(remake).where(sql`of = any${theirs} or video = any${theirs}`);
  const events = await tx
    .delete(sessionEvent)
    .where(sql`session in (select s.id from ${session} s where s.video = any${theirs})`)
    .returning({ seq: sessionEvent.seq });
  const sessions = await tx
    .delete(session)
    .where(sql`video = any${theirs}`)
    .returning({ id: session.id });
  return { sessions: sessions.length, events: events.length };
}

/** What is left of a row whose person was erased. */
const emptied = {
  fileName: sql`${erasedFileName(0).slice(0, -1)} || ${video.row}`,
  key: null,
  path: [],
  mix: null,
  durationInFrames: 0,
  person: null,
  personal: false,
  warnings: [],
  coming: [],
  state: 'skipped',
  erased: true,
  clipsLeft: 0,
  clipsRendered: 0,
  clipsReused: 0,
  code: null,
  message: null,
  link: null,
} as const;

/** Every clip that these rows show, or that was made for their viewers. */
async function clipsOf(
  tx: Database,
  rows: readonly Pick<typeof video.$inferSelect, 'id' | 'path'>[],
): Promise<ReadonlySet<string>> {
  const used = await tx
    .select({ clip: clipUse.clip })
    .from(clipUse)
    .where(sql`${clipUse.video} = any${textArray(rows.map(({ id }) => id))}`);
  return new Set([...rows.flatMap(({ path }) => path), ...used].map((each) => each.clip));
}

/** `People.erase` within a transaction. */
async function erasePerson(tx: Database, subject: Subject, imageKeys: readonly string[]): Promise<Erased> {
  await lockTheirCampaigns(tx, subject);
  const rows = await tx
    .select()
    .from(video)
    .where(and(theirVideos(subject), eq(video.erased, false)));
  const ids = rows.map(({ id }) => id);
  const keys = await clipsOf(tx, rows);
  // Viewers wish for clips only while this is there, which they look at before they lock any.
  for (const table of [viewing, renderPlan] as const) {
    await tx.delete(table).where(sql`video = any${textArray(ids)}`);
  }
  // Clips are locked before who waits for them, and these before videos.
  await lockClips(tx, keys);
  await endWaiting(tx, sql`w.video = any${textArray(ids)}`);
  const watched = await eraseViewings(tx, ids);
  await tx
    .update(video)
    .set(emptied)
    .where(sql`${video.id} = any${textArray(ids)}`);
  const open = rows.filter(({ state }) => state === 'waiting' || state === 'ready');
  await tx
    .update(video)
    .set(endsNow)
    .where(sql`${video.id} = any${textArray(open.map(({ id }) => id))}`);
  await countEnded(tx, open);

  const renders = await eraseRenders(tx, subject);
  const clips = await forgetClips(tx, keys);
  const images = await forgetImages(tx, clips.hashes, imageKeys);
  await noteRemovals(tx, [...(await filesOfVideos(tx, rows)), ...clips.files, ...images.files]);
  return {
    counts: {
      videos: rows.length,
      ...renders,
      ...watched,
      clips: clips.keys.length,
      images: images.addresses,
    },
    campaigns: [...new Set(rows.map((row) => row.campaign))],
    rowsEnded: open.length,
    clips: clips.keys,
    videos: open.map(({ id }) => id),
  };
}

/** More orders of one person are read in pages of their own, by nobody so far. */
const mostOrders = 100_000;

/** Not a row that a film is being made anew as. */
const isFilm = sql`not exists (select from ${remake} r where r.video = ${video.id})`;

/** What is kept about people in SQL: one set of statements for PGlite and PostgreSQL. */
export function createPeople({ database, transaction, persist }: DatabaseAccess): People {
  const inTransaction = <T>(run: (tx: Database) => Promise<T>): Promise<T> => persist(() => transaction(run));

  return {
    suppressed: (people) => persist(() => erasedAmong(database, people)),

    isAnyoneSuppressed: () =>
      persist(async () => (await database.select().from(erasedPerson).limit(1)).length > 0),

    suppress: (person) =>
      persist(async () => {
        await database.insert(erasedPerson).values({ person }).onConflictDoNothing();
      }),

    unsuppress: (person) =>
      persist(async () => {
        const suppressed = await database
          .delete(erasedPerson)
          .where(eq(erasedPerson.person, person))
          .returning({ person: erasedPerson.person });
        return suppressed.length > 0;
      }),

    personOf: (id) =>
      persist(async () => {
        const [row] = await database.select({ person: video.person }).from(video).where(eq(video.id, id));
        if (row !== undefined) return row.person ?? undefined;
        const [ordered] = await database
          .select({ person: order.person })
          .from(order)
          .where(and(eq(order.campaign, id), eq(order.kind, 'render')));
        return ordered?.person ?? undefined;
      }),

    videos: (subject) =>
      persist(() =>
        database
          .select({ id: video.id, campaign: video.campaign, row: video.row })
          .from(video)
          .where(and(theirVideos(subject), eq(video.erased, false), isFilm))
          .orderBy(asc(video.ended)),
      ),

    renders: (subject) =>
      persist(async () => {
        const found = await readOrders(database, theirRenders(subject), asc(order.number), mostOrders);
        return found.map(({ entry }) => entry).filter(({ source }) => source.kind !== 'erased');
      }),

    unreadCampaigns: () =>
      persist(async () => {
        const found = await readOrders(
          database,
          and(
            eq(order.kind, 'campaign'),
            eq(order.state, 'failed'),
            sql`${order.rows} > (select count(*) from ${video} v where v.campaign = ${order.campaign})`,
          ),
          desc(order.number),
          mostOrders,
        );
        return found.map(({ entry }) => entry);
      }),

    erasedRows: (id) =>
      persist(async () => {
        const found = await database
          .select({ row: video.row })
          .from(video)
          .where(and(eq(video.campaign, id), eq(video.state, 'skipped'), video.erased));
        return found.map(({ row }) => row);
      }),

    exchangeSource: (id, from, to, imageKeys) =>
      inTransaction(async (tx) => {
        await lockCampaigns(tx, [id]);
        const [now] = await tx.select({ source: order.source }).from(order).where(eq(order.campaign, id));
        if (JSON.stringify(now?.source) !== JSON.stringify(from)) return false;
        await tx.update(order).set({ source: to }).where(eq(order.campaign, id));
        const files = await tx
          .select({ hash: image.hash })
          .from(image)
          .where(sql`${image.urlKey} = any${textArray(imageKeys)}`);
        await noteRemovals(tx, [
          ...files.flatMap(({ hash }) =>
            hash === null ? [] : [{ shelf: 'images' as const, name: `${hash}.jpg`, inWork: false }],
          ),
          ...(from.kind === 'csv' ? [{ shelf: 'inputs' as const, name: from.file, inWork: false }] : []),
        ]);
        await tx.delete(image).where(sql`${image.urlKey} = any${textArray(imageKeys)}`);
        return true;
      }),

    erase: (subject, imageKeys) => inTransaction((tx) => erasePerson(tx, subject, imageKeys)),

    removals: (limit) =>
      persist(async () => {
        await keepNeeded(database);
        return database.select().from(removal).orderBy(removal.watchUntil).limit(limit);
      }),

    removed: (files) =>
      persist(async () => {
        await database.execute(
          sql`delete from ${removal} r using jsonb_to_recordset(${jsonRows(files)}) as gone(shelf text, name text)
              where r.shelf = gone.shelf and r.name = gone.name and r.watch_until <= now()`,
        );
      }),
  };
}
