import { and, count, eq, sql } from 'drizzle-orm';
import type { ErrorCode } from '../../../errors/catalogue.ts';
import type { Database } from './database.ts';
import { campaign, order, video } from './schema.ts';
import { recordDelivery } from './settle.ts';
import { endOpenVideos, lockCampaigns } from './video-endings.ts';

type OrderRow = typeof order.$inferSelect;

/** Reads an order that nobody else can change before this transaction ends. */
async function lockOrder(tx: Database, id: string): Promise<OrderRow | undefined> {
  await lockCampaigns(tx, [id]);
  const [found] = await tx.select().from(order).where(eq(order.campaign, id));
  return found;
}

async function countRecorded(tx: Database, id: string): Promise<number> {
  const [counted] = await tx.select({ rows: count() }).from(video).where(eq(video.campaign, id));
  return counted?.rows ?? 0;
}

/** `Orders.planned` within a transaction. */
export async function planOrder(tx: Database, id: string): Promise<void> {
  const found = await lockOrder(tx, id);
  if (found?.state !== 'planning') return;
  const recorded = await countRecorded(tx, id);
  if (recorded !== found.rows) {
    throw new Error(`Order ${id} has ${found.rows} rows, and ${recorded} of them are recorded.`);
  }
  await tx.update(order).set({ state: 'rendering' }).where(eq(order.campaign, id));
}

/** `Orders.fail` within a transaction. */
export async function failOrder(tx: Database, id: string, code: ErrorCode, message: string): Promise<void> {
  const found = await lockOrder(tx, id);
  if (found?.state !== 'planning') return;
  // Whoever cancelled was told that it is: no row was wanted any more, so none has failed.
  const end =
    found.cancelledAt === null
      ? ({ state: 'failed', code, message: message.replaceAll('\u0000', '') } as const)
      : ({ state: 'cancelled' } as const);
  await endOpenVideos(tx, id, end);
  await tx
    .update(order)
    .set({ ...end, endedAt: sql`now()` })
    .where(eq(order.campaign, id));
  await tx
    .update(campaign)
    .set({ finishedAt: sql`now()` })
    .where(eq(campaign.id, id));
  await recordDelivery(tx, id);
}

/** `Orders.cancel` within a transaction. */
export async function cancelOrder(tx: Database, id: string): Promise<void> {
  const found = await lockOrder(tx, id);
  if (found === undefined || found.endedAt !== null || found.cancelledAt !== null) return;
  await endOpenVideos(tx, id, { state: 'cancelled' });
  // After the videos: whoever ends one locks its order last.
  await tx
    .update(order)
    .set({ cancelledAt: sql`now()` })
    .where(eq(order.campaign, id));
}

/** `Orders.retry` within a transaction. */
export async function retryOrder(tx: Database, id: string): Promise<number> {
  const found = await lockOrder(tx, id);
  if (found === undefined || found.endedAt === null) return 0;
  const forgotten = await tx
    .delete(video)
    .where(and(eq(video.campaign, id), eq(video.state, 'failed')))
    .returning({ id: video.id });
  // Rows that a cancelled order never recorded are cancelled, not failed.
  if (found.state === 'cancelled' && forgotten.length === 0) return 0;
  const again = found.rows - (await countRecorded(tx, id));
  if (again === 0) return 0;
  await tx
    .update(order)
    .set({
      state: 'planning',
      round: sql`${order.round} + 1`,
      cancelledAt: null,
      endedAt: null,
      code: null,
      message: null,
    })
    .where(eq(order.campaign, id));
  await tx.update(campaign).set({ finishedAt: null }).where(eq(campaign.id, id));
  return again;
}
