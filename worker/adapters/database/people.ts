import { and, asc, desc, eq, sql } from 'drizzle-orm';
import type { People } from '../../core/people.ts';
import type { DatabaseAccess, Database } from './database.ts';
import { erasedAmong } from './erased-people.ts';
import { erasePerson, theirRenders, theirVideos } from './erase-person.ts';
import { textArray, jsonRows } from './json-rows.ts';
import { readOrders } from './order-rows.ts';
import { keepNeeded, noteRemovals } from './removals.ts';
import { image, order, video } from './schema.ts';
import { erasedPerson, remake, removal } from './people-schema.ts';
import { lockCampaigns } from './video-endings.ts';

/** More orders of one person are read in pages of their own, by nobody so far. */
const mostOrders = 100_000;

/** Not a row that a film is being made anew as. */
const isFilm = sql`not exists (select from ${remake} r where r.video = ${video.id})`;

/** What is kept about people in SQL: one set of statements for PGlite and PostgreSQL. */
export function createPeople({ database, transaction, persist }: DatabaseAccess): People {
  const inTransaction = <T>(run: (tx: Database) => Promise<T>): Promise<T> => persist(() => transaction(run));

  return {
    erased: (people) => persist(() => erasedAmong(database, people)),

    isAnybodyErased: () =>
      persist(async () => (await database.select().from(erasedPerson).limit(1)).length > 0),

    bar: (person) =>
      persist(async () => {
        await database.insert(erasedPerson).values({ person }).onConflictDoNothing();
      }),

    welcome: (person) =>
      persist(async () => {
        const barred = await database
          .delete(erasedPerson)
          .where(eq(erasedPerson.person, person))
          .returning({ person: erasedPerson.person });
        return barred.length > 0;
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
