import { eq, getTableColumns, type SQL } from 'drizzle-orm';
import type { ErrorCode } from '../../../errors/catalogue.ts';
import type { OrderEntry, OrderState } from '../../core/orders.ts';
import type { Database } from './database.ts';
import { campaign, order } from './schema.ts';

type OrderRow = typeof order.$inferSelect & {
  readonly found: Pick<
    typeof campaign.$inferSelect,
    'identity' | 'template' | 'format' | 'asOf' | 'createdAt'
  >;
};

function toOrderState(row: OrderRow): OrderState {
  const at = row.endedAt ?? row.found.createdAt;
  switch (row.state) {
    case 'planning':
    case 'rendering':
      return { state: row.state };
    case 'finished':
    case 'cancelled':
      return { state: row.state, at };
    case 'failed': {
      const code: ErrorCode = row.code ?? 'internal';
      return { state: 'failed', at, code, message: row.message ?? '' };
    }
    default:
      return row.state satisfies never;
  }
}

function toOrderEntry(row: OrderRow): OrderEntry {
  return {
    id: row.campaign,
    identity: row.found.identity,
    template: row.found.template,
    format: row.found.format,
    asOf: row.found.asOf,
    kind: row.kind,
    quality: row.quality,
    priority: row.priority,
    source: row.source,
    person: row.person ?? undefined,
    rows: row.rows,
    webhookUrl: row.webhookUrl ?? undefined,
    metadata: row.metadata,
    createdAt: row.found.createdAt,
    status: toOrderState(row),
    cancelling: row.cancelledAt !== null && row.endedAt === null,
  };
}

/** Orders with what their campaigns hold of them, together with the number that they are listed by. */
export async function readOrders(
  database: Database,
  where: SQL | undefined,
  orderBy: SQL,
  limit: number,
): Promise<readonly { readonly number: number; readonly entry: OrderEntry }[]> {
  const { identity, template, format, asOf, createdAt } = getTableColumns(campaign);
  const rows = await database
    .select({ ...getTableColumns(order), found: { identity, template, format, asOf, createdAt } })
    .from(order)
    .innerJoin(campaign, eq(campaign.id, order.campaign))
    .where(where)
    .orderBy(orderBy)
    .limit(limit);
  return rows.map((row) => ({ number: row.number, entry: toOrderEntry(row) }));
}

/** One order. */
export async function readOrder(database: Database, id: string): Promise<OrderEntry | undefined> {
  const [found] = await readOrders(database, eq(order.campaign, id), order.number.getSQL(), 1);
  return found?.entry;
}
