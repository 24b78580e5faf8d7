import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Idempotency, Order, Placed } from '../../core/orders.ts';
import { query, type Database, type DatabaseConnection } from './database.ts';
import { readOrder } from './order-rows.ts';
import { campaign, idempotency, order } from './schema.ts';

/** A key that came longer ago than this may come with another body. */
const keyAge = sql`interval '7 days'`;
/** Once in so many requests with a key, up to twice as many old ones are forgotten. */
const tidyEvery = 100;

const orderRow = z.object({ order: z.string() });

/** Those that another request uses right now are left to a later time, so nobody waits for it. */
async function forgetOldKeys(database: Database): Promise<void> {
  await database.execute(
    sql`delete from ${idempotency} where ctid = any(array(
          select ctid from ${idempotency} where created_at < now() - ${keyAge}
          order by created_at limit ${2 * tidyEvery} for update skip locked
        ))`,
  );
}

/**
 * Takes a key for an order. Of requests that race, the others wait until the first has placed its order
 * or given up.
 *
 * @returns undefined when it is taken; else what came with it before.
 */
async function takeKey(
  tx: Database,
  { key, apiKey, fingerprint }: Idempotency,
  id: string,
): Promise<{ readonly fingerprint: string; readonly order: string } | undefined> {
  const taken = await query(
    tx,
    orderRow,
    sql`insert into ${idempotency} as known (api_key, key, fingerprint, "order")
        values (${apiKey}, ${key}, ${fingerprint}, ${id})
        on conflict (api_key, key) do update
          set fingerprint = excluded.fingerprint, "order" = excluded."order", created_at = now()
          where known.created_at < now() - ${keyAge}
        returning "order"`,
  );
  if (taken.length > 0) return undefined;
  const [known] = await tx
    .select({ fingerprint: idempotency.fingerprint, order: idempotency.order })
    .from(idempotency)
    .where(and(eq(idempotency.apiKey, apiKey), eq(idempotency.key, key)));
  return known;
}

/** @returns whether it was not there before. */
async function insertOrder(tx: Database, wish: Order): Promise<boolean> {
  const { id, template, format, asOf, createdAt, webhookUrl, ...rest } = wish;
  const begun = await tx
    .insert(campaign)
    .values({ id, identity: id, template, format, asOf, createdAt })
    .onConflictDoNothing()
    .returning({ id: campaign.id });
  if (begun.length === 0) return false;
  const { kind, quality, priority, source, rows, metadata } = rest;
  await tx.insert(order).values({
    campaign: id,
    kind,
    quality,
    priority,
    source,
    rows,
    metadata,
    webhookUrl: webhookUrl ?? null,
    state: 'planning',
  });
  return true;
}

/** @returns `Orders.place`, to be tried again while the database is away. */
export function createPlaceOrder(
  database: Database,
  transaction: DatabaseConnection['transaction'],
): (wish: Order, idempotency: Idempotency | undefined) => Promise<Placed> {
  let keys = 0;

  return async (wish, idempotency) => {
    if (idempotency !== undefined && keys++ % tidyEvery === 0) await forgetOldKeys(database);
    return transaction(async (tx): Promise<Placed> => {
      const known = idempotency && (await takeKey(tx, idempotency, wish.id));
      if (known !== undefined && known.fingerprint !== idempotency?.fingerprint) {
        return { outcome: 'conflict' };
      }
      const id = known?.order ?? wish.id;
      if (id === wish.id && (await insertOrder(tx, wish))) {
        const placed = { ...wish, identity: id, status: { state: 'planning' }, cancelling: false } as const;
        return { outcome: 'placed', order: placed };
      }
      const recorded = await readOrder(tx, id);
      if (recorded === undefined) throw new Error(`Campaign ${id} exists and is no order.`);
      // The very same order is this call's own, repeated after its answer was lost.
      return { outcome: id === wish.id ? 'placed' : 'repeated', order: recorded };
    });
  };
}
