import { and, asc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import { z } from 'zod';
import {
  longestLog,
  mostGuests,
  type ChangedRecord,
  type LoggedEvent,
  type RecordChange,
  type SettledRemakes,
  type ViewerSession,
  type Viewers,
} from '../../core/viewers.ts';
import { forgetRemakesWithoutRow } from './campaigns.ts';
import { jsonRows, query, textArray, type Database, type DatabaseAccess } from './database.ts';
import {
  dropClips,
  endedRemakes,
  giveUpRemake,
  orphanedRemakes,
  readRender,
  settleRemake,
  withdrawRender,
} from './remakes.ts';
import { lockCampaigns } from './row-endings.ts';
import {
  clipUse,
  consent,
  planTerms,
  recordChange,
  remake,
  session,
  sessionEvent,
  share,
  renderSource,
} from './viewer-schema.ts';

/** Whether a record is still what a change was made of. */
async function isAsRead(tx: Database, id: string, { from }: ChangedRecord): Promise<boolean> {
  const [found] = await tx
    .select({ record: renderSource.record })
    .from(renderSource)
    .where(eq(renderSource.render, id));
  const now = { record: found?.record, changes: await readChanges(tx, id) };
  return JSON.stringify(now) === JSON.stringify({ record: from.record, changes: from.changes });
}

const readChanges = (database: Database, id: string): Promise<RecordChange[]> =>
  database
    .select({ name: recordChange.name, kind: recordChange.kind, original: recordChange.original })
    .from(recordChange)
    .where(eq(recordChange.render, id))
    .orderBy(asc(recordChange.name));

/** Exchanges what a render is made from. */
async function writeRecord(
  tx: Database,
  id: string,
  { source: made, changes }: ChangedRecord,
): Promise<void> {
  const { id: terms } = made.terms;
  await tx.insert(planTerms).values({ id: terms, terms: made.terms }).onConflictDoNothing();
  const { record, images } = made;
  await tx.update(renderSource).set({ terms, record, images }).where(eq(renderSource.render, id));
  await tx.delete(recordChange).where(eq(recordChange.render, id));
  if (changes.length === 0) return;
  await tx
    .insert(recordChange)
    .values(
      changes.map(({ original, ...change }) => ({ render: id, ...change, original: original ?? null })),
    );
}

/** `Viewers.change` within a transaction. */
async function changeRecord(tx: Database, id: string, changed: ChangedRecord): Promise<boolean> {
  const found = await readRender(tx, id);
  if (found !== undefined) await lockCampaigns(tx, [found.campaign]);
  const render = await readRender(tx, id);
  // A render that has a remake keeps it: a change that needs none was made from what was there before.
  const keepsNothing = changed.remake === undefined && render?.key === null;
  if (
    render === undefined ||
    render.state === 'skipped' ||
    keepsNothing ||
    !(await isAsRead(tx, id, changed))
  ) {
    if (changed.remake !== undefined) await giveUpRemake(tx, changed.remake);
    return false;
  }
  const [earlier] = await tx.select().from(remake).where(eq(remake.of, id));
  if (earlier !== undefined) await giveUpRemake(tx, earlier.render);
  await writeRecord(tx, id, changed);
  if (changed.remake !== undefined) {
    const failureReported = earlier?.failureReported ?? false;
    await tx.insert(remake).values({ of: id, render: changed.remake, failureReported });
    await withdrawRender(tx, render);
  }
  await dropClips(tx, id, changed.outdated);
  return true;
}

type SessionRow = typeof session.$inferSelect;

const appendedRow = z.object({ appended: z.boolean() });

const toSession = ({ beginsAt, ...row }: SessionRow): ViewerSession => ({ ...row, run: beginsAt });

async function findSession(database: Database, id: string): Promise<SessionRow | undefined> {
  const [found] = await database.select().from(session).where(eq(session.id, id));
  return found;
}

/** The lines of a log's current run. @param from how many of them to leave out. */
async function readLog(
  database: Database,
  { id, beginsAt }: SessionRow,
  from = 0,
): Promise<readonly LoggedEvent[]> {
  return database
    .select({ id: sessionEvent.id, entry: sessionEvent.entry, at: sessionEvent.at })
    .from(sessionEvent)
    .where(and(eq(sessionEvent.session, id), gte(sessionEvent.seq, beginsAt + from)))
    .orderBy(asc(sessionEvent.seq));
}

/** Locks a session, so that nobody else writes to its log. */
async function lockSession(tx: Database, id: string): Promise<SessionRow | undefined> {
  const [found] = await tx.select().from(session).where(eq(session.id, id)).for('no key update');
  return found;
}

/** Removes the least recently used guest sessions of a video, so that there is room for a new one. */
async function makeRoom(tx: Database, of: string, newest: string): Promise<void> {
  await tx.execute(sql`
    delete from ${session} where id in (
      select id from ${session} guest where render = ${of} and rights = 'play' and id <> ${newest}
      order by coalesce(
        (select at from ${sessionEvent} where session = guest.id order by seq desc limit 1), created_at
      ) desc, id
      offset ${mostGuests - 1} for update skip locked
    )`);
}

/** Viewers in SQL: one set of statements for PGlite and PostgreSQL. */
export function createViewers({ database, transaction, persist }: DatabaseAccess): Viewers {
  const inTransaction = <T>(run: (tx: Database) => Promise<T>): Promise<T> => persist(() => transaction(run));

  return {
    openSession: (wanted) =>
      inTransaction(async (tx) => {
        const [made] = await tx.insert(session).values(wanted).onConflictDoNothing().returning();
        if (made !== undefined) {
          if (made.rights === 'play') await makeRoom(tx, made.render, made.id);
          return { session: toSession(made), resumed: false };
        }
        // The owner's other session, or this one, recorded before an answer was lost.
        const mine =
          wanted.rights === 'owner'
            ? and(eq(session.render, wanted.render), eq(session.rights, 'owner'))
            : eq(session.id, wanted.id);
        const [open] = await tx.update(session).set({ link: wanted.link }).where(mine).returning();
        if (open === undefined) throw new Error(`Session ${wanted.id} can neither be opened nor continued.`);
        return { session: toSession(open), resumed: open.id !== wanted.id };
      }),

    findSession: (id) =>
      persist(async () => {
        const found = await findSession(database, id);
        return found && toSession(found);
      }),

    ownerSessions: (renders) =>
      persist(async () => {
        const found = await database
          .select({ render: session.render, id: session.id })
          .from(session)
          .where(and(sql`${session.render} = any${textArray(renders)}`, eq(session.rights, 'owner')));
        return new Map(found.map(({ render: of, id }) => [of, id]));
      }),

    sessionsOf: (id) =>
      persist(async () => {
        const sessions = await database
          .select()
          .from(session)
          .where(eq(session.render, id))
          .orderBy(asc(session.createdAt));
        return Promise.all(
          sessions.map(async (row) => ({
            session: toSession(row),
            events: await readLog(database, { ...row, beginsAt: 0 }),
          })),
        );
      }),

    log: (id) =>
      persist(() =>
        database
          .select({ id: sessionEvent.id, entry: sessionEvent.entry, at: sessionEvent.at })
          .from(session)
          .innerJoin(
            sessionEvent,
            and(eq(sessionEvent.session, session.id), gte(sessionEvent.seq, session.beginsAt)),
          )
          .where(eq(session.id, id))
          .orderBy(asc(sessionEvent.seq)),
      ),

    append: (id, run, after, lines) =>
      persist(async () => {
        const given = jsonRows(lines.map((line) => ({ id: line.id, entry: JSON.stringify(line.entry) })));
        const [appended] = await query(
          database,
          appendedRow,
          sql`select bespoke.append_events(${id}, ${run}::int, ${after}::int, ${given}) as appended`,
        );
        return appended?.appended === true;
      }),

    rewrite: (id, run, entries) =>
      inTransaction(async (tx) => {
        const found = await lockSession(tx, id);
        if (found?.beginsAt !== run) return false;
        const known = await readLog(tx, found);
        if (known.length !== entries.length) return false;
        for (const [at, entry] of entries.entries()) {
          await tx
            .update(sessionEvent)
            .set({ entry })
            .where(and(eq(sessionEvent.session, id), eq(sessionEvent.seq, run + at)));
        }
        return true;
      }),

    restart: (id, run, story) =>
      inTransaction(async (tx) => {
        const found = await lockSession(tx, id);
        if (found?.beginsAt !== run) return;
        const [begun] = await tx
          .update(session)
          .set({
            story,
            beginsAt: sql`coalesce((select max(seq) + 1 from ${sessionEvent} where session = ${id}), 0)`,
          })
          .where(eq(session.id, id))
          .returning();
        const keptFrom = (begun?.beginsAt ?? 0) - longestLog;
        await tx
          .delete(sessionEvent)
          .where(and(eq(sessionEvent.session, id), lt(sessionEvent.seq, keptFrom)));
      }),

    clipsUsed: (id) =>
      persist(async () => {
        const used = await database
          .select({ clip: clipUse.clip })
          .from(clipUse)
          .where(eq(clipUse.render, id));
        return used.map(({ clip }) => clip);
      }),

    changes: (id) => persist(() => readChanges(database, id)),
    change: (id, changed) => inTransaction((tx) => changeRecord(tx, id, changed)),

    settleRemakes: async (ids) => {
      const orphans = ids === undefined ? await persist(() => orphanedRemakes(database)) : [];
      for (const id of orphans) await inTransaction((tx) => giveUpRemake(tx, id));
      if (ids === undefined) await persist(() => forgetRemakesWithoutRow(database));
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
          .where(eq(consent.render, id))
          .orderBy(asc(consent.variable));
        return found.map(({ variable }) => variable);
      }),

    setConsent: (id, variable, agreed) =>
      persist(async () => {
        if (agreed) await database.insert(consent).values({ render: id, variable }).onConflictDoNothing();
        else
          await database
            .delete(consent)
            .where(and(eq(consent.render, id), inArray(consent.variable, [variable])));
      }),

    share: (id, link) =>
      persist(async () => {
        await database.insert(share).values({ render: id, link }).onConflictDoNothing();
        const [found] = await database.select({ link: share.link }).from(share).where(eq(share.render, id));
        return found?.link ?? link;
      }),

    unshare: (id) =>
      persist(async () => {
        await database.delete(share).where(eq(share.render, id));
      }),

    sharedLink: (id) =>
      persist(async () => {
        const [found] = await database.select({ link: share.link }).from(share).where(eq(share.render, id));
        return found?.link;
      }),
  };
}
