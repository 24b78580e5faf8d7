import { and, asc, eq, gte, inArray, isNull, lt, sql } from 'drizzle-orm';
import {
  longestLog,
  mostGuests,
  type LoggedEvent,
  type ViewerSession,
  type Viewings,
} from '../../core/viewings.ts';
import type { Database, DatabaseAccess } from './database.ts';
import { readViewing } from './viewing-rows.ts';
import { session, sessionEvent } from './viewing-schema.ts';

type SessionRow = typeof session.$inferSelect;

const toSession = ({ beginsAt, endedAt, ...row }: SessionRow): ViewerSession => ({
  ...row,
  run: beginsAt,
  endedAt: endedAt ?? undefined,
});

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
async function makeRoom(tx: Database, video: string, newest: string): Promise<void> {
  await tx.execute(sql`
    delete from ${session} where id in (
      select id from ${session} guest where video = ${video} and rights = 'play' and id <> ${newest}
      order by coalesce(
        (select at from ${sessionEvent} where session = guest.id order by seq desc limit 1), created_at
      ) desc, id
      offset ${mostGuests - 1} for update skip locked
    )`);
}

/** Videos' makings and viewers' sessions in SQL: one set of statements for PGlite and PostgreSQL. */
export function createViewings({ database, transaction, persist }: DatabaseAccess): Viewings {
  const inTransaction = <T>(run: (tx: Database) => Promise<T>): Promise<T> => persist(() => transaction(run));

  return {
    find: (video) => persist(() => readViewing(database, video)),

    open: (wish) =>
      inTransaction(async (tx) => {
        const [made] = await tx.insert(session).values(wish).onConflictDoNothing().returning();
        if (made !== undefined) {
          if (made.rights === 'play') await makeRoom(tx, made.video, made.id);
          return { session: toSession(made), resumed: false };
        }
        // The owner's other session, or this one, recorded before an answer was lost.
        const mine =
          wish.rights === 'owner'
            ? and(eq(session.video, wish.video), eq(session.rights, 'owner'), isNull(session.endedAt))
            : eq(session.id, wish.id);
        const [open] = await tx.update(session).set({ link: wish.link }).where(mine).returning();
        if (open === undefined) throw new Error(`Session ${wish.id} can be neither opened nor gone on with.`);
        return { session: toSession(open), resumed: open.id !== wish.id };
      }),

    session: (id) =>
      persist(async () => {
        const found = await findSession(database, id);
        return found && toSession(found);
      }),

    ofVideo: (id) =>
      persist(async () => {
        const sessions = await database
          .select()
          .from(session)
          .where(eq(session.video, id))
          .orderBy(asc(session.createdAt));
        return Promise.all(
          sessions.map(async (row) => ({
            session: toSession(row),
            events: await readLog(database, { ...row, beginsAt: 0 }),
          })),
        );
      }),

    log: (id) =>
      persist(async () => {
        const found = await findSession(database, id);
        return found === undefined ? [] : readLog(database, found);
      }),

    append: (id, run, after, lines) =>
      inTransaction(async (tx) => {
        const found = await lockSession(tx, id);
        if (found?.beginsAt !== run) return false;
        // With the last line that is known, which shows that the log is so long.
        const skipped = Math.max(0, after - 1);
        const tail = await readLog(tx, found, skipped);
        const behind = tail.slice(after - skipped);
        if (tail.length < after - skipped) return false;
        if (behind.some((line, index) => line.id !== lines[index]?.id)) return false;
        const fresh = lines.slice(behind.length);
        if (fresh.length === 0) return true;
        const ids = fresh.map((line) => line.id);
        const [earlier] = await tx
          .select({ seq: sessionEvent.seq })
          .from(sessionEvent)
          .where(and(eq(sessionEvent.session, id), inArray(sessionEvent.id, ids)));
        // Of a log that was left, or of this one in another place.
        if (earlier !== undefined || new Set(ids).size < ids.length) return false;
        const from = found.beginsAt + after + behind.length;
        await tx
          .insert(sessionEvent)
          .values(fresh.map((line, index) => ({ session: id, seq: from + index, ...line })));
        return true;
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
  };
}
