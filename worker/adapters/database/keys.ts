import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { ApiKey, Keys } from '../../core/keys.ts';
import type { Database, DatabaseAccess } from './database.ts';
import { apiKey } from './schema.ts';

const toApiKey = ({ revokedAt, ...row }: typeof apiKey.$inferSelect): ApiKey => ({
  ...row,
  revokedAt: revokedAt ?? undefined,
});

async function findKey(database: Database, id: string): Promise<ApiKey | undefined> {
  const [found] = await database.select().from(apiKey).where(eq(apiKey.id, id));
  return found && toApiKey(found);
}

/** API keys in SQL: one set of statements for PGlite and PostgreSQL. */
export function createKeys({ database, transaction, persist }: DatabaseAccess): Keys {
  return {
    add: (key) =>
      persist(async () => {
        // Repeated after a lost answer it is there already.
        await database.insert(apiKey).values(key).onConflictDoNothing();
        const added = await findKey(database, key.id);
        if (added?.hash !== key.hash) throw new Error(`There is another API key with the id ${key.id}.`);
        return added;
      }),

    addFirst: (key) =>
      persist(() =>
        transaction(async (tx) => {
          // Nobody else adds one between the look and the insertion; reading continues.
          await tx.execute(sql`lock table ${apiKey} in share row exclusive mode`);
          const [known] = await tx.select().from(apiKey).limit(1);
          if (known === undefined) await tx.insert(apiKey).values(key);
          return known === undefined || (known.id === key.id && known.hash === key.hash);
        }),
      ),

    find: (id) => persist(() => findKey(database, id)),

    list: () =>
      persist(async () => {
        const found = await database.select().from(apiKey).orderBy(asc(apiKey.createdAt), asc(apiKey.id));
        return found.map(toApiKey);
      }),

    revoke: (id) =>
      persist(async () => {
        await database
          .update(apiKey)
          .set({ revokedAt: sql`now()` })
          .where(and(eq(apiKey.id, id), isNull(apiKey.revokedAt)));
        return (await findKey(database, id)) !== undefined;
      }),
  };
}
