import { and, eq, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { stillFile, type StillState, type Stills } from '../../core/stills.ts';
import { query, type Database, type DatabaseAccess } from './database.ts';
import { forgetImagesOfStills, noteRemovals } from './release-content.ts';
import { still } from './picture-schema.ts';

/** For how long a picture is kept after it was asked for. */
const keptFor = sql`interval '10 minutes'`;

function toStatus({ state, code, message }: typeof still.$inferSelect): StillState {
  return state === 'failed' ? { state, code: code ?? 'internal', message: message ?? '' } : { state };
}

const idRow = z.object({ id: z.string() });

/** Forgets pictures, with what was fetched only for them. @param which a condition on their table. */
export async function forgetStills(tx: Database, which: SQL | undefined): Promise<void> {
  const gone = await tx.delete(still).where(which).returning({ id: still.id, fetched: still.fetched });
  if (gone.length === 0) return;
  const images = await forgetImagesOfStills(
    tx,
    gone.flatMap(({ fetched }) => fetched),
  );
  await noteRemovals(tx, [
    // It may be drawn right now.
    ...gone.map(({ id }) => ({ namespace: 'stills' as const, name: stillFile(id), inWork: true })),
    ...images,
  ]);
}

/** Pictures that clients want to see, in SQL: one set of statements for PGlite and PostgreSQL. */
export function createStills({ database, transaction, persist }: DatabaseAccess): Stills {
  return {
    want: ({ id, ...draft }, most) =>
      persist(async () => {
        const again = await database
          .update(still)
          .set({
            askedAt: sql`now()`,
            state: sql`case when state = 'failed' then 'wanted' else state end`,
            code: null,
            message: null,
          })
          .where(eq(still.id, id))
          .returning({ id: still.id });
        if (again.length > 0) return true;
        const [waiting] = await query(
          database,
          z.object({ wanted: z.number() }),
          sql`select count(*)::int as wanted from ${still} where state = 'wanted' and asked_at > now() - ${keptFor}`,
        );
        if ((waiting?.wanted ?? 0) >= most) return false;
        await database
          .insert(still)
          .values({ id, ...draft })
          .onConflictDoNothing();
        return true;
      }),

    find: (id) =>
      persist(async () => {
        const [row] = await database.select().from(still).where(eq(still.id, id));
        if (row === undefined) return undefined;
        const { template, format, quality, asOf, record } = row;
        return {
          ...{ id, template, format, quality, asOf, record },
          images: row.images ?? undefined,
          path: row.path ?? undefined,
          scene: row.scene ?? undefined,
          person: row.person ?? undefined,
          render: row.render ?? undefined,
          status: toStatus(row),
        };
      }),

    complete: (id, fetched) =>
      persist(async () => {
        await database.update(still).set({ state: 'stored', fetched }).where(eq(still.id, id));
      }),

    fail: (id, code, message) =>
      persist(async () => {
        await database
          .update(still)
          .set({ state: 'failed', code, message: message.replaceAll('\u0000', '') })
          .where(and(eq(still.id, id), eq(still.state, 'wanted')));
      }),

    lose: (id) =>
      persist(async () => {
        await database
          .update(still)
          .set({ state: 'wanted' })
          .where(and(eq(still.id, id), eq(still.state, 'stored')));
      }),

    forgetOld: () =>
      persist(async () => {
        // Looked at first: nearly always there is nothing.
        const [old] = await query(
          database,
          idRow,
          sql`select id from ${still} where asked_at < now() - ${keptFor} limit 1`,
        );
        if (old === undefined) return;
        await transaction((tx) => forgetStills(tx, sql`asked_at < now() - ${keptFor}`));
      }),
  };
}
