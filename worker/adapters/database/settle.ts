import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { query, type Database } from './database.ts';
import { textArray } from './json-rows.ts';
import { campaign, order, video, webhookDelivery } from './schema.ts';
import { lockCampaigns } from './video-endings.ts';

const idRow = z.object({ id: z.string() });
const settledRow = z.object({ kind: z.enum(['over', 'owed']), id: z.string() });

/**
 * Orders that are recorded as a whole and have no open row. One open row is looked up for each, in the
 * order of the one index that holds nothing else: the cost does not grow with the rows.
 */
const ordersOver = (ids: readonly string[]) => sql`
  select o.campaign as id from ${order} o
  left join lateral (
    select v.ended from ${video} v
    where v.campaign = o.campaign and v.state in ('waiting', 'ready')
    order by v.ended limit 1
  ) open on true
  where o.campaign = any${textArray(ids)} and o.state = 'rendering' and open.ended is null`;

/** Records what an order that has just ended owes to its webhook. */
export async function recordDelivery(tx: Database, id: string): Promise<void> {
  await tx.execute(
    sql`insert into ${webhookDelivery} (id, "order", round, event, url, state)
        select 'msg_' || replace(gen_random_uuid()::text, '-', ''), o.campaign, o.round,
          case
            when o.kind = 'campaign' then 'campaign.finished'
            when v.state in ('done', 'skipped') and not v.erased then 'render.done'
            when v.state = 'cancelled' or v.erased or o.state = 'cancelled' then 'render.cancelled'
            else 'render.failed'
          end, o.webhook_url, 'pending'
        from ${order} o left join ${video} v on v.campaign = o.campaign and o.kind = 'render'
        where o.campaign = ${id} and o.webhook_url is not null
        on conflict ("order", round) do nothing`,
  );
}

/** Its lock is held, so that nothing adds or reopens a row between the look and the end. */
async function endOrder(tx: Database, id: string): Promise<void> {
  await tx.execute(
    sql`update ${order} o set ended_at = now(), state = case
          when o.cancelled_at is not null and (
            exists (select from ${video} v where v.campaign = o.campaign and v.state = 'cancelled')
            or o.rows = 0
          ) then 'cancelled' else 'finished' end
        where o.campaign = ${id}`,
  );
  await tx
    .update(campaign)
    .set({ finishedAt: sql`now()` })
    .where(eq(campaign.id, id));
  await recordDelivery(tx, id);
}

/** Orders that are over, and deliveries of ended ones that were never attempted. */
export async function readSettled(
  database: Database,
  ids: readonly string[],
): Promise<{ readonly over: readonly string[]; readonly owed: readonly string[] }> {
  const found = await query(
    database,
    settledRow,
    sql`select 'over' as kind, id from (${ordersOver(ids)}) o
        union all
        select 'owed', d.id from ${webhookDelivery} d
        where d."order" = any${textArray(ids)} and d.state = 'pending' and d.attempts = 0`,
  );
  const idsOf = (kind: 'over' | 'owed') => found.filter((row) => row.kind === kind).map(({ id }) => id);
  return { over: idsOf('over'), owed: idsOf('owed') };
}

/** Ends orders that are found over once more when nobody else can change them. */
export async function endOrders(tx: Database, ids: readonly string[]): Promise<void> {
  await lockCampaigns(tx, ids);
  for (const { id } of await query(tx, idRow, ordersOver(ids))) await endOrder(tx, id);
}
