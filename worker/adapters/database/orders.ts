import { and, asc, desc, eq, gt, inArray, lt } from 'drizzle-orm';
import type { Orders } from '../../core/orders.ts';
import type { Database, DatabaseAccess } from './database.ts';
import { cancelOrder, failOrder, planOrder, retryOrder } from './order-changes.ts';
import { readOrder, readOrders } from './order-rows.ts';
import { fromCursor, toCursor } from './page.ts';
import { createPlaceOrder } from './place-order.ts';
import { order } from './schema.ts';
import { settleOrders } from './settle.ts';

/** Orders in SQL: one set of statements for PGlite and PostgreSQL. */
export function createOrders({ database, transaction, persist }: DatabaseAccess): Orders {
  const inTransaction = <T>(run: (tx: Database) => Promise<T>): Promise<T> => persist(() => transaction(run));
  const placeOrder = createPlaceOrder(database);

  return {
    place: (wish, idempotency) => persist(() => placeOrder(wish, idempotency)),
    find: (id) => persist(() => readOrder(database, id)),

    list: (kind, cursor, limit) =>
      persist(async () => {
        const before = fromCursor(cursor);
        const page = await readOrders(
          database,
          and(eq(order.kind, kind), before === undefined ? undefined : lt(order.number, before)),
          desc(order.number),
          limit,
        );
        return { orders: page.map(({ entry }) => entry), next: toCursor(page, limit) };
      }),

    planned: (id) => inTransaction((tx) => planOrder(tx, id)),
    fail: async (id, code, message) => {
      await inTransaction((tx) => failOrder(tx, id, code, message));
      return persist(() => settleOrders(database, [id]));
    },
    cancel: (id) => inTransaction((tx) => cancelOrder(tx, id)),
    retry: (id) => inTransaction((tx) => retryOrder(tx, id)),

    settle: async (ids) => (ids.length === 0 ? [] : persist(() => settleOrders(database, ids))),

    unsettled: (after, limit) =>
      persist(async () => {
        const last = fromCursor(after);
        const page = await readOrders(
          database,
          and(
            inArray(order.state, ['planning', 'rendering']),
            last === undefined ? undefined : gt(order.number, last),
          ),
          asc(order.number),
          limit,
        );
        return { orders: page.map(({ entry }) => entry), next: toCursor(page, limit) };
      }),
  };
}
