import { and, eq, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { Idempotency, Order, Placed } from '../../core/orders.ts';
import { query, type Database } from './database.ts';
import { readOrder } from './order-rows.ts';
import { campaign, idempotency, order } from './schema.ts';

/** A key that came longer ago than this may come with another body. */
const keyAge = sql`interval '7 days'`;
/** Once in so many requests with a key, up to twice as many old ones are forgotten. */
const tidyEvery = 100;

const idRow = z.object({ id: z.string() });

/** Those that another request uses right now are left to a later time, so nobody waits for it. */
async function forgetOldKeys(database: Database): Promise<void> {
  await database.execute(
    sql`delete from ${idempotency} where ctid = any(array(
          select ctid from ${idempotency} where created_at < now() - ${keyAge}
          order by created_at limit ${2 * tidyEvery} for update skip locked
        ))`,
  );
}

/** Takes the key, where one came. Of requests that race, the others wait until the first is through. */
const takeKey = (asked: Idempotency | undefined, id: string): SQL =>
  asked === undefined
    ? sql`select 1`
    : sql`insert into ${idempotency} as known (api_key, key, fingerprint, "order")
        values (${asked.apiKey}, ${asked.key}, ${asked.fingerprint}, ${id})
        on conflict (api_key, key) do update
          set fingerprint = excluded.fingerprint, "order" = excluded."order", created_at = now()
          where known.created_at < now() - ${keyAge}
        returning 1`;

/**
 * Takes the key and records the order in one statement: all or nothing, and one journey to the database.
 *
 * @returns whether it was placed; else its key or its id was there before.
 */
async function insertOrder(
  database: Database,
  { id, template, format, asOf, createdAt, ...wish }: Order,
  asked: Idempotency | undefined,
): Promise<boolean> {
  const placed = await query(
    database,
    idRow,
    sql`with taken as (${takeKey(asked, id)}),
        begun as (
          insert into ${campaign} (id, identity, template, format, as_of, created_at)
          select ${id}, ${id}, ${template}, ${format}, ${asOf}, ${createdAt.toISOString()}::timestamptz from taken
          on conflict do nothing returning id
        )
        insert into ${order} (campaign, kind, quality, priority, source, person, rows, webhook_url, metadata, state)
        select id, ${wish.kind}, ${wish.quality}, ${wish.priority}::int, ${JSON.stringify(wish.source)},
          ${wish.person ?? null}, ${wish.rows}::int, ${wish.webhookUrl ?? null}, ${JSON.stringify(wish.metadata)}, 'planning'
        from begun returning campaign as id`,
  );
  return placed.length > 0;
}

/** @returns `Orders.place`, to be tried again while the database is away. */
export function createPlaceOrder(
  database: Database,
): (wish: Order, asked: Idempotency | undefined) => Promise<Placed> {
  let keys = 0;

  return async (wish, asked): Promise<Placed> => {
    if (asked !== undefined && keys++ % tidyEvery === 0) await forgetOldKeys(database);
    const { id } = wish;
    if (await insertOrder(database, wish, asked)) {
      const placed = { ...wish, identity: id, status: { state: 'planning' }, cancelling: false } as const;
      return { outcome: 'placed', order: placed };
    }
    const [known] =
      asked === undefined
        ? []
        : await database
            .select({ fingerprint: idempotency.fingerprint, order: idempotency.order })
            .from(idempotency)
            .where(and(eq(idempotency.apiKey, asked.apiKey), eq(idempotency.key, asked.key)));
    if (known !== undefined && known.fingerprint !== asked?.fingerprint) return { outcome: 'conflict' };
    const recorded = await readOrder(database, known?.order ?? id);
    if (recorded === undefined) throw new Error(`Campaign ${id} exists and is no order.`);
    // The very same order is this call's own, repeated after its answer was lost.
    return { outcome: recorded.id === id ? 'placed' : 'repeated', order: recorded };
  };
}
