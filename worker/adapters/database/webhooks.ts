import { and, asc, desc, eq, gt, isNotNull, isNull, lt, ne, or, sql } from 'drizzle-orm';
import type { WebhookDelivery, Webhooks } from '../../core/webhooks.ts';
import { fromCursor, textArray, toCursor, type DatabaseAccess } from './database.ts';
import { webhookDelivery } from './schema.ts';

type DeliveryRow = typeof webhookDelivery.$inferSelect;

function toStatus({ state, nextAt, endedAt }: DeliveryRow): WebhookDelivery['status'] {
  switch (state) {
    case 'pending':
      return { state, nextAt };
    case 'delivered':
    case 'failed':
      return { state, at: endedAt ?? nextAt };
    default:
      return state satisfies never;
  }
}

function toDelivery(row: DeliveryRow): WebhookDelivery {
  const { id, campaign, render, endpoint, event, url, createdAt, attempts, lastAnswer } = row;
  const { viewer: session, eventsAfter: after, eventsTo: to } = row;
  return {
    id,
    campaign,
    render: render ?? undefined,
    endpoint: endpoint ?? undefined,
    event,
    viewed: session === null || after === null || to === null ? undefined : { session, after, to },
    url,
    createdAt,
    attempts,
    status: toStatus(row),
    lastAnswer: lastAnswer ?? undefined,
  };
}

/** A message about a row that has not arrived. */
const isPendingRow = and(isNotNull(webhookDelivery.render), sql`${webhookDelivery.state} = 'pending'`);

/** Webhook deliveries in SQL: one set of statements for PGlite and PostgreSQL. */
export function createWebhooks({ database, persist }: DatabaseAccess): Webhooks {
  const toPage = (page: readonly DeliveryRow[], limit: number) => ({
    deliveries: page.map(toDelivery),
    next: toCursor(page, limit),
  });

  return {
    find: (id) =>
      persist(async () => {
        const [found] = await database.select().from(webhookDelivery).where(eq(webhookDelivery.id, id));
        return found && toDelivery(found);
      }),

    recordAttempt: (id, status, answer) =>
      persist(async () => {
        const { state } = status;
        await database
          .update(webhookDelivery)
          .set({
            state,
            attempts: sql`${webhookDelivery.attempts} + 1`,
            lastAnswer: answer.replaceAll('\u0000', ''),
            ...(state === 'pending' ? { nextAt: status.nextAt } : { endedAt: status.at }),
          })
          .where(
            and(
              eq(webhookDelivery.id, id),
              eq(webhookDelivery.state, 'pending'),
              // A note that is repeated after its answer was lost counts no second attempt.
              state === 'pending' ? ne(webhookDelivery.nextAt, status.nextAt) : undefined,
            ),
          );
      }),

    resend: (id) =>
      persist(async () => {
        const [found] = await database
          .update(webhookDelivery)
          .set({ state: 'pending', nextAt: sql`now()`, endedAt: null })
          .where(eq(webhookDelivery.id, id))
          .returning();
        return found && toDelivery(found);
      }),

    list: (filter, cursor, limit) =>
      persist(async () => {
        const before = fromCursor(cursor);
        const page = await database
          .select()
          .from(webhookDelivery)
          .where(
            and(
              filter.order === undefined
                ? undefined
                : or(eq(webhookDelivery.campaign, filter.order), eq(webhookDelivery.render, filter.order)),
              filter.state === undefined ? undefined : eq(webhookDelivery.state, filter.state),
              before === undefined ? undefined : lt(webhookDelivery.number, before),
            ),
          )
          .orderBy(desc(webhookDelivery.number))
          .limit(limit);
        return toPage(page, limit);
      }),

    pending: (after, limit) =>
      persist(async () => {
        const last = fromCursor(after);
        const page = await database
          .select()
          .from(webhookDelivery)
          .where(
            and(
              eq(webhookDelivery.state, 'pending'),
              isNull(webhookDelivery.render),
              last === undefined ? undefined : gt(webhookDelivery.number, last),
            ),
          )
          .orderBy(asc(webhookDelivery.number))
          .limit(limit);
        return toPage(page, limit);
      }),

    dueForRows: (limit) =>
      persist(async () => {
        const due = await database
          .select()
          .from(webhookDelivery)
          .where(and(isPendingRow, sql`${webhookDelivery.nextAt} <= now()`))
          .orderBy(asc(webhookDelivery.nextAt))
          .limit(limit);
        return due.map(toDelivery);
      }),

    untriedForRows: (campaigns, newest, most) =>
      persist(async () => {
        const isUntried = and(
          sql`${webhookDelivery.campaign} = any${textArray(campaigns)}`,
          isPendingRow,
          eq(webhookDelivery.attempts, 0),
        );
        const others = database
          .select({ id: webhookDelivery.id })
          .from(webhookDelivery)
          .where(isUntried)
          .limit(most + 1)
          .as('others');
        const few = database.select({ few: sql`count(*) <= ${most}` }).from(others);
        const untried = await database
          .select()
          .from(webhookDelivery)
          .where(and(isUntried, sql`(${few})`))
          .orderBy(desc(webhookDelivery.number))
          .limit(newest);
        return untried.map(toDelivery);
      }),
  };
}
