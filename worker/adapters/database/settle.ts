import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { query, type Database } from './database.ts';
import { textArray } from './json-rows.ts';

const idRow = z.object({ id: z.string() });

/** Records what an order that has just ended owes to its webhook. */
export async function recordDelivery(tx: Database, id: string): Promise<void> {
  await tx.execute(sql`select bespoke.owe_webhooks(array[${id}::text])`);
}

/** `Orders.settle`. */
export async function settleOrders(database: Database, ids: readonly string[]): Promise<readonly string[]> {
  const owed = await query(
    database,
    idRow,
    sql`select id from bespoke.settle_orders(${textArray(ids)}) as owed(id)`,
  );
  return owed.map(({ id }) => id);
}
