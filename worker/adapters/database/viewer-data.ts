import { and, asc, eq, inArray } from 'drizzle-orm';
import type { ChangedRecord, RecordChange, SettledRemakes, ViewerData } from '../../core/viewer-data.ts';
import type { Database, DatabaseAccess } from './database.ts';
import { consent, recordChange, remake, share } from './people-schema.ts';
import {
  dropClips,
  endedRemakes,
  giveUpRemake,
  orphanedRemakes,
  readVideo,
  settleRemake,
  withdrawFilm,
} from './remakes.ts';
import { lockCampaigns } from './video-endings.ts';
import { clipUse, planTerms, viewing } from './viewing-schema.ts';

/** Whether a record is still what a change was made of. */
async function isAsRead(tx: Database, id: string, { from }: ChangedRecord): Promise<boolean> {
  const [found] = await tx.select({ record: viewing.record }).from(viewing).where(eq(viewing.video, id));
  const now = { record: found?.record, changes: await readChanges(tx, id) };
  return JSON.stringify(now) === JSON.stringify({ record: from.record, changes: from.changes });
}

const readChanges = (database: Database, id: string): Promise<RecordChange[]> =>
  database
    .select({ name: recordChange.name, kind: recordChange.kind, original: recordChange.original })
    .from(recordChange)
    .where(eq(recordChange.video, id))
    .orderBy(asc(recordChange.name));

/** Exchanges what a film is made from. */
async function writeRecord(
  tx: Database,
  id: string,
  { viewing: made, changes }: ChangedRecord,
): Promise<void> {
  const { id: terms } = made.terms;
  await tx.insert(planTerms).values({ id: terms, terms: made.terms }).onConflictDoNothing();
  const { record, images } = made;
  await tx.update(viewing).set({ terms, record, images }).where(eq(viewing.video, id));
  await tx.delete(recordChange).where(eq(recordChange.video, id));
  if (changes.length === 0) return;
  await tx
    .insert(recordChange)
    .values(changes.map(({ original, ...change }) => ({ video: id, ...change, original: original ?? null })));
}

/** `ViewerData.change` within a transaction. */
async function changeRecord(tx: Database, id: string, changed: ChangedRecord): Promise<boolean> {
  const found = await readVideo(tx, id);
  if (found !== undefined) await lockCampaigns(tx, [found.campaign]);
  const film = await readVideo(tx, id);
  // A film that is being made anew stays so: whoever would keep it has not seen that.
  const keepsNothing = changed.remake === undefined && film?.key === null;
  if (film === undefined || film.erased || keepsNothing || !(await isAsRead(tx, id, changed))) {
    if (changed.remake !== undefined) await giveUpRemake(tx, changed.remake);
    return false;
  }
  const [earlier] = await tx.select().from(remake).where(eq(remake.of, id));
  if (earlier !== undefined) await giveUpRemake(tx, earlier.video);
  await writeRecord(tx, id, changed);
  if (changed.remake !== undefined) {
    const failureTold = earlier?.failureTold ?? false;
    await tx.insert(remake).values({ of: id, video: changed.remake, failureTold });
    await withdrawFilm(tx, film);
  }
  await dropClips(tx, id, changed.outdated);
  return true;
}

/** What viewers say about their data in SQL: one set of statements for PGlite and PostgreSQL. */
export function createViewerData({ database, transaction, persist }: DatabaseAccess): ViewerData {
  const inTransaction = <T>(run: (tx: Database) => Promise<T>): Promise<T> => persist(() => transaction(run));

  return {
    clipsUsed: (id) =>
      persist(async () => {
        const used = await database.select({ clip: clipUse.clip }).from(clipUse).where(eq(clipUse.video, id));
        return used.map(({ clip }) => clip);
      }),

    changes: (id) => persist(() => readChanges(database, id)),
    change: (id, changed) => inTransaction((tx) => changeRecord(tx, id, changed)),

    settleRemakes: async (ids) => {
      const orphans = ids === undefined ? await persist(() => orphanedRemakes(database)) : [];
      for (const id of orphans) await inTransaction((tx) => giveUpRemake(tx, id));
      const settled: SettledRemakes[] = [];
      for (const id of await persist(() => endedRemakes(database, ids))) {
        settled.push(await inTransaction((tx) => settleRemake(tx, id)));
      }
      return {
        failed: settled.flatMap(({ failed }) => failed),
        owed: settled.flatMap(({ owed }) => owed),
        coming: settled.flatMap(({ coming }) => coming),
      };
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
