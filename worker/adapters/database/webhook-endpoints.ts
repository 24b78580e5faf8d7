import { and, asc, count, eq, sql } from 'drizzle-orm';
import type { WebhookEndpoint, WebhookEndpoints } from '../../core/webhooks.ts';
import type { DatabaseAccess } from './database.ts';
import { webhookEndpoint } from './schema.ts';

const toEndpoint = ({ previousUntil, ...row }: typeof webhookEndpoint.$inferSelect): WebhookEndpoint => ({
  ...row,
  previousUntil: previousUntil ?? undefined,
});

/** Webhook endpoints in SQL: one set of statements for PGlite and PostgreSQL. */
export function createWebhookEndpoints({ database, transaction, persist }: DatabaseAccess): WebhookEndpoints {
  return {
    add: (endpoint, most) =>
      persist(() =>
        transaction(async (tx) => {
          // Nobody else adds one between the look and the insertion; reading continues.
          await tx.execute(sql`lock table ${webhookEndpoint} in share row exclusive mode`);
          const [known] = await tx.select().from(webhookEndpoint).where(eq(webhookEndpoint.id, endpoint.id));
          if (known !== undefined) return true;
          const [there] = await tx.select({ endpoints: count() }).from(webhookEndpoint);
          if ((there?.endpoints ?? 0) >= most) return false;
          await tx.insert(webhookEndpoint).values({ ...endpoint, events: [...endpoint.events] });
          return true;
        }),
      ),

    find: (id) =>
      persist(async () => {
        const [found] = await database.select().from(webhookEndpoint).where(eq(webhookEndpoint.id, id));
        return found && toEndpoint(found);
      }),

    list: () =>
      persist(async () => {
        const found = await database
          .select()
          .from(webhookEndpoint)
          .orderBy(asc(webhookEndpoint.createdAt), asc(webhookEndpoint.id));
        return found.map(toEndpoint);
      }),

    rotate: (id, version, previousUntil) =>
      persist(async () => {
        await database
          .update(webhookEndpoint)
          .set({ version: version + 1, previousUntil })
          .where(and(eq(webhookEndpoint.id, id), eq(webhookEndpoint.version, version)));
        const [now] = await database.select().from(webhookEndpoint).where(eq(webhookEndpoint.id, id));
        return now && toEndpoint(now);
      }),

    remove: (id) =>
      persist(async () => {
        const removed = await database
          .delete(webhookEndpoint)
          .where(eq(webhookEndpoint.id, id))
          .returning({ id: webhookEndpoint.id });
        return removed.length > 0;
      }),
  };
}
