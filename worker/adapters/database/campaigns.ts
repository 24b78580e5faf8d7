import { and, asc, count, desc, eq, gt, inArray, isNull, lt, ne, or, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { ErrorCode } from '../../../errors/catalogue.ts';
import type {
  Campaigns,
  Idempotency,
  NewCampaign,
  Campaign,
  CampaignState,
  Placed,
} from '../../core/campaigns.ts';
import { newestOrder } from './customer-links.ts';
import { readProgress } from './progress.ts';
import { fromCursor, query, textArray, toCursor, type Database, type DatabaseAccess } from './database.ts';
import { clipsOf, lockClips, releaseContent } from './release-content.ts';
import { unrecorded } from './remakes.ts';
import { endOpenRenders, lockCampaigns, lockOwner } from './row-endings.ts';
import { campaign, idempotency, render } from './schema.ts';
import { renderSource } from './viewer-schema.ts';

type CampaignRow = typeof campaign.$inferSelect;

function toCampaignState(row: CampaignRow): CampaignState {
  const at = row.endedAt ?? row.createdAt;
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

/** Nothing for a remake: nobody outside hears of it. */
function toCampaign(row: CampaignRow): Campaign | undefined {
  const { kind, source } = row;
  if (kind === 'remake' || source.kind === 'remake') return undefined;
  const { id, template, format, asOf, quality, priority, rows, metadata, createdAt } = row;
  return {
    ...{ id, template, format, asOf, kind, quality, priority, source, rows, metadata, createdAt },
    ...{ person: row.person ?? undefined, customerId: row.customerId ?? undefined },
    ...{ externalId: row.externalId ?? undefined, linkKey: row.linkKey ?? undefined },
    ...{ linkOwner: row.linkOwner ?? undefined, preview: row.preview ?? undefined },
    link: row.link ?? undefined,
    webhookUrl: row.webhookUrl ?? undefined,
    ...(row.rowEvents && { rowEvents: true }),
    ...(row.viewerEvents && { viewerEvents: true }),
    status: toCampaignState(row),
    cancelling: row.cancelledAt !== null && row.endedAt === null,
  };
}

/** Campaigns together with the number that they are listed by. */
export async function readCampaigns(
  database: Database,
  where: SQL | undefined,
  orderBy: SQL,
  limit: number,
): Promise<readonly { readonly number: number; readonly entry: Campaign }[]> {
  const rows = await database
    .select()
    .from(campaign)
    .where(and(ne(campaign.kind, 'remake'), where))
    .orderBy(orderBy)
    .limit(limit);
  return rows.flatMap((row) => {
    const entry = toCampaign(row);
    return entry === undefined ? [] : [{ number: row.number, entry }];
  });
}

/** One campaign. */
async function readCampaign(database: Database, id: string): Promise<Campaign | undefined> {
  const [found] = await database.select().from(campaign).where(eq(campaign.id, id));
  return found && toCampaign(found);
}

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
    : sql`insert into ${idempotency} as known (api_key, key, fingerprint, campaign)
        values (${asked.apiKey}, ${asked.key}, ${asked.fingerprint}, ${id})
        on conflict (api_key, key) do update
          set fingerprint = excluded.fingerprint, campaign = excluded.campaign, created_at = now()
          where known.created_at < now() - ${keyAge}
        returning 1`;

/**
 * Takes the key and records the campaign in one statement: all or nothing, and one journey to the database.
 *
 * @returns whether it was placed; else its key or its id was there before.
 */
async function insertCampaign(
  database: Database,
  { id, ...fresh }: NewCampaign,
  asked: Idempotency | undefined,
): Promise<boolean> {
  const placed = await query(
    database,
    idRow,
    sql`with taken as (${takeKey(asked, id)})
        insert into ${campaign} (id, kind, template, format, quality, as_of, priority, source, person, rows,
          customer_id, external_id, link_key, link_owner, preview, link, webhook_url, row_events, viewer_events, metadata, state,
          created_at)
        select ${id}, ${fresh.kind}, ${fresh.template}, ${fresh.format}, ${fresh.quality}, ${fresh.asOf},
          ${fresh.priority}::int, ${JSON.stringify(fresh.source)}, ${fresh.person ?? null}, ${fresh.rows}::int,
          ${fresh.customerId ?? null}, ${fresh.externalId ?? null}, ${fresh.linkKey ?? null},
          ${fresh.linkOwner ?? null}, ${fresh.preview ?? null},
          ${fresh.link === undefined ? null : JSON.stringify(fresh.link)},
          ${fresh.webhookUrl ?? null}, ${fresh.rowEvents === true}::boolean,
          ${fresh.viewerEvents === true}::boolean, ${JSON.stringify(fresh.metadata)}, 'planning',
          ${fresh.createdAt.toISOString()}::timestamptz
        from taken on conflict do nothing returning id`,
  );
  return placed.length > 0;
}

/** @returns `Campaigns.place`, to be retried while the database does not answer. */
function createPlace(
  database: Database,
): (fresh: NewCampaign, asked: Idempotency | undefined) => Promise<Placed> {
  let keys = 0;

  return async (fresh, asked): Promise<Placed> => {
    if (asked !== undefined && keys++ % tidyEvery === 0) await forgetOldKeys(database);
    const { id } = fresh;
    if (await insertCampaign(database, fresh, asked)) {
      const placed = { ...fresh, status: { state: 'planning' }, cancelling: false } as const;
      return { outcome: 'placed', campaign: placed };
    }
    const [known] =
      asked === undefined
        ? []
        : await database
            .select({ fingerprint: idempotency.fingerprint, campaign: idempotency.campaign })
            .from(idempotency)
            .where(and(eq(idempotency.apiKey, asked.apiKey), eq(idempotency.key, asked.key)));
    if (known !== undefined && known.fingerprint !== asked?.fingerprint) return { outcome: 'conflict' };
    const recorded = await readCampaign(database, known?.campaign ?? id);
    if (recorded === undefined) throw new Error(`Campaign ${id} exists and is a remake.`);
    // The very same campaign is this call's own, repeated after its answer was lost.
    return { outcome: recorded.id === id ? 'placed' : 'repeated', campaign: recorded };
  };
}

/** Records what a campaign that has just ended owes to its webhook. */
async function recordDelivery(tx: Database, id: string): Promise<void> {
  await tx.execute(sql`select bespoke.owe_webhooks(array[${id}::text])`);
}

/** `Campaigns.settle`. */
async function settleCampaigns(database: Database, ids: readonly string[]): Promise<readonly string[]> {
  const owed = await query(
    database,
    idRow,
    sql`select id from bespoke.settle_campaigns(${textArray(ids)}) as owed(id)`,
  );
  return owed.map(({ id }) => id);
}

/** Reads a campaign that nobody else can change before this transaction ends. */
async function lockCampaign(tx: Database, id: string): Promise<CampaignRow | undefined> {
  await lockCampaigns(tx, [id]);
  const [found] = await tx
    .select()
    .from(campaign)
    .where(and(eq(campaign.id, id), ne(campaign.kind, 'remake')));
  return found;
}

async function countRecorded(tx: Database, id: string): Promise<number> {
  const [counted] = await tx.select({ rows: count() }).from(render).where(eq(render.campaign, id));
  return counted?.rows ?? 0;
}

const plannedRow = z.object({ rows: z.number(), recorded: z.number() });

/** `Campaigns.planned`. */
async function planCampaign(database: Database, id: string): Promise<void> {
  const [found] = await query(
    database,
    plannedRow,
    sql`select rows, recorded from bespoke.end_planning(${id})`,
  );
  if (found === undefined || found.rows === found.recorded) return;
  throw new Error(`Campaign ${id} has ${found.rows} rows, and ${found.recorded} of them are recorded.`);
}

/** `Campaigns.fail`, or with `stops` `Campaigns.stop`, within a transaction. */
async function failCampaign(
  tx: Database,
  id: string,
  code: ErrorCode,
  message: string,
  stops: boolean,
): Promise<void> {
  const found = await lockCampaign(tx, id);
  if (found === undefined || found.endedAt !== null) return;
  if (stops ? found.cancelledAt !== null : found.state !== 'planning') return;
  // The client that cancelled got this answer: no row was wanted any more, so none has failed.
  const end =
    found.cancelledAt === null
      ? ({ state: 'failed', code, message: message.replaceAll('\u0000', '') } as const)
      : ({ state: 'cancelled' } as const);
  await endOpenRenders(tx, id, end);
  await tx
    .update(campaign)
    .set({ ...end, endedAt: sql`now()` })
    .where(eq(campaign.id, id));
  await recordDelivery(tx, id);
}

/** `Campaigns.cancel` within a transaction. */
async function cancelCampaign(tx: Database, id: string): Promise<void> {
  const found = await lockCampaign(tx, id);
  if (found === undefined || found.endedAt !== null || found.cancelledAt !== null) return;
  await endOpenRenders(tx, id, { state: 'cancelled' });
  // After the renders: whatever ends one locks its campaign's line last.
  await tx
    .update(campaign)
    .set({ cancelledAt: sql`now()` })
    .where(and(eq(campaign.id, id), isNull(campaign.endedAt)));
}

/**
 * Deletes the failed rows of a campaign, with the personal clips and files that only they needed: after this nothing
 * says whose they are. What a row needs again is made wanted with it, and is kept if it is still on the store.
 */
async function forgetFailedRows(tx: Database, id: string, only: string | undefined): Promise<number> {
  const which =
    only === undefined
      ? eq(render.state, 'failed')
      : and(eq(render.id, only), inArray(render.state, ['failed', 'cancelled']));
  // One that was changed afterwards has the link of what it became: its old record is not tried again.
  const isOwn = or(isNull(render.linkOwner), ne(render.linkOwner, render.id));
  const rows = await tx
    .select()
    .from(render)
    .where(and(eq(render.campaign, id), which, isOwn));
  const ids = textArray(rows.map((row) => row.id));
  // Viewers demand clips only while this is there, which they look at before they lock any.
  await tx.delete(renderSource).where(sql`${renderSource.render} = any${ids}`);
  const keys = await clipsOf(tx, rows);
  await lockClips(tx, keys);
  await tx.delete(render).where(sql`${render.id} = any${ids}`);
  await releaseContent(tx, keys, rows);
  return rows.length;
}

/** `Campaigns.retry` within a transaction. */
async function retryCampaign(tx: Database, id: string, only: string | undefined): Promise<number> {
  const found = await lockCampaign(tx, id);
  if (found === undefined || found.endedAt === null) return 0;
  const forgotten = await forgetFailedRows(tx, id, only);
  // Rows that a cancelled campaign never recorded are cancelled, not failed.
  if (found.state === 'cancelled' && forgotten === 0 && only !== id) return 0;
  const again = found.rows - (await countRecorded(tx, id));
  if (again === 0) return 0;
  await tx
    .update(campaign)
    .set({
      state: 'planning',
      round: sql`${campaign.round} + 1`,
      cancelledAt: null,
      endedAt: null,
      code: null,
      message: null,
    })
    .where(eq(campaign.id, id));
  return again;
}

/** Removes campaigns of remakes whose row was never recorded, since their process ended before. */
export async function forgetRemakesWithoutRow(database: Database): Promise<void> {
  await database
    .delete(campaign)
    .where(
      and(
        eq(campaign.kind, 'remake'),
        sql`${campaign.createdAt} < now() - ${unrecorded}`,
        sql`not exists (select from ${render} r where r.campaign = ${campaign.id})`,
      ),
    );
}

/** Campaigns in SQL: one set of statements for PGlite and PostgreSQL. */
export function createCampaigns({ database, transaction, persist }: DatabaseAccess): Campaigns {
  const inTransaction = <T>(run: (tx: Database) => Promise<T>): Promise<T> => persist(() => transaction(run));
  const place = createPlace(database);
  const fail = async (...of: [id: string, code: ErrorCode, message: string, stops: boolean]) => {
    await inTransaction((tx) => failCampaign(tx, ...of));
    return persist(() => settleCampaigns(database, [of[0]]));
  };

  return {
    place: (fresh, idempotency) => persist(() => place(fresh, idempotency)),
    placeAfter: (fresh, newest, idempotency) =>
      inTransaction(async (tx) => {
        await lockOwner(tx, fresh.linkOwner);
        const now = await newestOrder(tx, fresh.linkOwner);
        // Its own, where the answer was lost.
        if (now !== newest && now !== fresh.id) return undefined;
        return createPlace(tx)(fresh, idempotency);
      }),
    newestOf: (owner, standing) => persist(() => newestOrder(database, owner, standing)),
    find: (id) => persist(() => readCampaign(database, id)),
    findAll: (ids) =>
      persist(async () => {
        const found = await readCampaigns(
          database,
          inArray(campaign.id, [...ids]),
          asc(campaign.number),
          ids.length,
        );
        return found.map(({ entry }) => entry);
      }),

    list: (kind, cursor, limit) =>
      persist(async () => {
        const before = fromCursor(cursor);
        const page = await readCampaigns(
          database,
          and(eq(campaign.kind, kind), before === undefined ? undefined : lt(campaign.number, before)),
          desc(campaign.number),
          limit,
        );
        return { campaigns: page.map(({ entry }) => entry), next: toCursor(page, limit) };
      }),

    planned: (id) => persist(() => planCampaign(database, id)),
    fail: (id, code, message) => fail(id, code, message, false),
    stop: (id, code, message) => fail(id, code, message, true),
    cancel: (id) => inTransaction((tx) => cancelCampaign(tx, id)),
    retry: (id, render) => inTransaction((tx) => retryCampaign(tx, id, render)),

    settle: async (ids) => (ids.length === 0 ? [] : persist(() => settleCampaigns(database, ids))),

    unsettled: (after, limit) =>
      persist(async () => {
        const last = fromCursor(after);
        const page = await readCampaigns(
          database,
          and(
            inArray(campaign.state, ['planning', 'rendering']),
            last === undefined ? undefined : gt(campaign.number, last),
          ),
          asc(campaign.number),
          limit,
        );
        return { campaigns: page.map(({ entry }) => entry), next: toCursor(page, limit) };
      }),

    progress: async (ids) => (ids.length === 0 ? [] : persist(() => readProgress(database, ids))),

    openRemake: ({ of, ...remake }) =>
      persist(async () => {
        await database
          .insert(campaign)
          .values({
            ...remake,
            kind: 'remake',
            source: { kind: 'remake', of },
            rows: 1,
            metadata: {},
            state: 'rendering',
          })
          .onConflictDoNothing();
      }),
  };
}
